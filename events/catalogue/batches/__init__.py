"""Batches and lots: what is made, of what, and how it is released."""
