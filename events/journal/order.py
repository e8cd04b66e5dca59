"""The one order in which both journals are folded together.

The rule reads: take the next MAH entry, unless none is held or its `seen` exceeds the CMO entries already taken; then
the next CMO entry. Sorting all entries by `order_key` gives the same sequence, so an entry can be placed alone.
"""

from events.encoding.identifiers import Role


def order_key(role: Role, position: int, seen_prefix_max: int) -> tuple[int, int, int]:
    """Return the place of an entry in the one order.

    `seen_prefix_max` is, for a MAH entry, the largest `seen` of the MAH entries not refused up to and including it:
    it comes before the CMO entry at that position and after all below. For a CMO entry it is not looked at.
    """
    if role is Role.MAH:
        return (seen_prefix_max, 0, position)
    return (position, 1, position)
