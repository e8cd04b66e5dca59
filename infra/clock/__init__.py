"""The clock and chance of this machine. Trust: whoever sets the clock can shift recorded times, not their order."""
