"""The registers of a relationship, as they are read."""
