"""Pairing two gateways: an invitation goes each way, people compare the fingerprint, each side commits its entry 0."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from domain.errors import DomainError
from domain.relationship.commands import OpenRelationship, open_relationship
from events.catalogue.opening import Party
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Relationship, Role, is_uscc, uuid7
from events.pairing import Invitation, fingerprint, have_a_key_in_common
from events.stored.journal import StoredEntry
from events.stored.relationship import StoredRelationship
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.jobs import CommandJob, Decision, Situation
from services.gateway.ports.keys import KeyRing


class PairingError(DomainError):
    """The pairing cannot go on so; the text names the field or the step."""

    code = "pairing.refused"
    slug = "validation"


class FingerprintDiffersError(PairingError):
    """The fingerprint that a person read is not the one of these keys: somebody is between the two."""

    code = "pairing.fingerprint_differs"


@dataclass(frozen=True, slots=True)
class OwnParty:
    """Who runs this gateway: the party's code and name, the address of its wire, its side."""

    uscc: str
    name: str
    role: Role
    wire: str

    def relationship_with(self, partner: str) -> Relationship:
        """Return the relationship with a partner.

        Raises:
            PairingError: the partner's code is wrong, or it is the party itself.
        """
        if not is_uscc(partner):
            raise PairingError(
                f"partner: {partner[:40]!r} is no unified social credit code (18 characters, GB 32100-2015)"
            )
        if partner == self.uscc:
            raise PairingError("partner: that is this gateway's own party")
        return Relationship(self.uscc, partner) if self.role is Role.MAH else Relationship(partner, self.uscc)


def new_relationship(own: OwnParty, number: int, relationship: Relationship, keys: KeyRing) -> StoredRelationship:
    """Return a relationship with the own invitation in it."""
    invitation = Invitation(
        party=own.uscc,
        role=own.role,
        name=own.name,
        relationship=relationship,
        party_keys=keys.party_keys,
        wire=own.wire,
        topic=relationship.topic(own.role),
    )
    return StoredRelationship(number, relationship, own.role, invitation.dump())


def check_partner(own: OwnParty, invitation: Invitation) -> None:
    """Ask that an invitation is of the other side of a relationship of this party.

    Raises:
        PairingError: it is not; the text names the field.
    """
    if invitation.role is own.role:
        raise PairingError(f"role: this gateway is the {own.role.value} too; try: the partner's invitation")
    if invitation.relationship.party(own.role) != own.uscc:
        raise PairingError(f"relationship: {invitation.relationship} is not one of {own.uscc}")
    if invitation.generation != 1:
        raise PairingError(f"keys: of generation {invitation.generation}; try: the invitation to the first")


def check_keys_are_new(invitation: Invitation, known: Iterable[StoredRelationship]) -> None:
    """Ask that no key of an invitation is known here already, as anybody else's or of another relationship.

    Raises:
        PairingError: one raw key would have two names.
    """
    for stored in known:
        others = [stored.own_invitation]
        if stored.relationship != invitation.relationship and stored.partner_invitation is not None:
            others.append(stored.partner_invitation)
        for raw in others:
            if have_a_key_in_common(invitation.party_keys, Invitation.parse(raw).party_keys):
                raise PairingError("keys: one of them is in use already; one raw key has one name and one type")


def fingerprint_of(stored: StoredRelationship) -> str | None:
    """Return what both parties read to each other, None before the partner's invitation is here."""
    if stored.partner_invitation is None:
        return None
    both = [Invitation.parse(raw).party_keys for raw in (stored.own_invitation, stored.partner_invitation)]
    vkeys = [vkey for keys in both for vkey in keys.vkeys]
    return fingerprint(vkeys, [keys.label_key for keys in both])


def confirmation(
    channel: Channel,
    actor: str,
    said: str,
    identity: Callable[[int], bytes],
    *,
    caller: str = "",
    key: str | None = None,
) -> CommandJob:
    """Return the command that commits entry 0, once a person has compared the fingerprint.

    Raises:
        PairingError: there is no invitation of the partner yet.
        FingerprintDiffersError: the person read something else.
    """
    shown = fingerprint_of(channel.stored)
    if shown is None:
        raise PairingError("the partner's invitation is missing; try: counterfoil partner accept FILE")
    if " ".join(said.lower().split()) != shown:
        raise FingerprintDiffersError(
            "this is not the fingerprint of the two parties' keys; do not go on by any other way"
        )

    def decide(situation: Situation) -> Decision:
        milliseconds = int(situation.at.timestamp() * 1000)
        command = OpenRelationship(uuid7(milliseconds, identity(10)), *_parties(channel.stored), shown)
        if channel.own.size:
            return Decision([], lambda _: {"relationship": str(channel.relationship), "fingerprint": shown}, status=200)
        drafts = open_relationship(command, situation.context, actor, situation.at)
        return Decision(drafts, lambda written: _answer(channel, shown, written[0]), confirms_pairing=True)

    return CommandJob(
        relationship=channel.number,
        actor=actor,
        decide=decide,
        caller=caller,
        key=key,
        digest=shown.encode(),
        needs_partner=False,
        guarded=False,
    )


def _parties(stored: StoredRelationship) -> tuple[Party, Party]:
    """Return the MAH and the CMO, as both sides' entries 0 name them."""
    found = {}
    for raw in (stored.own_invitation, stored.partner_invitation):
        invitation = Invitation.parse(raw or b"")
        keys = invitation.party_keys
        found[invitation.role] = Party(
            uscc=invitation.party, name=invitation.name, keys=keys.texts(), label_key=keys.label_key
        )
    return found[Role.MAH], found[Role.CMO]


def _answer(channel: Channel, shown: str, entry: StoredEntry) -> dict[str, object]:
    return {
        "relationship": str(channel.relationship),
        "fingerprint": shown,
        "id": entry.id,
        "position": entry.position,
        "leaf": encode_base64(entry.leaf),
        "sequence": entry.sequence,
    }
