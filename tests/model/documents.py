"""The model's documents that both sign: gate G3 (domain.md 2.2), and the agreement in force (2.4).

    G3 "agreement & list activation" until "consult/inspect rights present; 8 categories x personnel x method x
    timeframe; every agreement term has a number; two signatures"

    "A policy's value is part of the signed quality agreement, so that replay judges each event by the value then in
    force."

Which clocks a deviation has, and that a version is in force from its activation or from 00:00 Beijing of its day,
whichever is later, is what the product documents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.model.context import Context
from tests.model.entries import OTHER, Check, Entry, Json

GATE, STATE = "gate.agreement", "entry.wrong_state"
OTHER_CATEGORIES = (
    *("changes", "oos_oot", "qualification_validation", "retention_stability"),
    *("pharmacovigilance", "regulatory_inspections", "credit_records"),
)
AGREED_TERMS = {  # from rule set 2 on: the "agreement term" of domain.md 2.1 and "every answer owed" (VII)
    *(("technical_transfers", "notify"), ("technical_transfers", "handle"), ("risks", "suspend")),
    *(("record_requests", "answer"), ("coline_assessments", "notify"), ("coline_assessments", "feedback")),
    *(("changes", "approve"), ("changes", "eliminate_risk"), ("audits", "report"), ("audits", "rectify")),
}
CLOCKS = {  # of a deviation: start, stop, and whether the party whose deviation it is must act
    "notify": ("detected", "received", True),
    "handle": ("recorded", "closed", True),
    "acknowledge": ("received", "acknowledged", False),
    "answer": ("asked", "answered", True),
    "closure_approval": ("investigated", "decided", False),
}
CLASSES = {"major", "moderate", "minor"}
TELLERS = {"cmo_to_mah": ["cmo"], "mah_to_cmo": ["mah"], "both": ["cmo", "mah"]}
TEN_YEARS = {"hours": 87_600, "calendar_days": 3_650, "working_days": 3_650}


class Document:
    """An agreement or a communication list, with both parties' signatures under its drafts."""

    def __init__(self, context: Context, owner: str, kind: str, uuid: str) -> None:
        own, review = context.of(owner, f"{kind}/{uuid}"), context.of(OTHER[owner], f"{kind}_review/{uuid}")
        self.drafts = [each for each in own if ".drafted." in each.type]
        self.signatures = [each for each in (*own, *review) if ".signed." in each.type]
        self.activations = [each for each in own if ".activated." in each.type]

    def signatures_under(self, draft: Entry) -> list[Entry]:
        return [each for each in self.signatures if draft.is_named_by(each.body["draft"])]

    def activations_of(self, draft: Entry) -> list[Entry]:
        signatures = self.signatures_under(draft)
        return [each for each in self.activations if any(map(_names_one_of(signatures), each.body["signatures"]))]


def faults(step: str, entry: Entry, context: Context) -> Iterator[str]:
    kind, _, uuid = entry.subject.partition("/")
    matter = kind.removesuffix("_review")
    document = Document(context, entry.role if kind == matter else OTHER[entry.role], matter, uuid)
    if step == "drafted":
        if any(each.body["version"] >= entry.body["version"] for each in document.drafts):
            yield STATE
        return
    draft = document.drafts[-1]
    signed = [each for each in document.signatures_under(draft) if not context.is_disputed(each)]
    if step == "signed":
        is_second = any(each.role == entry.role for each in signed)
        if is_second or not draft.is_named_by(entry.body["draft"]) or not context.is_relied_on(draft):
            yield STATE
    if step == "activated":
        if document.activations_of(draft):
            yield STATE
        shown = [each for each in signed for ref in entry.body["signatures"] if each.is_named_by(ref)]
        others = [each for each in _activated(context, matter) if _line(each.draft) == _line(draft)]
        if _signers(draft, shown, others) != set(OTHER) or not _is_complete(draft, context, entry.time):
            yield GATE


def _names_one_of(entries: list[Entry]) -> Check:
    return lambda ref: any(each.is_named_by(ref) for each in entries)


# What is in force


@dataclass(frozen=True)
class Version:
    """A draft that was put in force, by which activation, and since when."""

    draft: Entry
    activation: Entry
    since: str


def versions(context: Context, kind: str, *, in_doubt: bool = False) -> list[Version]:
    """Return the versions of all documents of a kind, the latest recorded first.

    A disputed activation makes none, and none one that came after another which whoever signed it had not seen; those
    are in doubt.
    """
    every = _activated(context, kind)
    return [each for each in every if in_doubt != _is_firm(each, every, context)]


def _is_firm(version: Version, every: list[Version], context: Context) -> bool:
    before = [
        each for each in every if _recorded(each) < _recorded(version) and _line(each.draft) == _line(version.draft)
    ]
    signed = [each for each in map(context.find, version.activation.body["signatures"]) if each is not None]
    stands = context.standing(version.activation) == "stands"
    return stands and _signers(version.draft, signed, before) == set(OTHER)


def _signers(draft: Entry, signatures: list[Entry], others: list[Version]) -> set[str]:
    """Return who signed a draft knowing of all these activations: what was signed before has lapsed."""
    under = [each for each in signatures if draft.is_named_by(each.body["draft"])]
    return {each.role for each in under if all(_saw(each, other.activation) for other in others)}


def _saw(entry: Entry, other: Entry) -> bool:
    return other.position < (entry.position if entry.role == other.role else entry.seen)


def _line(draft: Entry) -> str:
    """Versions replace each other: of agreements those of one kind, of lists all."""
    return str(draft.body.get("agreement_kind", ""))


