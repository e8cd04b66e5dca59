"""The model's rights and states of rule set 1; documents and deviations have rooms of their own.

Where the texts are silent (who holds a right, what a step needs before it) these are the product's documented choices.
"""

from collections.abc import Iterator

from tests.model import documents
from tests.model.catalogue import TYPES
from tests.model.context import Context
from tests.model.corrections import fault_of_correction
from tests.model.deviations import Deviation, owner_of
from tests.model.entries import Entry, Json

STATE = "entry.wrong_state"
DOCUMENTS = ("agreement", "agreement_review", "communication_list", "communication_list_review")


def faults_of_rules(entry: Entry, context: Context) -> Iterator[str]:
    """[A] [F] What an act is refused for, and a fact marked for; one is enough."""
    if _lacks_right(entry, context):
        yield "entry.not_permitted"
    matter, step, _ = entry.type.split(".")
    if step == "corrected" and fault_of_correction(entry, context):
        yield STATE
    if matter in ("deviation", "deviation_review"):
        yield from Deviation(context, owner_of(entry), entry.subject.partition("/")[2]).faults(step, entry)
    elif matter in DOCUMENTS:
        yield from documents.faults(step, entry, context)
    elif _does_not_fit(entry, context):
        yield STATE


def _does_not_fit(entry: Entry, context: Context) -> bool:
    """Of the protocol's own entries. A body may be erased by law though its entry was refused."""
    body, own = entry.body, context.held[entry.role]
    match entry.type:
        case "calendar.published.v1":
            same = [each.body for each in own if each.type == entry.type and _series(each.body) == _series(body)]
            return any(each["version"] >= body["version"] for each in same)
        case "journal.taken.v1":
            return bool(body["size"] > entry.seen)
        case "person.authorised.v1" | "person.withdrawn.v1":
            return body["to"] is not None and bool(body["to"] <= body["from"])
        case "body.erased.v1":
            named = [each for each in context.written[entry.role] if each.is_named_by(body) and each.body]
            return not any(each.type in TYPES and TYPES[each.type].is_erasable for each in named)
    return False


def _series(body: Json) -> tuple[str, int]:
    return body["calendar"], body["year"]


def _lacks_right(entry: Entry, context: Context) -> bool:
    """ "Acts need a person/ actor and a signature"; "people's rights are entries too"; a system states facts."""
    type_, (kind, _, actor) = TYPES[entry.type], entry.head["actor"].partition("/")
    signature = entry.body.get("signature")
    if type_.is_act and (kind != "person" or (signature is not None and signature["person"] != actor)):
        return True
    if kind == "system" or (type_.is_free_at_first and not _ever_had_an_administrator(entry, context)):
        return False
    return not type_.roles & _roles_of(actor, entry, context)


def _ever_had_an_administrator(entry: Entry, context: Context) -> bool:
    given = (each for each in context.held[entry.role] if each.type == "person.authorised.v1")
    return any("admin" in each.body["roles"] and context.is_relied_on(each) for each in given)


def _roles_of(person: str, entry: Entry, context: Context) -> set[str]:
    """The later word counts; one that is marked is none; [D] a disputed one gives no role, but takes it."""
    held = set[str]()
    for word in context.held[entry.role]:
        if word.type not in ("person.authorised.v1", "person.withdrawn.v1") or context.violates(word):
            continue
        body = word.body
        if body["person"] == person and body["from"] <= entry.time and (body["to"] is None or entry.time < body["to"]):
            if word.type == "person.withdrawn.v1":
                held -= set(body["roles"])
            elif not context.is_disputed(word):
                held |= set(body["roles"])
    return held
