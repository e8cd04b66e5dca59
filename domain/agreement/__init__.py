"""The quality agreement: drafted by either party, signed by both, activated; its policies hold from then on."""
