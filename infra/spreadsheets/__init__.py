"""Spreadsheets and CSV files, read into rows of cells as a person sees them, and CSV written for people.

Trust: a file comes from anybody. Nothing in it is executed or fetched; its size is bounded before memory is taken.
What cannot be read for certain (a formula's error, merged cells) is said, not guessed.
"""
