"""The one writer: what is decided, judged, signed and committed, one transaction at a time."""
