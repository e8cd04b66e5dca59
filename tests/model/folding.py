"""The model's fold: what both sides show of each deviation and document, in the one order of everything that is held.

An entry that is marked or disputed "opens no gate and stops no clock": it is shown, and moves nothing. Clocks are left
out: they are rules of calendars, not of judging.
"""

from typing import Any

from tests.model.catalogue import has_schema
from tests.model.context import Context
from tests.model.corrections import corrections_of, standing_values
from tests.model.deviations import Deviation
from tests.model.documents import Document, Version, in_force, versions
from tests.model.entries import OTHER, Entry, Json
from tests.model.judging import Journals

Row = dict[str, Any]
STATED = ("number", "source", "external_number", "title", "description", "detected_at", "occurred_at", "line", "site")


def deviation_rows(journals: Journals) -> dict[str, Row]:
    """The shared facts of every deviation, by UUID."""
    context, order = journals.everything(), journals.one_order()
    openings = [entry for entry in order if entry.type == "deviation.opened.v1"]
    return {uuid: _row(uuid, entry, order, context) for entry in reversed(openings) for uuid in [entry.subject[10:]]}


def _row(uuid: str, opened: Entry, order: list[Entry], context: Context) -> Row:
    deviation = Deviation(context, opened.role, uuid)
    told = [entry for entry in order if entry in deviation.told]
    classified, acknowledged = deviation.relied_on("classified"), deviation.relied_on("acknowledged")
    closed, investigation = deviation.relied_on("closed"), deviation.investigation
    return {
        "owner": opened.role,
        "state": deviation.state,
        "class": _values(classified[-1], context)["class"] if classified else None,
        **_stated(opened, deviation, context),
        "acknowledged": acknowledged[0].position if acknowledged else None,
        "closed": closed[0].position if closed else None,
        "investigation": None if investigation is None else investigation.position,
        "open_questions": sum(not _is_answered(each, deviation) for each in deviation.relied_on("asked")),
        "violates": any(map(context.violates, told)),
        "disputed": any(map(context.is_disputed, told)),
        "overtaken": deviation.is_overtaken,
        "crossings": sorted((closing.position, block.position) for closing, block in deviation.crossings),
        "last": {role: max(at) for role in OTHER if (at := [each.position for each in told if each.role == role])},
        "told": [(each.role, each.position) for each in told],
    }


def _stated(opened: Entry, deviation: Deviation, context: Context) -> Row:
    """What the owner stated when it opened it, as corrected, with the batches linked since."""
    body = _values(opened, context)
    links = [_values(link, context)["batch"] for link in deviation.relied_on("batch_linked")]
    product = body.get("product")
    return {name: body.get(name) for name in STATED} | {
        "product": product and {"name": product["name"], "code": product.get("code")},
        "batches": list(dict.fromkeys(each["number"] for each in (*body.get("batches", []), *links))),
    }


def _values(entry: Entry, context: Context) -> Json:
    """As corrected; as it was signed where one correction rests on another that is disputed."""
    outcome = standing_values(entry, [each for each in corrections_of(entry, context) if context.is_relied_on(each)])
    return outcome if has_schema(entry.type, outcome) else entry.body


def _is_answered(question: Entry, deviation: Deviation) -> bool:
    return any(question.is_named_by(answer.body["question"]) for answer in deviation.relied_on("answered"))


def document_rows(journals: Journals, kind: str, at: str) -> dict[tuple[str, str], Row]:
    """The shared facts of every agreement or list, by owner and UUID; `at` decides what is in force."""
    context = journals.everything()
    drafts = {(each.role, each.subject.partition("/")[2]) for each in context.all(f"{kind}.drafted.v1")}
    now = _now_in_force(context, kind, at)
    documents = {place: Document(context, place[0], kind, place[1]) for place in drafts}
    return {place: {"versions": [_version(each, document, now, context) for each in document.drafts]}
            for place, document in documents.items()}  # fmt: skip


def _now_in_force(context: Context, kind: str, at: str) -> list[Entry]:
    """The activations that hold: of agreements one of each kind, for a quality agreement replaces no contract."""
    by_kind: dict[str, list[Version]] = {}
    for version in versions(context, kind):
        by_kind.setdefault(version.draft.body.get("agreement_kind", ""), []).append(version)
    found = (in_force(each, at) for each in by_kind.values())
    return [version.activation for version in found if version is not None]


def _version(draft: Entry, document: Document, now: list[Entry], context: Context) -> Row:
    signed, activations = document.signatures_under(draft), document.activations_of(draft)
    return {
        "version": draft.body["version"],
        "state": _state(draft, document, context),
        "position": draft.position,
        "violates": context.violates(draft),
        "disputed": context.is_disputed(draft),
        "signatures": {role: next((each.position for each in signed if each.role == role), None) for role in OTHER},
        "activation": activations[0].position if activations else None,
        "in_force": bool(activations) and any(activations[0] is each for each in now),
    }


def _state(draft: Entry, document: Document, context: Context) -> str:
    """Disputed signatures and activations count for nothing."""
    if not all(map(context.is_disputed, document.activations_of(draft))):
        return "activated"
    signed = {each.role for each in document.signatures_under(draft) if not context.is_disputed(each)}
    if len(signed) == 1:
        return "signed_by_owner" if signed == {draft.role} else "signed_by_partner"
    return "signed" if signed else "drafted"
