"""Which relationship, journal or party a request means."""

from functools import lru_cache
from typing import Annotated, Literal

from fastapi import Path, Query

from events.encoding.identifiers import Relationship, Role
from events.pairing import Invitation, PartyKeys
from events.stored.relationship import StoredRelationship
from services.gateway.api.problems import Problem, validation
from services.gateway.ports.store import Reading

_USCC = "^[0-9A-HJ-NPQRTUWXY]{18}$"

RelationshipName = Annotated[
    str | None,
    Query(
        alias="relationship",
        max_length=64,
        pattern="^[0-9A-Z]{18}/[0-9A-Z]{18}$",
        description="`<MAH>/<CMO>`; not needed where this gateway has one relationship",
    ),
]
Mah = Annotated[str, Path(pattern=_USCC, description="the holder's unified social credit code")]
Cmo = Annotated[str, Path(pattern=_USCC, description="the manufacturer's unified social credit code")]
Writer = Annotated[Literal["mah", "cmo"], Path(description="who writes the journal")]
JournalName = Annotated[
    Literal["mah", "cmo"] | None, Query(alias="journal", description="which of two events that crossed with one id")
]


def named(reading: Reading, name: str) -> StoredRelationship:
    """Return the relationship of a name.

    Raises:
        Problem: `not-found`.
    """
    for each in reading.relationships():
        if str(each.relationship) == name:
            return each
    raise Problem("not-found", f"this gateway has no relationship {name}")


def one(reading: Reading, name: str | None) -> StoredRelationship:
    """Return the relationship of a name, or the only one.

    Raises:
        Problem: `not-found`; `not-paired` where there is none; `validation` where there are several.
    """
    if name is not None:
        return named(reading, name)
    found = reading.relationships()
    if not found:
        raise Problem("not-paired", "this gateway has no partner yet; try: counterfoil partner invite")
    if len(found) > 1:
        raise validation("relationship", "this gateway has several; say which: <MAH>/<CMO>")
    return found[0]


def chosen(reading: Reading, name: str | None) -> list[StoredRelationship]:
    """Return the relationship of a name, or all.

    Raises:
        Problem: `not-found`.
    """
    return list(reading.relationships()) if name is None else [named(reading, name)]


def journal(reading: Reading, mah: str, cmo: str, writer: str) -> tuple[StoredRelationship, Role]:
    """Return the journal that a path names.

    Raises:
        Problem: `not-found`.
    """
    return named(reading, f"{mah}/{cmo}"), Role(writer)


def keys_of(stored: StoredRelationship, role: Role) -> PartyKeys | None:
    """Return the public keys of a party, None before its invitation is there."""
    raw = stored.own_invitation if role is stored.own_role else stored.partner_invitation
    return None if raw is None else _keys(raw)


def numbered(relationships: list[StoredRelationship]) -> dict[int, Relationship]:
    """Return names by number."""
    return {each.number: each.relationship for each in relationships}


@lru_cache(maxsize=256)
def _keys(invitation: bytes) -> PartyKeys:
    return Invitation.parse(invitation).party_keys
