"""A manufacturer that serves two holders: three real gateways in this process, on one wire, paired and with records.

Everything that belongs to the second holder carries a canary, so that it is known wherever it turns up.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

from events.catalogue.event_types import Author
from events.encoding.identifiers import Role, uscc_check_character
from events.journal.wire import WireRecord
from events.pairing import Invitation
from infra.keys.party import Party, write_party
from infra.wire.opening import open_wire
from services.gateway.access.roles import PERMISSIONS
from services.gateway.access.tokens import TokenRequest, create_token
from services.gateway.api.addresses import ADDRESSES, Address
from services.gateway.api.matters import type_of
from services.gateway.assembly import build
from services.gateway.exchange.gateway import Gateway
from services.gateway.settings import load_settings
from tests.attack.serving import wait_until
from tests.events.catalogue.sampling import sample
from tests.services.api.stepped import PROFILES, Desk, Http, Person, app_of
from tests.services.api.test_documents import AGREEMENT, list_rows

CANARY = "cnry-7f3a9b"
PASSPHRASE = f"{CANARY}-passphrase"
EVERYBODY = "person/everybody"
"""Somebody who was given every role that a person may have."""


@dataclass(frozen=True)
class Ids:
    """What a relationship is known by from outside."""

    relationship: str
    item: str
    agreement: str
    listing: str
    event: str
    token: str
    file: str  # SHA-256 of what is attached to the item
    matters: Mapping[str, str]  # items of the quality core, by the plural of their addresses

    @property
    def mah(self) -> str:
        return self.relationship.partition("/")[0]

    @property
    def cmo(self) -> str:
        return self.relationship.partition("/")[2]


@dataclass(frozen=True)
class TwoPartners:
    """The manufacturer's desk, and what it has with its first and with its second holder."""

    desk: Desk
    gateway: Gateway
    data: Path
    own: Ids
    other: Ids

    def bound(self, role: str, relationship: str | None, actor: str = EVERYBODY) -> Person:
        """Somebody whose token sees one relationship, or all."""
        request = TokenRequest(actor, role, "test", timedelta(days=1), relationship)
        made = create_token(self.gateway.store, request, self.gateway.clock.now(), self.gateway.chance)
        return Person(self.desk, made.secret)

    def spoil(self, relationship: str) -> None:
        """Let a stranger write garbage with the canary to the partner's topic, and wait until it is set aside."""
        with self.gateway.store.reading() as reading:
            stored = next(each for each in reading.relationships() if str(each.relationship) == relationship)
        topic = Invitation.parse(stored.partner_invitation or b"").topic
        wire = open_wire(self.gateway.party.wire)
        wire.publish(topic, [WireRecord("page", f"garbage {CANARY}".encode())])
        wire.close()
        operator = self.bound("operator", None)
        wait_until(lambda: operator.get("/v1/quarantine", relationship=relationship).json()["data"])

    def written(self) -> int:
        """Count the entries in all journals that a command, not the exchange itself, brought about."""
        with self.gateway.store.reading() as reading:
            return sum(entry.type != "journal.taken.v1" for _, entry in reading.since(0, 10_000))


@contextmanager
def two_partners(folder: Path) -> Iterator[TwoPartners]:
    with ExitStack() as ending:
        cmo, first, second = (
            ending.enter_context(running(folder, role, number))
            for role, number in ((Role.CMO, 0), (Role.MAH, 1), (Role.MAH, 2))
        )
        desks = [desk_of(gateway) for gateway in (cmo, first, second)]
        relationships = [paired(desks[0], partner) for partner in desks[1:]]
        own, other = (
            _recorded(desks[0], holder, name, mark)
            for holder, name, mark in zip(desks[1:], relationships, ("plain", CANARY), strict=True)
        )
        yield TwoPartners(desks[0], cmo, folder / "cmo0", own, other)


def code_of(role: Role, number: int) -> str:
    """A social credit code."""
    body = f"{'91310115' if role is Role.MAH else '91320594'}MA1X8YY{number}{role is Role.MAH:d}"
    return body + uscc_check_character(body)


@contextmanager
def running(folder: Path, role: Role, number: int, wire: str = "") -> Iterator[Gateway]:
    data = folder / f"{role.value}{number}"
    settings = load_settings(
        {
            "COUNTERFOIL_DATA": str(data),
            "COUNTERFOIL_WIRE": wire or f"embedded:{folder / 'wire.sqlite'}",
            "COUNTERFOIL_PASSPHRASE": PASSPHRASE,
            "COUNTERFOIL_HEARTBEAT_SECONDS": "0.2",
        }
    )
    write_party(data, Party(code_of(role, number), f"示例 {role.value} {number}"))
    gateway = build(settings, PROFILES[role])
    gateway.start()
    try:
        yield gateway
    finally:
        gateway.stop()


def desk_of(gateway: Gateway) -> Desk:
    return Desk(gateway, Http(app_of(gateway)))  # type: ignore[arg-type] # the real engine has what a desk asks for


