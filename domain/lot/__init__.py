"""Lots of materials: whose each one is, so that products of the same generic name are never mixed up (G8)."""
