"""Lots and their segregation, in stories of both parties."""
