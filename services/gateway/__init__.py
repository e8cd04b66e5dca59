"""The engine of a gateway: one writer that decides and commits, an outbox, an inbox, projections, an API and a CLI."""
