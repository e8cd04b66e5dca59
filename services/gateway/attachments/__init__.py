"""Files that events name: which there are, which are here, and how they come from the partner.

Files are opaque: their bytes are compared with their SHA-256 and handed on, never looked into.
"""
