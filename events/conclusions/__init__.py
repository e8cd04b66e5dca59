"""What a gateway concludes from two journals, in one number that the partner can compare (formats.md 4)."""
