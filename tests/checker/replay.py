"""A journal gone through from entry 0: what the format alone says of each entry's place (formats.md 5.5 and 6).

Types, schemas, labels, rights and gates need the catalogue; here stands what needs none. So an entry with a reason
below must be refused, and one refused for such a reason must have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.checker.client_log import shown
from tests.checker.journal import REFUSED, Held, Journal
from tests.checker.keys import OPENED
from tests.checker.stores.rows import ROLES, other

MALFORMED = "entry.malformed"
COMPUTED = frozenset(
    {
        MALFORMED,
        "entry.wrong_revision",
        "entry.duplicate_id",
        "entry.time_fell",
        "entry.seen_impossible",
        "entry.seen_withheld",
    }
)
"""Codes whose every reason can be seen from the format alone."""

_UNCLAIMED = {MALFORMED, "entry.seen_impossible"}


@dataclass(frozen=True, slots=True)
class Replayed:
    """An entry with the reasons to refuse it, whether it uses up a revision, and its first key in the one order."""

    held: Held
    reasons: tuple[str, ...]
    revision: int | None
    order_major: int


@dataclass(slots=True)
class Replay:
    """What the entries of a journal claim, one after the other."""

    claimed: int = 0
    order_seen: int = 0
    time: str = ""
    entries: list[Replayed] = field(default_factory=list)


def replay(relationship: tuple[str, str], journals: Mapping[str, Journal], role: str) -> Replay:
    """Go through a journal of one store; the verdicts of earlier entries are taken as the store has them."""
    return _Going(relationship, journals, role).through()


def refused_by(held: Held) -> list[dict[str, Any]]:
    """Return what a refusal names, nothing if its body is not one."""
    named = (held.line.body or {}).get("refused")
    if type(named) is not list or not 1 <= len(named) <= 256:
        return []
    fits = all(
        type(each) is dict
        and each.keys() == {"position", "leaf", "code", "detail"}
        and type(each["position"]) is int
        and all(type(each[name]) is str for name in ("leaf", "code", "detail"))
        for each in named
    )
    return named if fits else []


class _Going:
    def __init__(self, relationship: tuple[str, str], journals: Mapping[str, Journal], role: str) -> None:
        self._relationship = "/".join(relationship)
        self._source = f"urn:uscc:{relationship[ROLES.index(role)]}"
        self._journal, self._partner = journals[role], journals[other(role)]
        self._role = role
        self._found = Replay()
        self._revisions: dict[str, int] = {}
        self._ids: set[str] = set()
        self._partner_ids = {
            held.line.head["id"]: held.position for held in reversed(self._partner.accepted()) if held.line.head
        }
        self._notices: dict[str, int] = {}
        for held in reversed(self._partner.accepted(REFUSED)):
            self._notices |= {named["leaf"]: held.position for named in refused_by(held)}

    def through(self) -> Replay:
        for held in self._journal.entries:
            reasons = (MALFORMED,) if held.line.flaw is not None else tuple(self._reasons(held))
            revision = self._use_revision(held)
            self._claim(held)
            major = self._found.order_seen if self._role == "mah" else held.position
            self._found.entries.append(Replayed(held, reasons, revision, major))
        return self._found

    def _reasons(self, held: Held) -> list[str]:
        head, found = held.line.head or {}, self._found
        notice = self._notices.get(shown(held.line.leaf))
        crossed = self._partner_ids.get(head["id"])
        seen = head["seen"]
        looked = {
            MALFORMED: head["relationship"] != self._relationship,
            "entry.wrong_author": head["source"] != self._source,
            "entry.wrong_revision": head["revision"] != self._revisions.get(head["subject"], 0) + 1,
            "entry.duplicate_id": head["id"] in self._ids or (crossed is not None and crossed < seen),
            "entry.time_fell": head["time"] < found.time,
            "entry.seen_impossible": seen > self._partner.size or (notice is not None and notice < seen),
            "entry.seen_withheld": seen < found.claimed,
            "entry.not_permitted": self._is_before_pairing(held),
        }
        return [code for code, fails in looked.items() if fails]

    def _is_before_pairing(self, held: Held) -> bool:
        if held.line.type == REFUSED:
            return False
        if held.position == 0 or held.line.type == OPENED:
            return held.position != 0 or held.line.type != OPENED or held.line.seen != 0
        return held.line.seen == 0

    def _use_revision(self, held: Held) -> int | None:
        """Return the revision that an entry uses up, refused or not: one well formed that was the next."""
        head = held.line.head
        if head is None or head["revision"] != self._revisions.get(head["subject"], 0) + 1:
            return None
        self._revisions[head["subject"]] = head["revision"]
        return int(head["revision"])

    def _claim(self, held: Held) -> None:
        head, found, code = held.line.head, self._found, held.row.code
        if head is None:
            return
        claimed = 0 if code in _UNCLAIMED else head["seen"]
        if head["type"] == REFUSED:
            claimed = max((named["position"] + 1 for named in refused_by(held) if self._is_there(named)), default=0)
        found.claimed = max(found.claimed, claimed)
        if code is None:
            found.order_seen, found.time = max(found.order_seen, head["seen"]), head["time"]
            self._ids.add(head["id"])

    def _is_there(self, named: dict[str, Any]) -> bool:
        held = self._partner.at.get(named["position"])
        return held is not None and shown(held.line.leaf) == named["leaf"]
