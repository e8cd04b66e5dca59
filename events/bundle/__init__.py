"""The evidence bundle: one archive that shows a relationship's history and proves it without either company.

Bytes in, objects out: a bundle is written to and read from a binary file object that is handed in (formats.md 9).
"""
