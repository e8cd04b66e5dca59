"""Two honest gateways conclude the same, say so in their heartbeats, and call nobody."""

from events.conclusions.total import Sizes
from events.encoding.identifiers import Role
from events.journal.receipt import NOT_COMPUTED, parse_receipt
from services.gateway.exchange.conclusions import DIFFER
from tests.services.conclusions.story import beat, find, rest
from tests.simulation.world.side import Side
from tests.simulation.world.world import World


def stated(side: Side) -> list[tuple[Sizes, str]]:
    """What a side's receipts state, in the order in which they left."""
    channel = side.channel
    found = []
    for topic, record in side.link.broker.said:
        if topic == channel.own_topic and record.kind == "receipt":
            receipt = parse_receipt(record.value, channel.own_origin, channel.held_origin)
            found.append((Sizes.of(side.role, receipt.size, receipt.judged), receipt.conclusions))
    return found


def sizes(world: World) -> Sizes:
    return Sizes(*(world.sides[role].channel.own.size for role in Role))


def test_both_agree_at_the_sizes_at_which_they_rest(world: World) -> None:
    rest(world)
    for _ in range(2):
        beat(world)

    for side in world.both:
        assert side.channel.conclusions.agreed == side.channel.conclusions.latest == sizes(world)
        assert DIFFER not in side.alarms.ever


def test_whatever_both_ever_stated_of_the_same_sizes_is_the_same(world: World) -> None:
    by_side = [{place: said for place, said in stated(side) if said != NOT_COMPUTED} for side in world.both]

    common = by_side[0].keys() & by_side[1].keys()
    assert len(common) > 5
    assert all(by_side[0][place] == by_side[1][place] for place in common)


def test_a_receipt_that_rows_have_not_caught_up_with_states_nothing(world: World) -> None:
    cmo, mah = world.sides[Role.CMO], world.sides[Role.MAH]
    find(world, 20)
    cmo.publish_all()

    mah.take_all()
    mah.publish_all()

    assert stated(mah)[-1][1] == NOT_COMPUTED
    rest(world)


def test_after_a_restart_what_was_concluded_is_stated_again(world: World) -> None:
    rest(world)
    side = world.sides[Role.MAH]
    for _ in range(2):
        beat(world)
    before = stated(side)[-1]
    side.fall("a test", 0)

    assert side.start()
    for _ in range(2):
        side.project()
        beat(world)

    assert stated(side)[-1] == before
    assert side.channel.conclusions.agreed == sizes(world)


def test_rows_that_are_built_anew_come_to_the_same(world: World) -> None:
    side = world.sides[Role.CMO]
    latest = side.channel.conclusions.latest
    assert latest is not None
    before = side.channel.conclusions.stated_at(latest)

    side.running.projections.rebuild()
    side.running.projections.catch_up()

    assert side.channel.conclusions.stated_at(latest) == before
