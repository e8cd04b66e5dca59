"""The context of an entry in the model: what is left of both journals before it, and what can be relied on in it."""

from collections.abc import Iterator
from typing import Protocol

from tests.model.entries import OTHER, REFUSED, Entry, Json

ANNOUNCED = "gateway.announced.v1"


class Verdict(Protocol):
    @property
    def code(self) -> str: ...

    @property
    def violates(self) -> bool: ...


class Judged(Protocol):
    """Whoever knows the verdicts."""

    entries: dict[str, list[Entry]]

    def verdict(self, entry: Entry, /) -> Verdict: ...

    def named_by(self, refusal: Entry, /) -> list[Json]: ...


class Context:
    """[C] "its journal below p and the partner's below s, less every entry in it whose own verdict is refusal"."""

    def __init__(self, journals: Judged, reach: dict[str, int]) -> None:
        self._journals = journals
        self.written = {role: journals.entries[role][: reach[role]] for role in OTHER}
        self.held = {role: [each for each in self.written[role] if not journals.verdict(each).code] for role in OTHER}
        self._refusals = [each for each in self.all(REFUSED) if not self.violates(each)]

    def all(self, *types: str) -> Iterator[Entry]:
        """Return the accepted entries of these types (none: all): the MAH's by position, then the CMO's."""
        return (each for role in OTHER for each in self.held[role] if not types or each.type in types)

    def of(self, role: str, subject: str) -> list[Entry]:
        return [each for each in self.held[role] if each.subject == subject]

    def before(self, entry: Entry) -> "Context":
        """Return what an earlier entry was judged on."""
        return Context(self._journals, {entry.role: entry.position, OTHER[entry.role]: entry.seen})

    def rule_set(self) -> int:
        """[N] "The rule set is the lower number announced in the context": of the highest of each."""
        said = [[each.body["rule_set"] for each in self.held[role] if each.type == ANNOUNCED] for role in OTHER]
        return min(max(numbers, default=1) for numbers in said)

    def find(self, ref: Json, *types: str) -> Entry | None:
        """Return the accepted entry of these types that `{"journal", "position", "leaf"}` names."""
        held = self.held.get(ref["journal"], [])
        return next((each for each in held if each.is_named_by(ref) and (not types or each.type in types)), None)

    def violates(self, entry: Entry) -> bool:
        return self._journals.verdict(entry).violates

    def standing(self, entry: Entry) -> str:
        """[D] "disputed at once ... dispute.settled.v1, written alike by both, ends it": it `stands`, or is `void`."""
        if not any(entry.is_named_by(named) for named in self.notices(OTHER[entry.role])):
            return "stands"
        said = {self._last_word(role, entry) for role in OTHER}
        return {True: "stands", False: "void", None: "disputed"}[said.pop() if len(said) == 1 else None]

    def is_disputed(self, entry: Entry) -> bool:
        """Of what is settled not to stand too: it opens nothing."""
        return self.standing(entry) != "stands"

    def is_relied_on(self, entry: Entry) -> bool:
        return not self.violates(entry) and not self.is_disputed(entry)

    def notices(self, role: str) -> Iterator[Json]:
        """Return what a party's refusals in effect name."""
        refusals = (each for each in self._refusals if each.role == role)
        return (named for refusal in refusals for named in self._journals.named_by(refusal))

    def _last_word(self, role: str, entry: Entry) -> bool | None:
        settled = [each for each in self.held[role] if each.type == "dispute.settled.v1"]
        words = [bool(each.body["stands"]) for each in settled if entry.is_named_by(each.body["entry"])]
        return words[-1] if words else None
