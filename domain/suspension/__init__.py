"""Suspensions: what stops manufacturing, for which products and lines, and who lets it go on."""
