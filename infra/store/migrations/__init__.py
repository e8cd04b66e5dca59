"""Migrations of the store and of the read model, run when a gateway opens its store."""
