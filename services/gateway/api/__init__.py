"""The HTTP interface: requests in, problem details or answers out. Nothing is decided here and nothing half-written."""
