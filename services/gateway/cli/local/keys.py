"""`counterfoil keys`: the public halves of the keys, and the fingerprint that both parties compare by telephone."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from events.pairing import Invitation, PartyKeys
from events.stored.relationship import StoredRelationship
from services.gateway.cli.errors import RefusedError
from services.gateway.cli.local.tokens import opened
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.exchange.pairing import fingerprint_of
from services.gateway.settings import Settings

ROOM = Room("keys", "Public keys of both parties.")

_PLACES = ("journal", "journal seal", "mirror", "mirror seal", "recovery")


@ROOM.local("list")
def list_(session: Session) -> None:
    """List the public keys of this party and of its partners."""
    rows = [row for stored in relationships(session.settings) for row in _rows(stored)]
    if session.as_json:
        session.output.json({"data": rows})
        return
    columns = ("relationship", "role", "use", "key")
    session.output.table(columns, [[row[name] for name in columns] for row in rows])


@ROOM.local("fingerprint")
def fingerprint_(
    session: Session,
    relationship: Annotated[
        str | None, typer.Argument(metavar="RELATIONSHIP", help="MAH/CMO; may be left out.")
    ] = None,
) -> None:
    """Show the fingerprint over all keys of both parties: read it to each other by telephone."""
    found = [each for each in relationships(session.settings) if relationship in (None, str(each.relationship))]
    if not found:
        raise RefusedError("there is no such relationship", hint="counterfoil partner invite")
    said = {str(each.relationship): shown_fingerprint(each) for each in found}
    if session.as_json:
        session.output.json(said)
        return
    for name, digits in said.items():
        session.output.raw(digits if len(said) == 1 else f"{name}  {digits}")


def relationships(settings: Settings) -> Sequence[StoredRelationship]:
    """Return all relationships of this gateway."""
    with opened(settings) as store, store.reading() as reading:
        return reading.relationships()


def shown_fingerprint(stored: StoredRelationship) -> str:
    """Return the fingerprint of a relationship.

    Raises:
        RefusedError: the partner's invitation was not accepted yet.
    """
    digits = fingerprint_of(stored)
    if digits is None:
        raise RefusedError("the partner's invitation is not accepted yet", hint="counterfoil partner accept FILE")
    return digits


def _parties(stored: StoredRelationship) -> Iterator[tuple[str, PartyKeys]]:
    for raw in (stored.own_invitation, stored.partner_invitation):
        if raw is not None:
            invitation = Invitation.parse(raw)
            yield invitation.role.value, invitation.party_keys


def _rows(stored: StoredRelationship) -> Iterator[dict[str, str]]:
    for role, keys in _parties(stored):
        for use, key in zip((*_PLACES, "labels"), (*keys.texts(), keys.label_key), strict=True):
            yield {"relationship": str(stored.relationship), "role": role, "use": use, "key": key}
