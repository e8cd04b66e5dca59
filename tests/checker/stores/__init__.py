"""Two stores, opened directly: SQLite or PostgreSQL, plain SQL, nothing of the product in between."""
