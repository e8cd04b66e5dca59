"""The generator of lies: seeded, structured mutations of honest bytes, each with a name."""
