"""Judging in context: one verdict for an entry, whoever computes it, and whenever (formats.md 6)."""
