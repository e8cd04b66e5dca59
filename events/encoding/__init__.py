"""How an event becomes the bytes that are hashed and signed, and how such bytes are read again."""
