"""The matters of the quality core through the interface."""
