"""The manufacturer's capability profile: published for a time, changed element by element."""
