"""What the compliance tests of this run really did: which rules each made run, and which calls it made.

`tests/compliance/conftest.py` notes it while they run. A citation alone is somebody's word; this is not.
"""

import re
from collections.abc import Iterable, Mapping

Deeds = Mapping[str, frozenset[str]]
"""By test, file and name: event types whose rules ran on either side, and calls such as `GET /v1/liaisons`."""

RAN: dict[str, frozenset[str]] = {}
"""The deeds of every test that has ended in this run."""


def note(test: str, deeds: Iterable[str]) -> None:
    """Add what a test did, or one more run of it with other parameters."""
    RAN[test] = RAN.get(test, frozenset()) | frozenset(deeds)


def did(deeds: frozenset[str], wanted: str) -> bool:
    """Tell whether an event type, or a call such as `GET /v1/agreements/{document}`, is among them."""
    if "{" not in wanted:
        return wanted in deeds
    form = re.compile("[^/]+".join(re.escape(part) for part in re.split(r"\{[^}]*\}", wanted)))
    return any(form.fullmatch(deed) for deed in deeds)
