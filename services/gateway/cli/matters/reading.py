"""Finds the matter that a person means, by its id or by what people call it."""

from collections.abc import Iterable, Mapping
from typing import Any

from events.encoding.identifiers import is_uuid
from services.gateway.api.addresses import Address
from services.gateway.cli.errors import RefusedError
from services.gateway.cli.matters.labels import CATEGORY_OF
from services.gateway.cli.matters.names import group_name
from services.gateway.cli.remote.items import ITEMS
from services.gateway.cli.remote.registers import register_rows
from services.gateway.cli.session import Session

_BY = ("number", "person")  # what people know a row by, beside its id

Row = Mapping[str, Any]


def item_named(session: Session, address: Address, written: str) -> str:
    """Return the id of a matter by its id, or by the number (in a register of people: the person) that it is known by.

    Raises:
        RefusedError: there is none, or there are several.
    """
    if is_uuid(written):
        return written
    if address.kind in CATEGORY_OF:
        rows = session.client.rows(ITEMS, {"category": CATEGORY_OF[address.kind], "text": written})
    else:
        rows = register_rows(session, address)
    return str(_only(written, rows, f"counterfoil {group_name(address)} list")["item"])


def opening_of(session: Session, written: str, relationship: str | None) -> dict[str, Any]:
    """Return the reference to the entry that opened an item of the list, by its id or number.

    Raises:
        RefusedError: there is none, or there are several.
    """
    if is_uuid(written):
        return dict(session.client.get(f"{ITEMS}/{written}")["opened_by"])
    rows = session.client.rows(ITEMS, {"text": written})
    among = (row for row in rows if relationship in (None, row.get("relationship")))
    return dict(_only(written, among, "counterfoil list")["opened_by"])


def _only(written: str, rows: Iterable[Row], listing: str) -> Row:
    found = {str(row["item"]): row for row in rows if written in [row.get(name) for name in _BY]}
    if not found:
        raise RefusedError("none is called {number}", hint="{listing}", number=written, listing=listing)
    if len(found) > 1:
        ids = " ".join(sorted(found))
        raise RefusedError("several are called {number}: {ids}", hint="one of the ids", number=written, ids=ids)
    return next(iter(found.values()))
