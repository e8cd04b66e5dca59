"""Bundles on a disk: a new one gets its name only when it is whole."""
