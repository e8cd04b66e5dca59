"""The keys of this party, in encrypted files; the party itself; and the mark of what was signed last.

Who may write here: the operator of this gateway. What an attacker gains who reads here: nothing without the passphrase.
Who writes here can stop the gateway, not make it sign with other keys: they would not open, or not fit the public ones.
"""
