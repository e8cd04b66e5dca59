"""Calls across items: counts, a person's own work, timelines of a batch, a product or a line."""
