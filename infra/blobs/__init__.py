"""Files on the disk, each under its SHA-256, and which of them the journals name.

Who may write here: the one gateway process of the store. What an attacker gains who writes here: a file that is handed
out although its content is another; whoever takes it compares it with the SHA-256 in the signed entry.
"""
