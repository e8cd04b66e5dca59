"""What was sent and is not held is sent again after heartbeats, never because receipts follow each other closely."""

from pathlib import Path

from tests.services.exchange.world import World, new_world


def hear(world: World, after_seconds: float) -> bool:
    """Have the holder say what it holds, without reading; tell whether the manufacturer begins to send again."""
    world.clock.move(after_seconds)
    world.mah.heartbeat()
    world.mah.publish()
    world.cmo.read()
    is_again = world.cmo.channel.sent < world.cmo.channel.own.size
    world.cmo.publish()
    return is_again


def unread(folder: Path) -> World:
    """A page on its way: the holder has not read it yet."""
    world = new_world(folder).pair()
    world.beat()
    world.cmo.open_deviation("D-1")
    world.cmo.publish()
    return world


def test_receipts_in_close_succession_send_nothing_again(tmp_path: Path) -> None:
    world = unread(tmp_path)

    assert [hear(world, 1) for _ in range(4)] == [False] * 4
    world.settle()
    assert world.agree()


def test_two_heartbeats_send_again_and_each_time_in_vain_doubles_the_patience(tmp_path: Path) -> None:
    world = unread(tmp_path)

    said = [hear(world, 5) for _ in range(16)]

    assert [number for number, is_again in enumerate(said) if is_again] == [1, 3, 7, 14]
    world.settle()
    assert world.agree()
