"""From a validated request to a job of the one writer: pure functions; identity, time and chance are handed in."""
