"""Checking a bundle: the bag, the maker's note, both journals, receipts, completeness, attachments, quarantine."""
