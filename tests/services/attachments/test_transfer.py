"""Files travel between gateways: what the journals name, resumed after anything, believed by its SHA-256 alone."""

from pathlib import Path

import pytest

from events.encoding.identifiers import Role
from events.errors import FileRecordError
from events.journal.files import Blob, Want, parse_blob, parse_want
from infra.wire.errors import WireUnavailableError
from services.gateway.attachments.files import Missing
from tests.services.attachments.posts import LARGE, MIB, Posts, attachment, name_of
from tests.services.exchange.world import NUMBER, new_world


@pytest.fixture
def posts(tmp_path: Path) -> Posts:
    return Posts(new_world(tmp_path).pair(), tmp_path)


@pytest.mark.parametrize("content", [b"", b"x", LARGE], ids=["0 B", "1 B", "20 MiB"])
def test_a_file_that_an_entry_names_comes_to_the_partner(posts: Posts, content: bytes) -> None:
    posts.cmo.keep(content)
    posts.cmo.record(content)

    posts.settle()

    assert posts.mah.has(content)
    assert posts.mah.files.missing(NUMBER, Role.MAH) == Missing(0, 0)
    assert (posts.mah.told, posts.cmo.told) == ([], [])


def test_files_travel_both_ways_and_several_of_them(posts: Posts) -> None:
    of_cmo, of_mah = [b"one", LARGE, b"three"], [b"four" * MIB, b""]
    for post, contents in ((posts.cmo, of_cmo), (posts.mah, of_mah)):
        for content in contents:
            post.keep(content)
        post.record(*contents)

    posts.settle()

    assert all(posts.mah.has(content) for content in of_cmo)
    assert all(posts.cmo.has(content) for content in of_mah)


def test_where_no_entry_names_a_file_nothing_is_read_or_written(posts: Posts) -> None:
    posts.cmo.keep(LARGE)

    posts.settle()

    assert posts.cmo.topic not in posts.world.wire.topics
    assert posts.mah.topic not in posts.world.wire.topics


def test_a_file_that_is_uploaded_later_comes_then(posts: Posts) -> None:
    posts.cmo.record(LARGE)
    posts.settle()
    assert posts.mah.files.missing(NUMBER, Role.MAH) == Missing(1, 0)

    posts.cmo.keep(LARGE)
    posts.settle()

    assert posts.mah.has(LARGE)


def test_a_file_that_the_partner_has_not_does_not_hold_up_another(posts: Posts) -> None:
    posts.cmo.record(b"never", LARGE)
    posts.cmo.keep(LARGE)

    posts.settle()
    posts.wait()

    assert posts.mah.has(LARGE)
    assert posts.mah.files.missing(NUMBER, Role.MAH) == Missing(1, 0)


@pytest.mark.parametrize("steps", range(1, 8))
def test_a_gateway_that_died_goes_on_where_it_was(posts: Posts, steps: int) -> None:
    posts.cmo.keep(LARGE)
    posts.cmo.record(LARGE)
    posts.world.settle()
    for _ in range(steps):
        posts.step()

    posts.mah.open()
    posts.cmo.open()
    posts.settle()
    posts.wait()

    assert posts.mah.has(LARGE)


def test_a_unit_that_came_is_not_asked_for_again_after_a_death(posts: Posts) -> None:
    posts.cmo.keep(LARGE)
    posts.cmo.record(LARGE)
    posts.world.settle()
    while posts.mah.have(LARGE) < 8 * MIB:
        posts.step()
    written = len(posts.world.wire.topics[posts.mah.topic])

    posts.mah.open()
    posts.settle()
    posts.wait()

    wants = [parse_want(each.value) for each in posts.world.wire.topics[posts.mah.topic][written:]]
    assert posts.mah.has(LARGE)
    assert min(each.offset for each in wants) >= 8 * MIB


@pytest.mark.parametrize("lost", [0, 1, 5, 31, 40])
def test_a_piece_that_the_wire_lost_is_asked_for_again(posts: Posts, lost: int) -> None:
    posts.cmo.keep(LARGE)
    posts.cmo.record(LARGE)
    posts.world.settle()
    topic = posts.world.wire.topics.setdefault(posts.cmo.topic, [])
    while len(topic) <= lost:
        posts.cmo.transfer.step(0.0)
        posts.mah.transfer.step(0.0) if len(topic) <= lost else None
    del topic[lost]

    posts.settle()
    posts.wait()

    assert posts.mah.has(LARGE)


def test_pieces_that_come_twice_change_nothing(posts: Posts) -> None:
    posts.cmo.keep(LARGE)
    posts.cmo.record(LARGE)
    posts.settle()
    topic = posts.world.wire.topics[posts.cmo.topic]

    topic.extend(list(topic))
    posts.settle()

    assert posts.mah.has(LARGE)
    assert posts.mah.told == []


def test_a_wire_that_was_away_is_made_use_of_at_once(posts: Posts) -> None:
    posts.cmo.keep(LARGE)
    posts.cmo.record(LARGE)
    posts.world.settle()
    posts.step()
    posts.world.wire.is_down = True
    for post in (posts.cmo, posts.mah):
        with pytest.raises(WireUnavailableError):
            post.transfer.step(0.0)
        post.transfer.lost_wire()
    posts.world.wire.topics.clear()  # it came back without its topics
    posts.world.wire.is_down = False
    posts.cmo.transfer.position = posts.mah.transfer.position = None  # as a wire sends readers of another topic

    posts.settle()

    assert posts.mah.has(LARGE)


