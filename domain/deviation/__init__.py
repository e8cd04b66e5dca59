"""Deviations: the manufacturer's record from opened to closed, and the holder's review of it.

A deviation and its review are two subjects with one UUID: `deviation/<UUID>` in its owner's journal,
`deviation_review/<UUID>` in the partner's. After the closing the record stays open to what belongs to it without
changing what was closed: corrections, questions, answers, acknowledgements and links to batches still come unmarked. A
new class, a new investigation or a rejection is recorded too (a record that turns away bad news is worthless), but
marked, because the closing no longer rests on what it says, unless the closing was overtaken: then the matter is not
settled, and they are what settles it.
"""
