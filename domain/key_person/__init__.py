"""Key persons of both parties: who holds which post, with which qualification, and who stands in."""
