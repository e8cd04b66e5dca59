"""Calls about who may come in and how people sign."""
