"""The format, version 1, read by itself: canonical JSON, entries, trees, notes, records of the wire."""
