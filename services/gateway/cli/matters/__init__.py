"""A group of commands for each matter of the quality core, made from the table of addresses and the catalogue."""
