"""Pairing that cannot stand: other keys than the partner's, keys that are in use already, a later generation."""

from dataclasses import replace
from hashlib import sha256

import pytest

from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Relationship, Role
from events.errors import EntryError
from events.pairing import Invitation, PartyKeys
from events.stored.relationship import StoredRelationship
from infra.keys.ring import SEEDS, KeyRing, recovery_vkey
from services.gateway.exchange.errors import NotPairedYetError
from services.gateway.exchange.pairing import (
    OwnParty,
    PairingError,
    check_keys_are_new,
    check_partner,
    new_relationship,
)
from services.gateway.exchange.sending.heart import Heart
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import entry_by, send
from tests.services.exchange.world import Side, World, keys_of

NOT_PAIRED = "relationship.not_paired"


def other_keys(role: Role, relationship: Relationship = RELATIONSHIP, generation: int = 1) -> PartyKeys:
    """Keys in the right places that are not those of the cast."""
    origin = relationship.origin(role, generation)
    *seeds, recovery = (sha256(f"other {origin} {name}".encode()).digest() for name in (*SEEDS, "recovery"))
    return KeyRing(origin, dict(zip(SEEDS, seeds, strict=True)), recovery_vkey(origin, recovery)).party_keys


def pair_with_another_mirror_key(strangers: World) -> World:
    """Somebody between the two gave the manufacturer another mirror key of the holder, and nobody compared."""
    mah, cmo = strangers.mah.invite(), strangers.cmo.invite()
    exchanged = replace(mah, party_keys=replace(mah.party_keys, mirror=other_keys(Role.MAH).mirror))
    strangers.mah.confirm(strangers.mah.accept(cmo))
    strangers.cmo.confirm(strangers.cmo.accept(exchanged))
    return strangers.settle()


def heart_of(side: Side) -> Heart:
    channels = lambda: side.writer.channels  # noqa: E731 - one expression
    return Heart(channels, side.run, side.clock, side.guard, side.alarms, heartbeat_seconds=5, silence_seconds=3600)


def test_entries_0_that_name_other_keys_are_taken_in_and_nothing_is_said_on_them(strangers: World) -> None:
    world = pair_with_another_mirror_key(strangers)

    for side in world.sides:
        assert [entry.code for entry in side.entries(side.role.other)] == [None]
        assert len(side.entries(side.role)) == 1
        assert NOT_PAIRED in side.alarms.codes
        assert not side.channel.is_paired


def test_without_a_pairing_that_stands_the_heart_writes_nothing_and_people_are_called_after_a_restart_too(
    strangers: World,
) -> None:
    world = pair_with_another_mirror_key(strangers)
    world.mah.restart()
    world.mah.alarms.heard.clear()
    heart = heart_of(world.mah)
    for _ in range(3):
        world.clock.move(5)
        heart.tick()

    assert NOT_PAIRED in world.mah.alarms.codes
    assert len(world.mah.entries(Role.MAH)) == 1
    with pytest.raises(NotPairedYetError):
        world.mah.write(lambda _: [])


def test_whatever_else_comes_without_a_pairing_is_refused_and_the_taking_in_goes_on(strangers: World) -> None:
    world = pair_with_another_mirror_key(strangers)
    opened = world.mah.entries(Role.MAH)[0]
    named = [{"position": 0, "leaf": encode_base64(opened.leaf), "code": "entry.malformed", "detail": ""}]
    subject = "journal/019aa9c4-3c1b-7000-8000-000000000001"
    refusal = entry_by(world.cmo, "entry.refused.v1", subject, {"refused": named}, actor="system/gateway", seen=1)
    send(world.cmo, refusal, entry_by(world.cmo, "journal.taken.v1", subject, {"size": 1}, number=2, revision=2))
    world.mah.read()

    codes = [entry.code for entry in world.mah.entries(Role.CMO)]
    assert codes == [None, None, "entry.not_permitted"]
    assert len(world.mah.entries(Role.MAH)) == 1


def test_an_invitation_with_a_key_that_is_in_use_here_is_not_accepted() -> None:
    own = new_relationship_of(Role.MAH)
    keys = keys_of(RELATIONSHIP, Role.CMO).party_keys
    borrowed = keys_of(RELATIONSHIP, Role.MAH).party_keys.journal.public
    mine = replace(keys, recovery=replace(keys.recovery, public=borrowed))

    check_keys_are_new(invitation(keys), [own])
    with pytest.raises(PairingError, match="one raw key"):
        check_keys_are_new(invitation(mine), [own])


def test_an_invitation_with_a_partners_key_of_another_relationship_is_not_accepted() -> None:
    elsewhere = Relationship(RELATIONSHIP.cmo, RELATIONSHIP.mah)
    theirs = other_keys(Role.CMO, elsewhere)
    other = new_relationship_of(Role.MAH, elsewhere)
    known = replace(other, number=2, partner_invitation=invitation(theirs, elsewhere).dump())
    keys = other_keys(Role.CMO)
    again = replace(keys, label_key=theirs.label_key)

    check_keys_are_new(invitation(keys), [known])
    with pytest.raises(PairingError, match="one raw key"):
        check_keys_are_new(invitation(again), [known])


def test_the_same_invitation_again_and_another_one_before_the_confirmation_are_taken() -> None:
    keys = other_keys(Role.CMO)
    known = replace(new_relationship_of(Role.MAH), partner_invitation=invitation(keys).dump())

    check_keys_are_new(invitation(keys), [known])
    changed = replace(keys, label_key=keys_of(RELATIONSHIP, Role.CMO).party_keys.label_key)
    check_keys_are_new(invitation(changed), [known])


def test_an_invitation_to_a_later_generation_pairs_nobody(strangers: World) -> None:
    later = other_keys(Role.CMO, generation=2)
    topic = RELATIONSHIP.topic(Role.CMO, 2)

    with pytest.raises(PairingError, match="generation 2"):
        check_partner(strangers.mah.own, replace(strangers.cmo.invite(), party_keys=later, topic=topic))


def test_an_entry_0_in_which_both_parties_have_one_key_is_not_written(strangers: World) -> None:
    mah, cmo = strangers.mah.invite(), strangers.cmo.invite()
    borrowed = replace(cmo.party_keys, recovery=replace(cmo.party_keys.recovery, public=mah.party_keys.mirror.public))
    fingerprint = strangers.mah.accept(replace(cmo, party_keys=borrowed))

    with pytest.raises(EntryError, match="one raw key"):
        strangers.mah.confirm(fingerprint)
    assert strangers.mah.entries(Role.MAH) == []


def new_relationship_of(role: Role, relationship: Relationship = RELATIONSHIP) -> StoredRelationship:
    """A relationship of this gateway that nobody has answered yet."""
    own = OwnParty(relationship.party(role), "示例", role, "embedded:wire")
    return new_relationship(own, 1, relationship, keys_of(relationship, role))


def invitation(keys: PartyKeys, relationship: Relationship = RELATIONSHIP) -> Invitation:
    return Invitation(
        party=relationship.cmo,
        role=Role.CMO,
        name="受托方 示例",
        relationship=relationship,
        party_keys=keys,
        wire="embedded:wire",
        topic=relationship.topic(Role.CMO),
    )
