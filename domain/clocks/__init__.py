"""Time limits: from when a clock runs, when it is due, and which days were counted and why."""
