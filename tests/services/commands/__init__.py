"""From requests to jobs."""