def _activated(context: Context, kind: str) -> list[Version]:
    """Return what was ever put in force, and not settled to be void, the latest recorded first."""
    found = list[Version]()
    for activation in context.all(f"{kind}.activated.v1"):
        signature = next(iter(map(context.find, activation.body["signatures"])), None)
        draft = context.find(signature.body["draft"]) if signature is not None else None
        if draft is not None and context.standing(activation) != "void":
            day = datetime.fromisoformat(activation.body["effective_from"]) - timedelta(hours=8)
            since = max(activation.time, day.isoformat(timespec="microseconds") + "Z")
            found.append(Version(draft, activation, since))
    return sorted(found, key=_recorded, reverse=True)


def in_force(found: list[Version], at: str) -> Version | None:
    return next((each for each in found if each.since <= at), None)


def closure_approval_classes(context: Context, at: str) -> set[str]:
    return {each for classes in policy(context, at, "deviation_closure_approval", ["major"]) for each in classes}


def policy(context: Context, at: str, name: str, default: Any) -> list[Any]:
    """domain.md 2.4: "A policy's value is part of the signed quality agreement"; what is not there has its default.

    Beside the value in force those of versions that would be, were it not for a dispute: the strictest shuts a gate.
    """
    bodies = [{} if each is None else each.draft.body for each in _readings(context, at)]
    return [body.get("policies", {}).get(name, default) for body in bodies]


def _readings(context: Context, at: str) -> list[Version | None]:
    now = in_force(_quality_agreements(context), at)
    others = [each for each in _quality_agreements(context, in_doubt=True) if each.since <= at]
    return [now, *(each for each in others if now is None or _recorded(each) > _recorded(now))]


def _quality_agreements(context: Context, *, in_doubt: bool = False) -> list[Version]:
    return [each for each in versions(context, "agreement", in_doubt=in_doubt) if _line(each.draft) == "quality"]


def _recorded(version: Version) -> tuple[str, str, int]:
    return version.activation.time, version.activation.role, version.activation.position


# What is complete


def _is_complete(draft: Entry, context: Context, at: str) -> bool:
    if draft.type == "agreement.drafted.v1":
        return draft.body["agreement_kind"] != "quality" or _has_rights(draft)
    found = _quality_agreements(context)
    named = next((each for each in found if each.draft.is_named_by(draft.body["agreement"])), None)
    is_replaced = named is None or any(each and _recorded(each) > _recorded(named) for each in _readings(context, at))
    return (
        named is not None and not is_replaced and _has_rights(named.draft) and not _lacks(draft.body["rows"], context)
    )


def _has_rights(draft: Entry) -> bool:
    return bool(draft.body["consult_right"] and draft.body["inspect_right"])


def _lacks(rows: list[Json], context: Context) -> bool:
    categories = {"deviations", *OTHER_CATEGORIES, *(row["category"] for row in rows)}
    if context.rule_set() > 1 and any(_lacks_term(*term, rows) for term in AGREED_TERMS):
        return True
    return any(_lacks_in_row(row, context) for row in rows) or any(
        _lacks_in_category(each, rows) for each in categories
    )


def _lacks_term(category: str, name: str, rows: list[Json]) -> bool:
    """Whether no direction has a number for all classes."""
    for teller in OTHER:
        own = [row for row in rows if row["category"] == category and teller in TELLERS[row["direction"]]]
        classes = {each.get("class") for row in own for each in row.get("limits") or () if each["name"] == name}
        if None in classes or classes >= CLASSES:
            return False
    return True


def _lacks_in_row(row: Json, context: Context) -> bool:
    people = all(row.get(name) for name in ("senders", "receivers", "deputies", "responsibilities", "method"))
    return not people or not all(_is_number(limit, row, context) for limit in row.get("limits") or ())


def _is_number(limit: Json, row: Json, context: Context) -> bool:
    """One that can be counted; and the limits of a deviation's clocks are those clocks."""
    if limit["value"] > TEN_YEARS[limit["unit"]]:
        return False
    calendar = limit.get("calendar")
    if limit["unit"] == "working_days" and not (calendar and context.find(calendar, "calendar.published.v1")):
        return False
    if row["category"] != "deviations" or limit["name"] not in CLOCKS:
        return True
    start, stop, teller_acts = CLOCKS[limit["name"]]
    acting = [teller if teller_acts else OTHER[teller] for teller in TELLERS[row["direction"]]]
    return (limit["start"], limit["stop"]) == (start, stop) and limit["party"] in acting


def _lacks_in_category(category: str, rows: list[Json]) -> bool:
    """Whether a number is missing, or stands twice, in a direction in which there is something to tell."""
    own = [row for row in rows if row["category"] == category]
    tellers = {teller for row in own for teller in TELLERS[row["direction"]]}
    if category == "deviations":
        tellers.add("cmo")
    return not own or any(_lacks_in_direction(category, teller, own) for teller in tellers)


def _lacks_in_direction(category: str, teller: str, rows: list[Json]) -> bool:
    said = [limit for row in rows if teller in TELLERS[row["direction"]] for limit in row.get("limits") or ()]
    needed = {"notify"}
    if category == "deviations":
        needed = set(CLOCKS) if teller == "cmo" else set(CLOCKS) - {"closure_approval"}
    for name in needed | {limit["name"] for limit in said}:
        classes = [limit.get("class") for limit in said if limit["name"] == name]
        is_for_all = None in classes or set(classes) >= CLASSES
        if len(classes) != len(set(classes)) or (name in needed and not is_for_all):
            return True
    return False
