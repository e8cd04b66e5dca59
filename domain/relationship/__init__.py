"""The entries of the protocol itself: pairing, announcements, calendars, disputes."""
