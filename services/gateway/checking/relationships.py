"""A relationship as it is kept: the two invitations, and what both parties' first entries say of the same keys."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.judging.subjects import OPENED
from events.catalogue.opening import RelationshipOpened
from events.catalogue.registry import decode_body, event_type
from events.encoding.canonical import decode
from events.encoding.identifiers import Role
from events.errors import EvidenceError
from events.pairing import Invitation
from services.gateway.checking.findings import Findings, Place
from services.gateway.checking.journals import ROLE_OF, JournalName
from services.gateway.ports.store import Reading
from services.gateway.ports.stored_rows import Row


@dataclass(frozen=True, slots=True)
class Parties:
    """A relationship with the invitations that can be read, by role."""

    number: int
    name: str
    own_role: Role | None
    invitations: dict[Role, Invitation]

    def journals(self) -> Iterator[JournalName]:
        """Yield the two journals."""
        for role in Role:
            invitation = self.invitations.get(role)
            key = None if invitation is None else invitation.party_keys.journal
            yield JournalName(self.number, role, f"counterfoil/{self.name}/{role.value}", key)


def read_parties(row: Row, findings: Findings) -> Parties:
    """Read a relationship's row; what is wrong with it is noted."""
    findings.saw("relationship")
    name, own = f"{row['mah']}/{row['cmo']}", ROLE_OF.get(row["own_role"])
    found: dict[Role, Invitation] = {}
    for column in ("own_invitation", "partner_invitation"):
        if row[column] is None:
            continue
        place = Place("relationship", name, None, column)
        try:
            invitation = Invitation.parse(bytes(row[column]))
        except EvidenceError as error:
            findings.add(place, error.detail)
            continue
        if str(invitation.relationship) != name or (invitation.role is own) is not (column == "own_invitation"):
            findings.add(place, "the invitation to another relationship, or of the other side")
        found[invitation.role] = invitation
    return Parties(row["number"], name, own, found)


def check_opened(parties: Parties, reading: Reading, findings: Findings) -> None:
    """Compare what each accepted entry 0 says of the two parties with the invitations."""
    for role in Role:
        for entry in reading.entries(parties.number, role, 0, 1):
            if entry.code is None and entry.type == OPENED and entry.body is not None:
                _compare(_opened(entry.body), parties, role, findings)


def _opened(body: bytes) -> RelationshipOpened | None:
    type_ = event_type(OPENED)
    try:
        read = None if type_ is None else decode_body(type_, decode(body))
    except EvidenceError:
        return None
    return read if isinstance(read, RelationshipOpened) else None


def _compare(opened: RelationshipOpened | None, parties: Parties, role: Role, findings: Findings) -> None:
    place = Place("relationship", parties.name, None, f"keys, entry 0 of {role.value}")
    if opened is None:
        findings.add(place, "its body cannot be read")
        return
    for other, invitation in parties.invitations.items():
        party, keys = opened.party(other), invitation.party_keys
        if (party.uscc, list(party.keys), party.label_key) != (invitation.party, keys.texts(), keys.label_key):
            findings.add(place, f"other keys of the {other.value} than its invitation")
