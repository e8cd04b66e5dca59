"""The checker, tried: a good run of two real engines, and everything that can be done to it."""
