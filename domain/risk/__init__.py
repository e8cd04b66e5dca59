"""Risks: what either party raises and classifies, and the measures that both sign."""
