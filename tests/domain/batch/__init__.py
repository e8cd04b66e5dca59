"""Batches from authorisation to market, in stories of both parties."""
