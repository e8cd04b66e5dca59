"""How the world is touched: one folder per outside thing, no decisions."""
