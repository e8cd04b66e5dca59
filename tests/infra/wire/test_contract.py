"""What every wire does (services/gateway/ports/wire.py), on a file and on a real broker alike."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.journal.wire import MAX_RECORD_BYTES, WirePosition, WireRecord
from infra.errors import InfraError
from infra.wire.errors import WireUnavailableError
from infra.wire.records import CUT_BYTES, MAX_PUBLISHED_BYTES
from services.gateway.ports.wire import Wire
from tests.infra.wire.carriers import Carrier
from tests.infra.wire.reading import PATIENCE_SECONDS, now, page, pages, read_all, records


def test_records_arrive_in_the_order_in_which_they_were_published(sender: Wire, reader: Wire, topic: str) -> None:
    sender.publish(topic, pages(3))
    sender.publish(topic, [WireRecord("receipt", b"r"), WireRecord("resend", b"")])

    found = read_all(reader, topic, 5)

    assert records(found) == [*pages(3), WireRecord("receipt", b"r"), WireRecord("resend", b"")]


def test_a_read_returns_no_more_than_its_limit_and_the_next_goes_on_after_it(
    sender: Wire, reader: Wire, topic: str
) -> None:
    sender.publish(topic, pages(5))

    first = reader.read(topic, None, limit=2, wait_seconds=PATIENCE_SECONDS)
    second = reader.read(topic, first[-1].after, limit=2, wait_seconds=PATIENCE_SECONDS)

    assert [one.record for one in (*first, *second)] == pages(4)


def test_a_read_may_begin_after_any_record(sender: Wire, reader: Wire, topic: str) -> None:
    sender.publish(topic, pages(4))
    found = read_all(reader, topic, 4)

    assert [now(reader, topic, one.after)[:1] for one in found[:3]] == [[record] for record in pages(3, first=1)]


def test_a_read_waits_for_what_is_published_meanwhile(sender: Wire, reader: Wire, topic: str) -> None:
    sender.publish(topic, pages(1))
    (first,) = read_all(reader, topic, 1)

    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(read_all, reader, topic, 1, first.after)
        sender.publish(topic, pages(1, first=1))

        assert records(waiting.result(PATIENCE_SECONDS)) == pages(1, first=1)


def test_topics_are_published_to_side_by_side(sender: Wire, reader: Wire, topic: str) -> None:
    others = [f"{topic}.{number}" for number in range(4)]
    for other in others:
        sender.ensure_topic(other)

    with ThreadPoolExecutor(len(others)) as beside:
        for done in [beside.submit(sender.publish, other, pages(50)) for other in others]:
            done.result(PATIENCE_SECONDS)

    assert [records(read_all(reader, other, 50)) for other in others] == [pages(50)] * len(others)


def test_a_read_that_waits_holds_up_no_read_of_another_topic(sender: Wire, reader: Wire, topic: str) -> None:
    silent = f"{topic}.silent"
    sender.ensure_topic(silent)
    sender.publish(topic, pages(1))

    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(read_all, reader, silent, 1)
        (first,) = read_all(reader, topic, 1)
        assert reader.read(topic, first.after, limit=1, wait_seconds=0.3) == []
        assert not waiting.done()
        sender.publish(silent, pages(1, first=1))

        assert records(waiting.result(PATIENCE_SECONDS)) == pages(1, first=1)


def test_a_read_of_a_topic_without_news_returns_nothing_when_its_wait_is_over(
    sender: Wire, reader: Wire, topic: str
) -> None:
    sender.publish(topic, pages(1))
    (first,) = read_all(reader, topic, 1)

    began = time.monotonic()

    assert reader.read(topic, first.after, limit=10, wait_seconds=0.3) == []
    assert time.monotonic() - began >= 0.3


def test_an_absent_topic_is_silent_and_speaks_once_it_is_made(carrier: Carrier, topic: str) -> None:
    sender, reader = carrier.open(), carrier.open()
    assert now(reader, topic) == []

    sender.ensure_topic(topic)
    sender.publish(topic, pages(2))

    assert records(read_all(reader, topic, 2)) == pages(2)


def test_nothing_is_published_to_a_topic_that_does_not_exist(carrier: Carrier, topic: str) -> None:
    with pytest.raises(WireUnavailableError):
        carrier.open().publish(topic, pages(1))

    assert now(carrier.open(), topic) == []


def test_making_a_topic_that_exists_leaves_it_as_it_is(sender: Wire, reader: Wire, topic: str) -> None:
    sender.publish(topic, pages(2))
    before = read_all(reader, topic, 2)

    sender.ensure_topic(topic)
    reader.ensure_topic(topic)

    assert read_all(reader, topic, 2) == before


def test_a_position_of_another_topic_of_the_same_name_means_the_beginning(
    sender: Wire, reader: Wire, topic: str
) -> None:
    sender.publish(topic, pages(3))

    assert records(read_all(reader, topic, 3, WirePosition("another", 2))) == pages(3)


@pytest.mark.parametrize("offset", [4, 1_000_000, -1])
def test_a_position_that_the_topic_does_not_have_means_the_beginning(
    sender: Wire, reader: Wire, topic: str, offset: int
) -> None:
    sender.publish(topic, pages(3))
    known = read_all(reader, topic, 3)[0].after

    assert records(read_all(reader, topic, 3, WirePosition(known.topic_id, offset))) == pages(3)


def test_a_position_asked_for_in_vain_still_means_the_beginning_when_the_topic_has_grown_past_it(
    carrier: Carrier, sender: Wire, reader: Wire, topic: str
) -> None:
    lost = WirePosition(carrier.topic_id(), 3)
    assert now(reader, topic, lost) == []

    sender.publish(topic, pages(5))
    found = read_all(reader, topic, 5, lost)

    assert records(found) == pages(5)
    assert now(reader, topic, found[2].after) == pages(2, first=3)


def test_two_topics_are_read_side_by_side(sender: Wire, reader: Wire, topic: str) -> None:
    other = f"{topic}.other"
    sender.ensure_topic(other)
    sender.publish(topic, pages(2))
    sender.publish(other, pages(3, first=7))

    assert records(read_all(reader, other, 3)) == pages(3, first=7)
    assert records(read_all(reader, topic, 2)) == pages(2)


def test_what_strangers_made_odd_is_delivered_and_never_raised(carrier: Carrier, topic: str) -> None:
    carrier.write_as_stranger(
        [
            ([], b"no kind"),
            ([b"page", b"receipt"], b"two kinds"),
            ([b"Page"], b"no word"),
            ([b"\xff\xfe"], b"no text"),
            ([b"p" * 33], b"a long word"),
            ([b"page"], None),
            ([b"unheard_of"], b"a word all the same"),
        ]
    )

    found = records(read_all(carrier.open(), topic, 7))

    assert [record.kind for record in found] == ["", "", "", "", "", "page", "unheard_of"]
    assert [record.value for record in found][5:] == [b"", b"a word all the same"]


def test_a_record_that_is_too_large_is_delivered_cut_so_that_its_length_still_shows_it(
    carrier: Carrier, topic: str
) -> None:
    carrier.write_as_stranger([([b"page"], bytes(4_000_000)), ([b"page"], b"next")])

    found = records(read_all(carrier.open(), topic, 2))

    assert [len(record.value) for record in found] == [CUT_BYTES, 4]
    assert CUT_BYTES > MAX_RECORD_BYTES


def test_the_largest_record_arrives_whole(sender: Wire, reader: Wire, topic: str) -> None:
    largest = page(b"\xa5" * MAX_PUBLISHED_BYTES)

    sender.publish(topic, [largest])

    assert records(read_all(reader, topic, 1)) == [largest]


@pytest.mark.parametrize(
    "refused",
    [page(bytes(MAX_PUBLISHED_BYTES + 1)), WireRecord("", b""), WireRecord("Page", b""), WireRecord("é", b"")],
)
def test_what_may_not_be_published_is_refused_before_anything_is_written(
    sender: Wire, reader: Wire, topic: str, refused: WireRecord
) -> None:
    with pytest.raises(ValueError, match=r"record of|kind"):
        sender.publish(topic, [*pages(1), refused])

    assert now(reader, topic) == []


def test_many_large_pages_arrive_in_bounded_portions(sender: Wire, reader: Wire, topic: str) -> None:
    sent = [page(number.to_bytes(2) * 256_000) for number in range(64)]
    sender.publish(topic, sent)

    portion = reader.read(topic, None, limit=100, wait_seconds=PATIENCE_SECONDS)
    rest = read_all(reader, topic, 64 - len(portion), portion[-1].after)

    assert sum(len(one.record.value) for one in portion) < 10_000_000
    assert [one.record for one in (*portion, *rest)] == sent


def test_one_wire_is_read_and_written_at_the_same_time(carrier: Carrier, topic: str) -> None:
    wire = carrier.open()
    wire.ensure_topic(topic)

    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(read_all, wire, topic, 60)
        for number in range(20):
            wire.publish(topic, pages(3, first=3 * number))

        assert records(reading.result(PATIENCE_SECONDS)) == pages(60)


def test_closing_ends_a_read_that_waits(sender: Wire, reader: Wire, topic: str) -> None:
    sender.ensure_topic(topic)
    began = threading.Event()

    def wait_long() -> InfraError | None:
        began.set()
        try:
            reader.read(topic, None, limit=1, wait_seconds=600)
        except WireUnavailableError as ended:
            return ended
        return None

    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(wait_long)
        began.wait()
        reader.close()

        ended = waiting.result(PATIENCE_SECONDS)

    assert ended is None or ended.code == "wire.unavailable"


def test_a_closed_wire_does_nothing_any_more(sender: Wire, topic: str) -> None:
    sender.close()

    with pytest.raises(WireUnavailableError):
        sender.publish(topic, pages(1))
    with pytest.raises(WireUnavailableError):
        sender.read(topic, None, limit=1, wait_seconds=0)
    with pytest.raises(WireUnavailableError):
        sender.ensure_topic(topic)
    sender.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.binary(max_size=5_000), min_size=1, max_size=12), limit=st.integers(1, 5))
def test_whatever_is_published_is_read_byte_for_byte(
    sender: Wire, reader: Wire, topic: str, values: list[bytes], limit: int
) -> None:
    mark = WireRecord("mark", uuid.uuid4().bytes)
    sender.publish(topic, [mark, *(page(value) for value in values)])

    found: list[WireRecord] = []
    after = None
    while mark not in found or found.index(mark) + len(values) >= len(found):
        delivered = reader.read(topic, after, limit=limit, wait_seconds=PATIENCE_SECONDS)
        found += [one.record for one in delivered]
        after = delivered[-1].after

    assert [record.value for record in found[found.index(mark) + 1 :]] == values
