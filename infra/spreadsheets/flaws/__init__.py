"""What the library that reads workbooks keeps silent about: formula errors (it gives empty cells) and merged cells.

Each format has one pass over its sheet, in a stream; the same pass finds how far the sheet's cells reach, so that two
cells in two corners do not take all memory.
"""
