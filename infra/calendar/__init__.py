"""Working days as the State Council published them, by the `holidays` library: data for a calendar entry, no rule."""
