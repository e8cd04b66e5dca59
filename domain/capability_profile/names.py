"""The event types of capability profiles."""

PUBLISHED = "capability_profile.published.v1"
CHANGED = "capability_profile.changed.v1"
