"""What the checker knows of the catalogue: which subjects are items of the list, and where an entry names batches.

Everything else about types, of any of them, is none of its business: it compares what both sides made of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

REVIEW = "_review"

ITEMS: Mapping[str, str] = {
    "deviation": "deviations",
    "risk": "risks",
    "suspension": "suspensions",
    "regulatory_measure": "regulatory_inspections",
    "change": "changes",
    "oos": "oos_oot",
    "capa": "capas",
    "process_version": "process_versions",
    "standard_version": "standard_versions",
    "obligation": "obligations",
    "capability_profile": "capability_profiles",
    "lot": "lots",
    "batch": "batches",
}
"""Kinds of subjects that are shown as items, with their category."""

PARTS: Mapping[str, str] = {"release_package": "batch"}
"""Kinds of subjects under the UUID of an item of another kind, which show in that item."""

_MADE = ("batch.authorised.v1", "batch.started.v1")
_NUMBERS = ("batch", "batches", "parts")


def opens_an_item(type_: str) -> bool:
    """Tell whether the first entry of a subject makes an item of it: of a later matter any that stands there does."""
    return type_.partition(".")[0] in ITEMS


def batches_named(type_: str, body: Mapping[str, Any] | None) -> set[str]:
    """Return the numbers of the batches that an accepted entry brings to its subject as labels (catalogue.md: b)."""
    if body is None or type_.startswith("agreement."):
        return set()
    kind, _, step = type_.removesuffix(".v1").partition(".")
    if step == "corrected":
        return set() if kind.endswith(REVIEW) else set(_corrected(body))
    found = set(_numbers(body)) | set(_numbers(body.get("scope") or {}))
    return found | {body["number"]} if type_ in _MADE else found


def _numbers(said: Mapping[str, Any]) -> Iterator[str]:
    for name in _NUMBERS:
        value = said.get(name)
        for each in value if type(value) is list else [value]:
            if type(each) is dict and type(each.get("number")) is str:
                yield each["number"]


def _corrected(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a correction puts in the place of a batch's number."""
    for change in body["changes"]:
        places = change["field"].split(".")
        if places[-1] == "number" and any(place in _NUMBERS for place in places[:-1]) and change["after"]:
            yield change["after"]
