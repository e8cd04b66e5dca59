"""Commands on this machine's own files: keys, party, tokens, store, settings, backup, and the server itself."""
