"""Pages that are forged, foreign, turned round or counted wrong, by their carrier or under their author's own key."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import count

import pytest

from events.encoding.identifiers import Relationship, Role
from events.errors import PageError
from events.journal.checkpoint import Checkpoint
from events.journal.page import Page, make_page, parse_page
from events.journal.tree import node_hash
from events.notes.note import SignatureLine, format_note
from services.gateway.exchange.channel import MAX_WAITING_PAGES
from tests.events.golden import edwards
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.fakes import SeededChance
from tests.services.exchange.liar import codes, deviation_by, page_of, put
from tests.services.exchange.world import World, keys_of

ORIGIN = RELATIONSHIP.origin(Role.CMO)
SIGNER = keys_of(RELATIONSHIP, Role.CMO).journal_signer
TURNED_ROUND = Relationship(RELATIONSHIP.cmo, RELATIONSHIP.mah)


def lines(world: World, many: int = 2) -> list[bytes]:
    return [deviation_by(world.cmo, number).line for number in range(1, many + 1)]


def signed_with(page: Page, signature: bytes) -> bytes:
    line = page.signed_note.signatures[0]
    note = format_note(page.signed_note.text, [SignatureLine(line.name, line.key_id, signature)])
    return replace(page, note=note).encode()


def of_another_relationship(world: World) -> bytes:
    """The same firm's, with the roles turned round: its name, and its key for that relationship."""
    page = page_of(world.cmo, lines(world))
    origin = TURNED_ROUND.origin(Role.MAH)
    signer = keys_of(TURNED_ROUND, Role.MAH).journal_signer
    return make_page(Checkpoint(origin, page.end, page.checkpoint.root), page.lines, signer).encode()


def of_another_relationship_renamed(world: World) -> bytes:
    """As above, with this journal's name written over it: the signature is not of this journal's key."""
    return of_another_relationship(world).replace(TURNED_ROUND.origin(Role.MAH).encode(), ORIGIN.encode())


def of_a_trial_run(world: World) -> bytes:
    """The same names, and keys of another installation."""
    page = page_of(world.cmo, lines(world))
    seeds = SeededChance("trial")
    key = edwards.encode(edwards.times(int.from_bytes(seeds(8), "big"), edwards.BASE))
    assert key != SIGNER.vkey.public
    return signed_with(page, edwards.sign_with_torsion(seeds(32), page.signed_note.text, edwards.NEUTRAL))


def with_s_plus_l(world: World) -> bytes:
    page = page_of(world.cmo, lines(world))
    return signed_with(page, edwards.malleate(page.signed_note.signatures[0].signature))


def signed_twice(world: World) -> bytes:
    page = page_of(world.cmo, lines(world))
    return replace(page, note=format_note(page.signed_note.text, page.signed_note.signatures * 2)).encode()


def turned_round(world: World) -> bytes:
    page = page_of(world.cmo, lines(world))
    return replace(page, lines=page.lines[::-1]).encode()


def with_another_entry(world: World) -> bytes:
    page = page_of(world.cmo, lines(world))
    return replace(page, lines=(page.lines[0], deviation_by(world.cmo, 3).line)).encode()


def last_entry_twice(world: World) -> bytes:
    """As in trees that double their last leaf: the root is that of one entry, the page says two."""
    page = page_of(world.cmo, lines(world, 1))
    checkpoint = Checkpoint(ORIGIN, page.end + 1, page.checkpoint.root)
    return make_page(checkpoint, page.lines * 2, SIGNER).encode()


def node_as_leaf(world: World) -> bytes:
    """Two honest entries as one line: what is hashed into their node, signed as a tree of one leaf more.

    In a tree whose leaves have no prefix of their own the line is the node, and the root is right.
    """
    pairs = ([deviation_by(world.cmo, number + place).leaf for place in (0, 1)] for number in count(1))
    leaves = next(pair for pair in pairs if not {10, 9} & set(pair[0] + pair[1]))  # a line has no newline and no tab
    line = b"\x01" + leaves[0] + leaves[1]
    assert sha256(line).digest() == node_hash(*leaves)
    held = world.cmo.channel.own.frontier.root()
    root = node_hash(held, node_hash(*leaves))
    return make_page(Checkpoint(ORIGIN, 3, root), [line], SIGNER).encode()


def size_too_small(world: World) -> bytes:
    page = page_of(world.cmo, lines(world))
    return (
        make_page(Checkpoint(ORIGIN, page.end - 1, page.checkpoint.root), page.lines, SIGNER)
        .encode()
        .replace(b"\n1\n{", b"\n2\n{")
    )


def size_too_large(world: World) -> bytes:
    page = page_of(world.cmo, lines(world))
    raw = make_page(Checkpoint(ORIGIN, 2**53, page.checkpoint.root), page.lines, SIGNER).encode()
    return raw.replace(b"\n%d\n{" % (2**53 - 2), b"\n2\n{")


def too_many_entries(world: World) -> bytes:
    many = [b"{}"] * 4097
    page = page_of(world.cmo, many)
    assert len(page.encode()) < 524_288
    return page.encode()


