"""Who runs it: the gateway engine and the two profiles of it."""
