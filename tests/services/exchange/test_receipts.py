"""What a gateway makes of the receipts that come to it: news, repeats, and what contradicts the two journals."""

import pytest

from domain.judging.context import Context
from events.encoding.identifiers import Role
from events.journal.checkpoint import Checkpoint
from events.journal.receipt import MAX_RULE_SET, Statement, make_receipt
from events.journal.wire import WireRecord
from events.notes.note import sign_note
from infra.store.errors import StoreUnavailableError
from services.gateway.exchange.errors import PartnerSilentError, StoreFailedError
from services.gateway.exchange.receiving.hearing import MAX_SKEW_SECONDS
from services.gateway.exchange.writing.admission import admit_acts
from services.gateway.ports.steps import Step, go_on
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import put
from tests.services.exchange.world import Side, World, keys_of

MAH_TOPIC = RELATIONSHIP.topic(Role.MAH)
A_DAY = 24 * 3600


def receipts_on_the_wire(world: World) -> list[WireRecord]:
    return [record for record in world.wire.topics[MAH_TOPIC] if record.kind == "receipt"]


def receipt_of_the_manufacturer(
    world: World, *, root: bytes | None = None, note: bytes | None = None, rule_set: int = 1
) -> bytes:
    """A receipt that the manufacturer signs about the holder's journal, wrong only where it is told to be."""
    channel, keys = world.cmo.channel, keys_of(RELATIONSHIP, Role.CMO)
    statement = Statement(
        origin=channel.own_origin,
        size=channel.own.size,
        root=channel.own.frontier.root() if root is None else root,
        partner_origin=channel.held_origin,
        held=channel.held.size,
        judged=channel.held.size,
        rule_set=rule_set,
    )
    receipt = make_receipt(
        statement=statement,
        partner_note=channel.held.note if note is None else note,
        posix_time=int(world.clock.now().timestamp()) + 1,
        signer=keys.journal_signer,
        cosigner=keys.mirror_cosigner,
    )
    return receipt.encode()


def admit(side: Side, event_type: str) -> None:
    """Ask the gateway of a side whether it would take a command that leads to such an event now."""
    own, held = side.channel.own, side.channel.held
    context = Context(own.role, own.size, held.size, {own.role: own.view, held.role: held.view})
    admit_acts([event_type], side.channel, context, side.clock.now())


def heard_at(side: Side) -> str:
    assert side.channel.heard is not None
    return side.channel.heard.at


def test_a_receipt_that_came_once_more_makes_the_partner_no_less_silent(world: World) -> None:
    world.beat()
    before = heard_at(world.cmo)
    last = receipts_on_the_wire(world)[-1]
    world.clock.move(A_DAY + 1)
    world.wire.publish(MAH_TOPIC, [last])
    world.cmo.read()

    assert heard_at(world.cmo) == before
    with pytest.raises(PartnerSilentError):
        admit(world.cmo, "deviation.closed.v1")


def test_a_guarded_act_rests_on_news_of_the_partner_that_are_younger_than_a_day(world: World) -> None:
    world.beat()
    world.clock.move(A_DAY - 1)
    admit(world.cmo, "deviation.closed.v1")
    world.clock.move(2)

    with pytest.raises(PartnerSilentError):
        admit(world.cmo, "deviation.closed.v1")
    admit(world.cmo, "deviation.opened.v1")
    world.beat()
    admit(world.cmo, "deviation.closed.v1")


def test_a_receipt_that_came_twice_is_no_second_heartbeat(world: World) -> None:
    world.beat()
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    sent = world.cmo.channel.sent
    world.mah.heartbeat()  # of what it held before that page
    world.mah.publish()
    last = receipts_on_the_wire(world)[-1]
    world.wire.publish(MAH_TOPIC, [last, last])
    world.cmo.read()

    assert world.cmo.channel.sent == sent


def test_two_heartbeats_that_show_less_than_was_sent_move_the_cursor_back(world: World) -> None:
    world.beat()
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    held = world.mah.channel.held.size
    for _ in range(2):
        world.clock.move(5)
        world.mah.heartbeat()
        world.mah.publish()
        world.cmo.read()

    assert world.cmo.channel.sent == held


