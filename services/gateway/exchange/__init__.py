"""The exchange itself: one writer that decides and commits, an outbox, an inbox, receipts and re-sending."""
