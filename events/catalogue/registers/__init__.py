"""The registers of a relationship: what is approved, owed and provided, and by whom."""
