"""With each heartbeat the journals that grew are sealed: by their authors, and by the partners as mirrors."""

from events.encoding.identifiers import Role
from events.journal.checkpoint import parse_checkpoint
from events.journal.receipt import parse_receipt
from events.journal.seal import verify_seal
from events.notes.note import Note, SignatureLine, parse_note, verify_note
from events.notes.vkey import VerifierKey
from events.stored.journal import StoredReceipt
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import put
from tests.services.exchange.world import NUMBER, Side, World, keys_of

MAH, CMO = (keys_of(RELATIONSHIP, role).party_keys for role in (Role.MAH, Role.CMO))


def test_a_heartbeat_seals_both_journals_once_for_as_long_as_they_do_not_grow(world: World) -> None:
    world.cmo.open_deviation("DEV-1")
    world.settle()
    assert own_seal(world.cmo) is None
    assert seals_in(last_receipt(world.cmo, Role.MAH).checkpoint_note, MAH.mirror_seal) == []

    world.beat()
    first = own_seal(world.cmo)
    mirrored = seals_in(last_receipt(world.cmo, Role.MAH).checkpoint_note, MAH.mirror_seal)
    world.clock.move(5)
    world.beat()

    assert first is not None
    assert verify_note(first, CMO.journal)
    assert len(seals_in(first.raw, CMO.journal_seal)) == len(mirrored) == 1
    assert parse_checkpoint(first).size == world.cmo.channel.own.size
    assert own_seal(world.cmo) == first
    assert seals_in(last_receipt(world.cmo, Role.MAH).checkpoint_note, MAH.mirror_seal) == mirrored


def test_what_was_written_since_is_sealed_by_the_next_heartbeat(world: World) -> None:
    world.beat()
    before = own_seal(world.cmo)
    world.cmo.open_deviation("DEV-1")
    world.settle()
    assert own_seal(world.cmo) == before

    world.beat()
    after = own_seal(world.cmo)

    assert before is not None
    assert after is not None
    assert parse_checkpoint(before).size < parse_checkpoint(after).size == world.cmo.channel.own.size
    assert seals_in(last_receipt(world.cmo, Role.MAH).checkpoint_note, MAH.mirror_seal) != []


def test_a_gateway_that_started_again_seals_with_its_next_heartbeat(world: World) -> None:
    world.beat()
    world.cmo.restart()
    world.mah.restart()
    world.beat()

    receipt = last_receipt(world.cmo, Role.MAH)
    assert len(seals_in(receipt.checkpoint_note, MAH.mirror_seal)) == 1


def test_a_receipt_whose_seal_is_damaged_is_set_aside(world: World) -> None:
    world.beat().beat()  # the second seals what the first had each side say
    good = last_receipt(world.cmo, Role.MAH)
    line = parse_note(good.checkpoint_note).lines_by(MAH.mirror_seal)[0]
    damaged = SignatureLine(line.name, line.key_id, line.signature[:-1] + bytes([line.signature[-1] ^ 1]))
    note = good.checkpoint_note.replace(str(line).encode(), str(damaged).encode())
    raw = b"%d %d\n" % (len(note), len(good.statement_note)) + note + good.statement_note
    assert parse_receipt(raw, MAH.origin, CMO.origin).held == good.held

    put(world.mah, raw, kind="receipt")
    world.cmo.read()

    assert world.cmo.quarantined()[-1] == "receipt.signature_invalid"
    assert last_receipt(world.cmo, Role.MAH) == good


def own_seal(side: Side) -> Note | None:
    """The own checkpoint that a side sealed last."""
    with side.store.reading() as reading:
        found = reading.seal(NUMBER)
    return None if found is None else parse_note(found.note)


def last_receipt(side: Side, author: Role) -> StoredReceipt:
    found = side.last_receipt(author)
    assert found is not None
    return found


def seals_in(raw: bytes, key: VerifierKey) -> list[int]:
    """The times of the good seals of a key under a checkpoint."""
    note = parse_note(raw)
    return [verify_seal(parse_checkpoint(note), line, key) for line in note.lines_by(key)]
