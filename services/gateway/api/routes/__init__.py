"""One small module for each resource."""
