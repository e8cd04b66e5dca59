"""How much of a long test runs: a little with every change, all of it in the campaign, as much as asked by hand."""

import os

_CAMPAIGN = "COUNTERFOIL_CAMPAIGN"


def size(name: str, small: int, campaign: int) -> int:
    """Return how often a long test repeats: `COUNTERFOIL_<NAME>` if set, `campaign` in `make campaign`, else `small`.

    Raises:
        ValueError: the variable holds no positive whole number.
    """
    variable = f"COUNTERFOIL_{name.upper()}"
    asked = os.environ.get(variable)
    if asked is None:
        return campaign if os.environ.get(_CAMPAIGN) else small
    if not asked.isdecimal() or int(asked) == 0:
        raise ValueError(f"{variable} is {asked!r}; it takes a positive whole number")
    return int(asked)
