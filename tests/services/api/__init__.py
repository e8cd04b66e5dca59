"""The HTTP interface on two real engines, stepped by hand."""