LIES = {
    "other bytes": Blob(name_of(LARGE), 0, len(LARGE), bytes(len(LARGE))),
    "another total": Blob(name_of(LARGE), 0, 5, b"xxxxx"),
    "a file that nobody asked for": Blob(name_of(b"never"), 0, 5, b"never"),
    "no record of a file": b"\xff" * 100,
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_lie_is_thrown_away_told_and_asked_for_again(posts: Posts, lie: Blob | bytes) -> None:
    posts.cmo.record(LARGE)
    posts.settle()
    lies = [lie]
    if isinstance(lie, Blob) and len(lie.content) > MIB:
        lies = [
            Blob(lie.sha256, start, lie.total, lie.content[start : start + 262_144])
            for start in range(0, lie.total, 262_144)
        ]

    posts.cmo.says(*lies)
    posts.settle()

    assert [each.code for each in posts.mah.told] == ["blob.refused"]
    assert not posts.mah.files.holds(NUMBER, name_of(LARGE))
    assert not posts.mah.files.holds(NUMBER, name_of(b"never"))
    posts.cmo.keep(LARGE)
    posts.wait()
    assert posts.mah.has(LARGE)
    assert posts.mah.told == []


def test_a_gateway_gives_only_files_that_its_own_journal_names(posts: Posts) -> None:
    posts.cmo.keep(b"secret")
    posts.mah.record(b"secret")  # the partner names it, and has it not
    posts.cmo.keep(b"shown")
    posts.cmo.record(b"shown")
    posts.settle()

    posts.mah.says(Want(name_of(b"secret"), 0), Want(name_of(b"never"), 0), Want(name_of(b"shown"), 0), b"\x00")
    posts.wait()

    sent = {parse_blob(each.value).sha256 for each in posts.world.wire.topics[posts.cmo.topic] if each.kind == "blob"}
    assert sent == {name_of(b"shown")}


def test_a_file_larger_than_may_be_is_never_asked_for(posts: Posts) -> None:
    huge = attachment(b"huge", size=5 * 1024**3 + 1)
    posts.cmo.side.open_deviation("D1", attachments=[huge])

    posts.settle()

    assert posts.world.wire.topics.get(posts.mah.topic, []) == []
    assert posts.mah.files.missing(NUMBER, Role.MAH) == Missing(1, 0)


def test_a_disk_without_room_is_told_and_the_file_comes_later(posts: Posts, monkeypatch: pytest.MonkeyPatch) -> None:
    posts.cmo.keep(LARGE)
    posts.cmo.record(LARGE)
    with monkeypatch.context() as full:
        full.setattr("infra.blobs.folder.room_on", lambda _folder: MIB)
        posts.settle()
        assert [each.code for each in posts.mah.told] == ["blob.refused"]

    posts.wait()

    assert posts.mah.has(LARGE)


def test_wants_of_old_are_not_answered_again_where_the_topic_is_read_anew(posts: Posts, tmp_path: Path) -> None:
    posts.cmo.keep(LARGE)
    posts.cmo.record(LARGE)
    posts.settle()
    posts.mah.says(*[Want(name_of(LARGE), offset) for offset in range(0, len(LARGE), 100_000)])
    before = len(posts.world.wire.topics[posts.cmo.topic])
    (tmp_path / "cmo.files" / "names.sqlite").unlink()

    posts.cmo.open()
    posts.settle()

    assert len(posts.world.wire.topics[posts.cmo.topic]) <= before + 2 * 32
    assert posts.mah.has(LARGE)


def test_no_record_is_larger_than_the_format_lets_it_be(posts: Posts) -> None:
    posts.cmo.keep(LARGE)
    posts.cmo.record(LARGE)
    posts.settle()

    assert max(len(each.value) for each in posts.world.wire.topics[posts.cmo.topic]) <= 512 * 1024


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x",
        name_of(b"x").encode() + b" 0 1 1\n",
        name_of(b"x").encode() + b" 0 1 1\nxx",
        name_of(b"x").encode() + b" 1 1 1\nx",
        name_of(b"x").encode() + b" 00 1 1\nx",
        name_of(b"x").encode().upper() + b" 0 1 1\nx",
        name_of(b"x").encode() + b" 0 9999999999 1\nx",
        name_of(b"x").encode() + b" 0 1048576 600000\n" + bytes(600_000),
    ],
)
def test_what_is_no_piece_of_a_file_is_not_read_as_one(raw: bytes) -> None:
    with pytest.raises(FileRecordError) as refused:
        parse_blob(raw)

    assert refused.value.code == "blob.malformed"


def test_records_are_read_as_they_were_written() -> None:
    blob, want = Blob(name_of(b"x"), 3, 9, b"\n\x00y"), Want(name_of(b"x"), 7)

    assert blob.encode() == name_of(b"x").encode() + b" 3 9 3\n\n\x00y"
    assert (parse_blob(blob.encode()), parse_want(want.encode())) == (blob, want)
    with pytest.raises(FileRecordError, match=r"want\.malformed"):
        parse_want(blob.encode())
