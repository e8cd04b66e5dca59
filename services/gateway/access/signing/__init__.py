"""The second confirmation of a signature: by a password or a one-time code of the person who signs."""
