"""What each matter of the quality core is called in addresses, and what requests about it may hold.

A request holds what the body of its event holds; salt, signature and person are the gateway's part.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import create_model

from domain.lot.rules import lot_id
from events.catalogue.bodies import Body, SignedBody
from events.catalogue.registry import EventType, event_type
from services.gateway.api.asked import RelationshipField, SignatureAsked
from services.gateway.api.edge.bodies import RequestModel
from services.gateway.commands.filled import FILLED, FILLED_LATER
from services.gateway.commands.matters import Step

_OURS = frozenset({"salt", "signature"})
_OPTIONAL = frozenset({"number", "source"})  # of an opening: by default the next of the year, and `manual`


@dataclass(frozen=True, slots=True)
class Address:
    """A matter in addresses: `/v1/<plural>`, the prefix of its human numbers, and its openings and steps by noun.

    A step has the name of the owner's event, of the partner's in its review, or of both.
    """

    kind: str
    plural: str
    prefix: str
    openings: Mapping[str, str]  # by the path behind the plural
    steps: Mapping[str, tuple[str | None, str | None]]
    apart: frozenset[str] = (
        frozenset()
    )  # nouns whose requests hold more than their event: they have routes of their own
    identity: Callable[[RequestModel], str] | None = None  # the UUID of what is its own, by its opening


def _both(name: str) -> tuple[str, str]:
    return name, name


_EVERY_MATTER: Mapping[str, tuple[str | None, str | None]] = {
    "answers": ("answered", None),
    "corrections": _both("corrected"),
    "links": ("batch_linked", None),
    "acknowledgement": (None, "acknowledged"),
    "questions": (None, "asked"),
}


def _identity_of_lot(asked: Any) -> str:  # noqa: ANN401 - made from the body of the allocation
    return lot_id(asked.material, asked.number)


ADDRESSES = (
    Address(
        "risk",
        "risks",
        "RSK",
        {"": "raised"},
        {
            "classification": _both("classified"),
            "measures": _both("measure_taken"),
            "measures-signature": _both("measures_signed"),
            "closure": ("closed", None),
            **_EVERY_MATTER,
        },
    ),
    Address(
        "suspension",
        "suspensions",
        "SUS",
        {"": "started", "/demands": "demanded"},
        {
            "start": (None, "started"),
            "dispositions": _both("batch_disposed"),
            "lifting": _both("lift_signed"),
            **_EVERY_MATTER,
        },
    ),
    Address(
        "regulatory_measure",
        "regulatory-measures",
        "REG",
        {"": "recorded"},
        {"end": ("ended", None), **_EVERY_MATTER},
    ),
    Address(
        "change",
        "changes",
        "CHG",
        {"": "proposed", "/found": "found_implemented"},
        {
            "studies": ("studied", None),
            "withdrawal": ("withdrawn", None),
            "category-opinion": _both("category_opinion_given"),
            "classification": ("category_determined", None),
            "approval": _both("approved"),
            "rejection": (None, "rejected"),
            "regulatory-steps": _both("regulatory_step_recorded"),
            "implementation": _both("implemented"),
            "found-implementation": _both("found_implemented"),
            "risks": _both("risk_raised"),
            "risk-eliminations": _both("risk_eliminated"),
            **_EVERY_MATTER,
        },
    ),
    Address(
        "oos",
        "oos-results",
        "OOS",
        {"": "suspected"},
        {
            "phases": ("phase_completed", None),
            "retests": ("retest_planned", None),
            "confirmation": ("confirmed", None),
            "invalidation": ("invalidated", None),
            "decision": (None, "decided"),
            **_EVERY_MATTER,
        },
    ),
    Address(
        "capa",
        "capas",
        "CAPA",
        {"": "opened"},
        {
            "completed-actions": ("action_completed", None),
            "effectiveness-checks": ("effectiveness_checked", None),
            "closure": ("closed", None),
            **_EVERY_MATTER,
        },
    ),
    Address(
        "process_version",
        "process-versions",
        "PRV",
        {"": "approved"},
        {"withdrawal": ("withdrawn", None), **_EVERY_MATTER},
    ),
    Address(
        "standard_version",
        "standard-versions",
        "STV",
        {"": "approved"},
        {"withdrawal": ("withdrawn", None), **_EVERY_MATTER},
    ),
    Address(
        "obligation",
        "obligations",
        "OBL",
        {"": "registered"},
        {"fulfilments": ("fulfilled", None), "supersession": ("superseded", None), **_EVERY_MATTER},
    ),
    Address(
        "capability_profile",
        "capability-profiles",
        "CAP",
        {"": "published", "/changes": "changed"},
        {**_EVERY_MATTER},
    ),
    Address("liaison", "liaisons", "LIA", {"": "designated"}, {}),
    Address(
        "key_person",
        "key-persons",
        "KEY",
        {"": "registered"},
        {"delegations": ("delegated", None), "withdrawal": ("withdrawn", None)},
    ),
    Address(
        "lot",
        "lots",
        "",
        {"": "allocated"},
        {
            "allocation": ("allocated", None),
            "uses": ("used", None),
            "breaches": ("breach_found", None),
            **_EVERY_MATTER,
        },
        identity=_identity_of_lot,
    ),
    Address(
        "batch",
        "batches",
        "",
        {"": "authorised", "/started": "started"},
        {
            "authorisation": ("authorised", None),
            "start": ("started", None),
            "manufacturing": ("manufactured", None),
            "tests": ("tested", None),
            "splits": ("split", None),
            "joins": ("joined", None),
            "reworks": ("reworked", None),
            "factory-release": ("factory_released", None),
            "record-package": ("release_package.submitted", None),
            "reviews": (None, "item_concluded"),
            "full-review": (None, "full_review_requested"),
            "hold": (None, "held"),
            "hold-lifting": (None, "hold_lifted"),
            "rejection": _both("rejected"),
            "marketing-release": (None, "marketing_released"),
            "release-withdrawal": (None, "release_withdrawn"),
            "dispatch-permission": (None, "dispatch_permitted"),
            "dispatch": _both("dispatched"),
            **{noun: names for noun, names in _EVERY_MATTER.items() if noun != "links"},
        },
        apart=frozenset({"factory-release", "record-package", "marketing-release"}),
    ),
)
"""The matters and registers that have their own addresses beside the deviation."""


def type_of(kind: str, name: str, *, review: bool = False) -> EventType:
    """Return an event of a matter, or of its review.

    Raises:
        KeyError: the catalogue has no such event.
    """
    full = f"{kind}_review.{name}.v1" if review else f"{kind}.{name}.v1"
    if "." in name:
        full = f"{name}.v1"
    found = event_type(full)
    if found is None:
        raise KeyError(full)
    return found


@cache
def request_model(type_: EventType, *, opens: bool = False, numbered: bool = True) -> type[RequestModel]:
    """Return what a request for an event holds; an opening may name the relationship and leave out its number.

    What the record says may be left out too (`services.gateway.commands.filled`). Not `numbered`: the number is the
    thing's own and must be said.
    """
    model, fields = type_.model, dict[str, Any]()
    optional = set(FILLED.get(type_.name, ()))
    optional |= (_OPTIONAL if numbered else {"source"}) if opens else set(FILLED_LATER.get(type_.name, ()))
    for name, field in model.model_fields.items():
        if name in _OURS:
            continue
        annotation: Any = field.annotation
        fields[name] = (annotation | None, None) if name in optional else (annotation, field)
    if issubclass(model, SignedBody):
        fields["signature"] = (SignatureAsked, ...)
    if opens:
        fields["relationship"] = (RelationshipField, None)
    made: type[RequestModel] = create_model(
        _name_of(type_, model, opens=opens),
        __base__=RequestModel,
        __doc__=model.__doc__,
        **fields,
    )
    return made


def _name_of(type_: EventType, model: type[Body], *, opens: bool) -> str:
    """Return the name of a request in OpenAPI: one for each body, and one more where the record fills in fields."""
    room = model.__module__.rpartition(".")[2].title().replace("_", "")
    filled = type_.subject_kind.title().replace("_", "") if type_.name in FILLED else ""
    return f"{room}{model.__name__}{filled}{'Opening' if opens else ''}Asked"


def step_of(type_: EventType, asked: RequestModel) -> Step:
    """Return the step that a request asks for; what it leaves out is left out."""
    fields = type_.model.model_fields
    named = asked.model_fields_set & fields.keys() - _OURS
    values = {fields[name].serialization_alias or name: getattr(asked, name) for name in named}
    signature = getattr(asked, "signature", None)
    return Step(type_.name, values, None if signature is None else signature.signing())
