"""Backup of the party, its keys and the store into one file, and restore into an empty place.

What is in it: `party.json`, the key files (sealed by their passphrase), the whole store. What is left out on purpose:
the recovery keys, which are kept offline; the mark, by which a restored store knows that it is behind (formats.md 7);
the wire, for the stores are the truth. Trust: who changes a backup is found out by signatures at the latest, when the
gateway re-derives its tree; the manifest's digests find damage before anything is written.
"""
