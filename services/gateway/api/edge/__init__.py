"""Where requests are read and answers written: strict bodies, callers, keys, cursors, moments, failures."""
