"""Clause by clause: what the announcement asks, shown in its shortest form."""