def nothing_in_it(world: World) -> bytes:
    page = page_of(world.cmo, lines(world))
    return replace(page, lines=()).encode()


def of_the_root_of_another_tree(world: World) -> bytes:
    return make_page(Checkpoint(ORIGIN, 4, bytes(32)), lines(world), SIGNER).encode()


LIES: list[tuple[Callable[[World], bytes], str]] = [
    (of_another_relationship, "page.wrong_journal"),
    (of_another_relationship_renamed, "page.signature_invalid"),
    (of_a_trial_run, "page.signature_invalid"),
    (with_s_plus_l, "page.signature_invalid"),
    (signed_twice, "page.malformed"),
    (turned_round, "page.root_mismatch"),
    (with_another_entry, "page.root_mismatch"),
    (last_entry_twice, "page.root_mismatch"),
    (node_as_leaf, "page.root_mismatch"),
    (size_too_small, "page.malformed"),
    (size_too_large, "page.malformed"),
    (too_many_entries, "page.too_large"),
    (nothing_in_it, "page.malformed"),
    (of_the_root_of_another_tree, "page.root_mismatch"),
]


@pytest.mark.parametrize(("lie", "code"), LIES, ids=lambda each: getattr(each, "__name__", ""))
def test_a_page_that_lies_goes_to_quarantine_and_the_next_honest_one_is_taken_in(
    world: World, lie: Callable[[World], bytes], code: str
) -> None:
    put(world.cmo, lie(world))
    world.mah.read()

    assert world.mah.quarantined() == [code]
    assert world.mah.channel.held.size == 2
    assert world.mah.channel.waiting == {}
    assert not world.mah.channel.conflict
    world.cmo.open_deviation("D-1")
    world.settle()
    assert world.agree()
    assert len(world.mah.entries(Role.CMO)) == 3


def test_a_wrong_root_is_asked_for_again_from_its_place_and_then_from_the_beginning(world: World) -> None:
    wanted = []
    for _ in range(3):
        put(world.cmo, of_the_root_of_another_tree(world))
        world.mah.read()
        wanted.append(world.mah.channel.gap.wanted)

    assert wanted == [2, 0, 0]
    world.cmo.open_deviation("D-1")
    world.settle()
    assert world.mah.channel.gap.root_mismatches == 0
    assert world.agree()


@pytest.mark.parametrize("first", [3, 1000, 2**53 - 2])
def test_a_page_that_begins_far_behind_the_journal_waits_and_is_asked_for(world: World, first: int) -> None:
    made = make_page(Checkpoint(ORIGIN, first + 1, bytes(32)), lines(world, 1), SIGNER)
    put(world.cmo, made.encode())
    world.mah.read()

    assert world.mah.channel.gap.wanted == 2
    assert list(world.mah.channel.waiting) == [first]
    world.mah.restart()
    world.cmo.open_deviation("D-1")
    world.settle()
    assert world.mah.channel.held.size >= 3


def test_no_more_pages_wait_than_there_is_room_for(world: World) -> None:
    for number in range(MAX_WAITING_PAGES + 9):
        put(world.cmo, make_page(Checkpoint(ORIGIN, 10 + 2 * number, bytes(32)), lines(world, 1), SIGNER).encode())
    world.mah.read()

    assert len(world.mah.channel.waiting) == MAX_WAITING_PAGES
    assert world.mah.quarantined() == []


def test_the_same_page_a_thousand_times_has_one_effect(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.settle()
    raw = page_of(world.cmo, [world.cmo.entries(Role.CMO)[2].line], first=2).encode()
    before, own = world.mah.entries(Role.CMO), world.mah.channel.own.size
    put(world.cmo, *[raw] * 1000)
    world.mah.read()

    assert world.mah.entries(Role.CMO) == before
    assert world.mah.channel.own.size == own
    assert world.mah.quarantined() == []


def test_a_body_that_was_changed_on_the_way_has_no_effect_and_both_sides_hear_of_it(world: World) -> None:
    """Heads alone are signed: the entry is refused, its author disputes that, and people settle it."""
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    records = world.wire.topics[RELATIONSHIP.topic(Role.CMO)]
    at = next(place for place in range(len(records) - 1, -1, -1) if records[place].kind == "page")
    records[at] = replace(records[at], value=records[at].value.replace("悬浮粒子".encode(), "悬浮微粒".encode()))
    world.settle().beat().beat()

    assert codes(world.mah, Role.CMO, 2)[0] == "entry.malformed"
    assert [past.code for past in world.mah.channel.held.view.standing("refusal.disputed.v1")] == [None]
    assert "entry.refused" in world.mah.alarms.codes
    assert "entry.disputed" in world.cmo.alarms.codes


def test_a_page_is_read_by_its_own_topic_alone(world: World) -> None:
    page = page_of(world.cmo, lines(world))
    with pytest.raises(PageError) as refused:
        parse_page(page.encode(), RELATIONSHIP.origin(Role.MAH))
    assert refused.value.code == "page.wrong_journal"
