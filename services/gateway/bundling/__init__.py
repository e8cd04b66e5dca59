"""Making evidence bundles: which entries are shown, and writing them out of the store as a stream (formats.md 9).

One consistent view of the store is read. What is lost if the process dies here: a file under another name.
"""