def paired(cmo: Desk, mah: Desk) -> str:
    """Invite each other, compare the fingerprint, confirm; return the relationship."""
    codes = [desk.gateway.party.uscc for desk in (mah, cmo)]
    people = [desk.as_("operator", "person/op") for desk in (cmo, mah)]
    wanted = zip(people, codes, strict=True)
    files = [each.does("/v1/partners/invitations", {"partner_uscc": code}) for each, code in wanted]
    told = [each.does("/v1/partners", file) for each, file in zip(people, reversed(files), strict=True)]
    name: str = told[0]["relationship"]
    for desk in (cmo, mah):
        body = {"fingerprint": told[0]["fingerprint"]}
        desk.as_("admin", "person/admin").does(f"/v1/partners/{name}/confirmation", body)
    for person in people:
        wait_until(lambda person=person: person.get(f"/v1/partners/{name}").json()["paired"])  # type: ignore[misc] # bound now
    return name


def _employed(desk: Desk, where: dict[str, str]) -> tuple[Person, Person]:
    """Give people roles; return the administrator and the quality manager."""
    admin, person = desk.as_("admin", "person/admin"), desk.as_("qa_manager", EVERYBODY)
    admin.does("/v1/people/admin/authorisations", {**where, "roles": ["admin"]})
    admin.does("/v1/people/everybody/authorisations", {**where, "roles": sorted(PERMISSIONS.keys() - {"integrator"})})
    return admin, person


def _recorded(desk: Desk, holder: Desk, relationship: str, mark: str) -> Ids:
    """Record something of each kind that bears the mark; what only the holder opens, the holder does."""
    where = {"relationship": relationship}
    admin, person = _employed(desk, where)
    _, partner = _employed(holder, where)
    admin.does("/v1/people/everybody/name", {**where, "name": f"名 {mark}", "contact": f"{mark}@example.com"})
    opening = {**where, "title": f"题 {mark}", "detected_at": "2026-11-22", "line": mark, "class": "minor"}
    content = f"file {mark}".encode()
    file = sha256(content).hexdigest()
    attached = {"sha256": file, "name": mark, "size": len(content)}
    person.put(f"/v1/blobs/{file}", content, relationship=relationship).raise_for_status()
    opened = person.does("/v1/deviations", {**opening, "rationale": mark, "attachments": [attached]}, wait=30)
    person.does("/v1/calendars", {**where, "year": 2026})
    products = [{"name": mark, "code": mark}]
    agreement = person.does("/v1/agreements", {**where, **AGREEMENT, "products": products})["document"]
    person.does(f"/v1/agreements/{agreement}/signatures", {"signature": SIGNATURE})
    rows = [{**row, "responsibilities": mark} for row in list_rows()]
    draft = _draft_of(person, agreement)
    listing = person.does("/v1/communication-lists", {**where, "rows": rows, "agreement": draft})["document"]
    token = admin.does("/v1/tokens", {**where, "actor": "system/mes", "role": "integrator", "label": mark})["id"]
    matters: dict[str, str] = {}
    for address in ADDRESSES:
        known = _of_another_product(person, matters) if address.kind == "batch" else {}
        is_holders = type_of(address.kind, address.openings[""]).author is Author.MAH
        opener = partner if is_holders else person
        item = matters[address.plural] = _opened(opener, address, where, mark, draft, **known)
        if is_holders:
            wait_until(lambda item=item: person.get(f"/v1/communications/{item}").status_code == HTTPStatus.OK)  # type: ignore[misc] # bound now
    return Ids(relationship, opened["item"], agreement, listing, opened["events"][0]["id"], token, file, matters)


def _opened(
    person: Person, address: Address, where: dict[str, str], mark: str, agreement: dict[str, Any], **known: Any
) -> str:
    """Open a matter of the quality core that bears the mark."""
    stated = sample(type_of(address.kind, address.openings[""]).name)
    values = {name: value for name, value in stated.items() if name not in ("salt", "deviation", "risk", "cause")}
    values |= {"signature": SIGNATURE} if "signature" in stated else {}
    values |= {"agreement": agreement} if "agreement" in stated else {}
    values |= {"owner": where["relationship"].partition("/")[0]} if "owner" in stated else {}
    values |= {"material": mark} if "material" in stated else {}
    values |= known
    values |= (
        {"source": mark}
        if "source" in stated
        else {"responsibilities" if "responsibilities" in stated else "qualification": mark}
    )
    item: str = person.does(f"/v1/{address.plural}", {**values, **where})["item"]
    return item


def _of_another_product(person: Person, matters: Mapping[str, str]) -> dict[str, Any]:
    """Return what a batch needs: documents of the holder, and a product and place that nothing suspends."""
    plurals = {"process_version": "process-versions", "standard_version": "standard-versions"}
    rows = {name: person.get(f"/v1/communications/{matters[plural]}").json() for name, plural in plurals.items()}
    documents = {name: row["opened_by"] for name, row in rows.items()}
    place = {"product": {"name": "P-99", "code": "P-99"}, "line": "L-99", "site": "S-99"}
    return {**documents, **place, "number": "B-99", "lots": [], "parents": []}


SIGNATURE = {"meaning": "approved", "reason": "双方一致"}


def _draft_of(person: Person, agreement: str) -> dict[str, Any]:
    shown = person.get(f"/v1/agreements/{agreement}").json()
    entry: dict[str, Any] = shown["versions"][0]["entry"]
    return entry
