"""Numbers by which people name matters, made by the gateway of the party that opens them."""

from datetime import datetime

from domain.clocks.clock import day_of


def human_number(prefix: str, at: datetime, count: int) -> str:
    """Return the number of the `count`-th matter of a kind, in the Beijing year of a moment: RSK-2026-0007."""
    return f"{prefix}-{day_of(at).year}-{count:04d}"
