"""No act stands behind a gate that the independent model of gates finds shut (`tests/model/gates.py`)."""

from collections.abc import Iterator

from events.encoding.identifiers import Role
from events.stored.journal import StoredEntry
from tests.model.context import Context
from tests.model.entries import OTHER, Entry, Json
from tests.model.gates import GATES, shut_before
from tests.simulation.checks.held import Held, Pair


class Given:
    """Both journals with the verdicts of a store, as the model wants them."""

    def __init__(self, held: Held) -> None:
        self._stored = {role.value: held.entries[role] for role in Role}
        self.entries = {
            role: [Entry(role, entry.position, entry.line) for entry in self._stored[role]] for role in OTHER
        }

    def verdict(self, entry: Entry) -> "Verdict":
        return Verdict(self._stored[entry.role][entry.position])

    def named_by(self, refusal: Entry) -> list[Json]:
        return list(refusal.body["refused"])


class Verdict:
    """What a store has beside an entry."""

    def __init__(self, stored: StoredEntry) -> None:
        self.code, self.violates = stored.code or "", stored.violates


def check(pair: Pair) -> list[str]:
    if not any(entry.type in GATES for entries in pair.mah.entries.values() for entry in entries):
        return []
    given = Given(pair.mah)
    return [fault for role in OTHER for entry in given.entries[role] for fault in _shut(entry, given)]


def _shut(act: Entry, given: Given) -> Iterator[str]:
    if act.type not in GATES or given.verdict(act).code:
        return
    context = Context(given, {act.role: act.position, OTHER[act.role]: act.seen})
    for gate in sorted(shut_before(act, context)):
        yield f"K4: {act.role} {act.position} {act.type} stands behind {gate}"
