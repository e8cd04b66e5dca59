"""The convergence checker: two stores, their wire and their clients' logs, read from the published format alone.

It shares no code with the product; all that it knows of it is the layout of the store's tables.
"""
