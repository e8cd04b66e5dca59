"""The store: one implementation on SQLAlchemy Core for PostgreSQL and SQLite.

Who may write here: the one gateway process that holds the store's lock; its epoch is checked in every transaction
that writes. What an attacker gains who writes here: the gateway stops or is blind, nothing more, for what stands
in the store is believed only under signed roots.
"""