def test_a_receipt_that_states_another_root_of_its_authors_journal_is_kept_as_proof(world: World) -> None:
    put(world.cmo, receipt_of_the_manufacturer(world, root=bytes(32)), kind="receipt")
    world.mah.read()

    assert world.mah.quarantined() == ["page.history_conflict"]
    assert "history.conflict" in world.mah.alarms.codes
    world.mah.restart()
    world.mah.heartbeat()
    assert world.mah.channel.receipt is None


def test_a_receipt_of_a_history_that_the_own_key_signed_elsewhere_is_kept_as_proof(world: World) -> None:
    origin, size = RELATIONSHIP.origin(Role.MAH), world.cmo.channel.held.size
    elsewhere = sign_note(Checkpoint(origin, size, bytes(32)).text(), keys_of(RELATIONSHIP, Role.MAH).journal_signer)
    put(world.cmo, receipt_of_the_manufacturer(world, note=elsewhere), kind="receipt")
    world.mah.read()

    assert world.mah.quarantined() == ["page.history_conflict"]
    assert world.mah.channel.conflict


def test_a_rule_set_that_no_store_can_count_is_malformed_and_the_rest_goes_on(world: World) -> None:
    put(world.cmo, receipt_of_the_manufacturer(world, rule_set=MAX_RULE_SET + 1), kind="receipt")
    put(world.cmo, receipt_of_the_manufacturer(world, rule_set=MAX_RULE_SET), kind="receipt")
    world.mah.read()

    assert world.mah.quarantined() == ["receipt.malformed"]
    assert world.mah.channel.heard is not None
    assert world.mah.channel.heard.rule_set == MAX_RULE_SET


@pytest.mark.parametrize("seconds", [-MAX_SKEW_SECONDS - 2, MAX_SKEW_SECONDS + 2])
def test_a_cosignature_whose_time_is_far_from_ours_is_flagged_and_counts(world: World, seconds: int) -> None:
    value = receipt_of_the_manufacturer(world)
    world.clock.jump(seconds)
    world.clock.run += seconds
    put(world.cmo, value, kind="receipt")
    world.mah.read()

    assert "clock.skewed" in world.mah.alarms.codes
    assert world.mah.quarantined() == []


def test_no_receipt_leaves_before_its_transaction_has_committed(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    left: list[bool] = []

    def publish_meanwhile(step: Step) -> None:
        if step is Step.BEFORE_COMMIT:
            left.append(world.mah.publisher.step())

    world.mah.publish()
    world.mah.reached = publish_meanwhile
    before = len(receipts_on_the_wire(world))
    world.mah.read()

    assert left == [False]
    assert len(receipts_on_the_wire(world)) == before
    world.mah.publish()
    assert len(receipts_on_the_wire(world)) == before + 1


def test_a_receipt_of_a_transaction_that_failed_never_leaves(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    world.mah.publish()

    def fail(step: Step) -> None:
        if step is Step.BEFORE_COMMIT:
            raise StoreUnavailableError("the disk is gone")

    world.mah.reached = fail
    with pytest.raises(StoreFailedError):
        world.mah.inbox.step(0)
    world.mah.reached = go_on
    before = len(receipts_on_the_wire(world))
    world.mah.publish()

    assert len(receipts_on_the_wire(world)) == before
    assert world.mah.mark.judged == world.mah.channel.held.size == 2
    world.settle()
    assert world.agree()


def test_receipts_of_a_burst_leave_as_one_the_latest_once_the_pause_is_over(world: World) -> None:
    publisher = world.mah.publisher
    publisher.now, publisher.receipt_pause = world.clock.monotonic, 0.03
    world.clock.move(1)
    before = len(receipts_on_the_wire(world))
    for number in range(3):
        world.cmo.open_deviation(f"D-{number}")
        world.cmo.publish()
        world.mah.read()
        world.mah.publish()

    assert len(receipts_on_the_wire(world)) == before + 1
    assert publisher.rest() == pytest.approx(0.03)

    world.clock.move(0.03)
    world.settle()

    assert len(receipts_on_the_wire(world)) == before + 2
    assert world.cmo.channel.unsent == 0
    assert publisher.rest() == 1.0
