"""The event type of liaisons."""

DESIGNATED = "liaison.designated.v1"
