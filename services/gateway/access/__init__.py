"""Who may call: bearer tokens, kept hashed, and what the role of each lets it do."""
