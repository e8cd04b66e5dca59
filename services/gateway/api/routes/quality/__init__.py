"""The matters of the quality core and the registers."""
