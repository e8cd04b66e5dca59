"""The words of the trade in both languages: per file a list of terms.

A term is {code, zh, en, definition_zh, definition_en, clause}; `clause` is null where the announcement says nothing.
Data only; whoever shows a code reads these files.
"""
