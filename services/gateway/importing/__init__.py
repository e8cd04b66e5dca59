"""Spreadsheets of other systems become rows that the imports of the API take; a mapping file says which column is what.

Pure but for reading the file: the same file and mapping give the same rows. A row that does not fit is said with its
number and reason; it stops nothing. Nothing is decided here: the gateway decides on each row as on any command.
"""
