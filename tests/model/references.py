"""What an entry names must be there, of the right type, about the right thing: formats.md 5.5, "references".

Which field of which type names what follows from catalogue.md's key fields.
"""

from collections.abc import Iterator

from tests.model.context import Context
from tests.model.corrections import fault_of_correction
from tests.model.entries import OTHER, REFUSED, Entry, Json

FORM = "entry.schema_invalid"

Named = tuple[str, bool, str, str]
"""The field, whether it stands in the own journal, the kind of its subject (of the same UUID), its type; empty: any."""

INVESTIGATED, ASKED = "deviation.investigated.v1", "deviation_review.asked.v1"
APPROVED = "deviation_review.closure_approved.v1"
NAMED: dict[str, list[Named]] = {
    "deviation.closed": [
        ("investigation", True, "deviation", INVESTIGATED),
        ("approval", False, "deviation_review", APPROVED),
    ],
    "deviation.answered": [("question", False, "deviation_review", ASKED)],
    "deviation.corrected": [("entry", True, "deviation", "")],
    "deviation_review.corrected": [("entry", True, "deviation_review", "")],
    "deviation_review.acknowledged": [("entry", False, "deviation", "")],
    "deviation_review.asked": [("entry", False, "deviation", "")],
    "deviation_review.closure_approved": [("investigation", False, "deviation", INVESTIGATED)],
    "deviation_review.closure_rejected": [("investigation", False, "deviation", INVESTIGATED)],
    "agreement.signed": [("draft", True, "agreement", "agreement.drafted.v1")],
    "agreement_review.signed": [("draft", False, "agreement", "agreement.drafted.v1")],
    "communication_list.signed": [("draft", True, "communication_list", "communication_list.drafted.v1")],
    "communication_list_review.signed": [("draft", False, "communication_list", "communication_list.drafted.v1")],
}


def faults_of_references(entry: Entry, context: Context) -> Iterator[str]:
    name, body = entry.type.removesuffix(".v1"), entry.body
    matter, _, step = name.partition(".")
    if not all(_is_there(entry, body.get(named[0]), named, context) for named in NAMED.get(name, [])):
        yield "entry.wrong_reference"
    if step == "activated" and not all(_is_signature(entry, ref, matter, context) for ref in body["signatures"]):
        yield "entry.wrong_reference"
    if name == "communication_list.drafted" and not _is_made_under(body, context):
        yield "entry.wrong_reference"
    if name == "refusal.disputed" and not _is_refused_there(entry, context):
        yield "entry.wrong_reference"
    if name == "dispute.settled" and not any(_is_place(body["entry"], each) for each in _notices(context)):
        yield "entry.wrong_reference"
    if step == "corrected" and fault_of_correction(entry, context) == FORM:
        yield FORM


def _is_there(entry: Entry, ref: Json | None, named: Named, context: Context) -> bool:
    """What may be left out and is, is named rightly."""
    _, is_own, kind, type_ = named
    found = None if ref is None else context.find(ref)
    if found is None:
        return ref is None
    is_whose = found.role == (entry.role if is_own else OTHER[entry.role])
    is_about = found.subject == f"{kind}/{entry.subject.partition('/')[2]}"
    return is_whose and is_about and type_ in ("", found.type)


def _is_signature(entry: Entry, ref: Json, matter: str, context: Context) -> bool:
    """Of the document: its owner's in itself, or the partner's in the review."""
    own, others = (True, matter), (False, f"{matter}_review")
    return any(
        _is_there(entry, ref, ("", is_own, kind, f"{kind}.signed.v1"), context) for is_own, kind in (own, others)
    )


def _is_made_under(body: Json, context: Context) -> bool:
    """A list names the draft of an agreement, and the calendars by which it counts."""
    limits = (limit for row in body["rows"] for limit in row.get("limits") or ())
    calendars = [limit["calendar"] for limit in limits if limit.get("calendar")]
    is_agreed = context.find(body["agreement"], "agreement.drafted.v1") is not None
    return is_agreed and all(context.find(ref, "calendar.published.v1") for ref in calendars)


def _is_refused_there(entry: Entry, context: Context) -> bool:
    """A disputed refusal is the partner's, and names the entry that it is disputed for."""
    refusal = context.find({"journal": OTHER[entry.role], **entry.body["refusal"]}, REFUSED)
    return refusal is not None and any(_is_place(entry.body["entry"], each) for each in refusal.body["refused"])


def _notices(context: Context) -> Iterator[Json]:
    return (named for role in OTHER for named in context.notices(role))


def _is_place(one: Json, other: Json) -> bool:
    return (one["position"], one["leaf"]) == (other["position"], other["leaf"])
