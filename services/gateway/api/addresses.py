"""What each matter of the quality core is called in addresses: in those of HTTP, and at the command line.

A table of words alone: the command line starts with it and loads nothing else for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    within: Mapping[str, str] = field(default_factory=dict)  # fields of requests that hold the body of another event
    register: tuple[str, ...] | None = None  # what its register is filtered by; None: it is on the list alone


def _both(name: str) -> tuple[str, str]:
    return name, name


_EVERY_MATTER: Mapping[str, tuple[str | None, str | None]] = {
    "answers": ("answered", None),
    "corrections": _both("corrected"),
    "links": ("batch_linked", None),
    "acknowledgement": (None, "acknowledged"),
    "questions": (None, "asked"),
}


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
        register=("product", "site", "on"),
    ),
    Address(
        "standard_version",
        "standard-versions",
        "STV",
        {"": "approved"},
        {"withdrawal": ("withdrawn", None), **_EVERY_MATTER},
        register=("product", "site", "on"),
    ),
    Address(
        "obligation",
        "obligations",
        "OBL",
        {"": "registered"},
        {"fulfilments": ("fulfilled", None), "supersession": ("superseded", None), **_EVERY_MATTER},
        register=("state",),
    ),
    Address(
        "capability_profile",
        "capability-profiles",
        "CAP",
        {"": "published", "/changes": "changed"},
        {**_EVERY_MATTER},
        register=(),
    ),
    Address("liaison", "liaisons", "LIA", {"": "designated"}, {}, register=("on",)),
    Address(
        "key_person",
        "key-persons",
        "KEY",
        {"": "registered"},
        {"delegations": ("delegated", None), "withdrawal": ("withdrawn", None)},
        register=("on", "post"),
    ),
    Address(
        "lot",
        "lots",
        "",
        {"": "allocated", "/used": "used", "/breached": "breach_found"},
        {
            "allocation": ("allocated", None),
            "uses": ("used", None),
            "breaches": ("breach_found", None),
            **_EVERY_MATTER,
        },
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
        within={"package": "release_package.submitted"},
    ),
)
"""The matters and registers that have their own addresses beside the deviation."""

DEVIATION = Address(
    "deviation",
    "deviations",
    "DEV",
    {"": "opened"},
    {
        "classification": ("classified", None),
        "investigation": ("investigated", None),
        "closure": ("closed", None),
        "answers": ("answered", None),
        "corrections": _both("corrected"),
        "batches": ("batch_linked", None),
        "acknowledgement": (None, "acknowledged"),
        "questions": (None, "asked"),
        "closure-approval": (None, "closure_approved"),
        "closure-rejection": (None, "closure_rejected"),
    },
)
"""The deviation, whose requests are older than the others' and written by hand."""

ALL = (DEVIATION, *ADDRESSES)
"""Everything that people open and take steps of."""

_SIGNED_BY_BOTH: Mapping[str, tuple[str | None, str | None]] = {
    "signatures": _both("signed"),
    "activation": ("activated", None),
}

DOCUMENTS = (
    Address("agreement", "agreements", "", {"": "drafted"}, _SIGNED_BY_BOTH),
    Address("communication_list", "communication-lists", "", {"": "drafted"}, _SIGNED_BY_BOTH),
)
"""What both parties sign; their requests, too, are written by hand, and their groups at the command line."""


def address_of(kind: str) -> Address | None:
    """Return the address of a kind of matter or document."""
    return next((each for each in (*ALL, *DOCUMENTS) if each.kind == kind), None)


def event_name(kind: str, name: str, *, review: bool = False) -> str:
    """Return the full name of an event that the table names: of a matter, of its review, or of a part of it."""
    if "." in name:
        return f"{name}.v1"
    return f"{kind}_review.{name}.v1" if review else f"{kind}.{name}.v1"
