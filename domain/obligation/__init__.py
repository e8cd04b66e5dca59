"""Obligations of an agreement: registered by clause, fulfilled with evidence, superseded by others."""
