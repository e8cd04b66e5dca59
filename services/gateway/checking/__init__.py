"""Checking what the store holds, from the bytes that were signed: the whole of it (`fsck`), and bit by bit (`scrub`).

Nothing here changes a row. What is found is a `Finding`: where it is, and what is not as it was written.
"""
