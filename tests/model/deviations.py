"""The model's deviation: what closes it, what keeps it open, and how far it has come.

domain.md 2.4, `deviation.closure_approval`: "classes that close only after the MAH's approval", default major
catalogue.md: "A lowered class lifts nothing: only signatures of lifting do."
[D] "what it blocks stays blocked, what it opens stays shut"
[6] "An act or fact that crossed a block on the wire (neither had seen the other) stands, is shown as overtaken on both
    sides, and every later gate on that item is shut until the block is lifted."

An entry is relied on that is neither marked nor disputed. What opens is relied on; what shuts need not be.
"""

from collections.abc import Iterator

from tests.model import documents
from tests.model.context import Context
from tests.model.corrections import corrections_of
from tests.model.entries import OTHER, Entry, Json

GATE, STATE = "gate.deviation_closure", "entry.wrong_state"


def owner_of(entry: Entry) -> str:
    return entry.role if entry.subject.startswith("deviation/") else OTHER[entry.role]


class Deviation:
    """A deviation in one context."""

    def __init__(self, context: Context, owner: str, uuid: str) -> None:
        self.context, self.owner = context, owner
        self.told = [*context.of(owner, f"deviation/{uuid}"), *context.of(OTHER[owner], f"deviation_review/{uuid}")]

    def steps(self, name: str) -> list[Entry]:
        """Return its entries of a type such as `closed`, by position; a type is one party's, but for corrections."""
        return [each for each in self.told if each.type.split(".")[1] == name]

    def relied_on(self, name: str) -> list[Entry]:
        return list(filter(self.context.is_relied_on, self.steps(name)))

    # What does not fit

    def faults(self, step: str, entry: Entry) -> Iterator[str]:
        if step == "opened" and self.steps("opened"):
            yield STATE
        if step in ("classified", "investigated", "closure_approved", "closure_rejected") and self.is_settled:
            yield STATE
        if step.startswith("closure_") and not self._is_latest(entry.body["investigation"]):
            yield STATE
        if step == "closure_approved" and self.approvals():
            yield STATE
        if step == "acknowledged" and entry.head["actor"].startswith("system/"):
            yield "entry.not_permitted"  # "acknowledged by a named person" (domain.md 2.5)
        if step == "closed":
            yield from self._faults_of_closing(entry)

    def _faults_of_closing(self, entry: Entry) -> Iterator[str]:
        if self.is_overtaken:
            yield GATE
        if self.is_closed or not self.relied_on("classified") or not self._is_latest(entry.body["investigation"]):
            yield STATE
        approvals, named = self.approvals(), entry.body.get("approval")
        if self.rejection is not None and not approvals:
            yield GATE
        if named is None and self.classes & self._classes_to_approve(entry):
            yield GATE
        if named is not None and not any(each.is_named_by(named) for each in approvals):
            yield GATE

    # What is so

    @property
    def classes(self) -> set[str]:
        """Every class that was ever said, by marked words and corrections too."""
        said = set[str]()
        for word in self.steps("classified"):
            changes = [change for each in corrections_of(word, self.context) for change in each.body["changes"]]
            said |= {word.body["class"]} | {change.get("after") for change in changes if change["field"] == "class"}
        return said

    @property
    def investigation(self) -> Entry | None:
        """The latest investigation, if it can be relied on."""
        latest = self.steps("investigated")[-1:]
        return next(filter(self.context.is_relied_on, latest), None)

    @property
    def rejection(self) -> Entry | None:
        """The last rejection of the latest investigation, relied on or not."""
        return next(filter(self._is_on_latest, reversed(self.steps("closure_rejected"))), None)

    def approvals(self) -> list[Entry]:
        """The approvals that open the gate: of what the latest investigation says now, and not taken back since."""
        if self.investigation is None:
            return []
        corrections = [each.position + 1 for each in corrections_of(self.investigation, self.context)]
        behind = -1 if self.rejection is None else self.rejection.position
        return [
            each
            for each in filter(self._is_on_latest, self.relied_on("closure_approved"))
            if each.position > behind and each.seen >= max(corrections, default=0)
        ]

    @property
    def crossings(self) -> list[tuple[Entry, Entry]]:
        """Each closing with a rejection of the same investigation: neither had seen the other."""
        return [
            (closing, block)
            for closing in self.steps("closed")
            for block in self.steps("closure_rejected")
            if closing.seen <= block.position and block.seen <= closing.position
            if closing.body["investigation"] == block.body["investigation"]
        ]

    @property
    def is_overtaken(self) -> bool:
        """Until an approval that is not disputed lifts the block."""
        lifting = [each for each in self.steps("closure_approved") if not self.context.is_disputed(each)]
        return not all(any(each.position > block.position for each in lifting) for _, block in self.crossings)

    @property
    def is_closed(self) -> bool:
        """A closing that is relied on, overtaken or not, and nothing investigated since."""
        closings, since = self.relied_on("closed"), self.relied_on("investigated")
        return bool(closings) and all(each.position < closings[-1].position for each in since)

    @property
    def is_settled(self) -> bool:
        return self.is_closed and not self.is_overtaken

    @property
    def state(self) -> str:
        if self.is_closed:
            return "closed"
        if self.investigation is None:
            return "classified" if self.relied_on("classified") else "opened"
        if self.approvals():
            return "closure_approved"
        if self.rejection is not None:
            return "closure_rejected"
        needing = self._agreed_classes(self.investigation.time)
        return "approval_pending" if self.classes & needing else "investigated"

    def _classes_to_approve(self, closing: Entry) -> set[str]:
        """By the agreement in force at the closing; from rule set 2 on when the investigation was recorded, from which
        the time to approve runs. domain.md 2.4 says "the MAH's approval"."""
        begun = None if self.context.rule_set() == 1 else self.investigation
        return self._agreed_classes(closing.time if begun is None else begun.time)

    def _agreed_classes(self, at: str) -> set[str]:
        return set() if self.owner == "mah" else documents.closure_approval_classes(self.context, at)

    def _is_latest(self, ref: Json) -> bool:
        return self.investigation is not None and self.investigation.is_named_by(ref)

    def _is_on_latest(self, decision: Entry) -> bool:
        return self._is_latest(decision.body["investigation"])
