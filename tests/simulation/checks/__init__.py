"""What must hold once every fault has ended and the world has come to rest."""

from tests.simulation.checks import alarms, behind, commands, evidence, gates, journals, published, rows
from tests.simulation.checks.held import Pair, read_pair
from tests.simulation.world.world import World


def faults_of(world: World, *, by_the_checker: bool = False) -> list[str]:
    """Bring a healed world to rest and check it; return what is wrong, in words.

    `by_the_checker`: also by the one that shares no code with the product, which takes as long as ten seeds.
    """
    rested = world.settle(lambda: behind.is_hopeless(world))
    stuck = behind.stuck_in(world)
    if stuck:
        return world.broken + behind.check(world, stuck)
    if not rested:
        return [*world.broken, f"no rest after {world.rounds} heartbeats: {_where(world)}"]
    pair: Pair = read_pair(world)
    faults = world.broken + journals.check(pair) + commands.check(world, pair) + evidence.check(world, pair)
    faults += gates.check(pair) + rows.check(world, pair) + alarms.check(world, pair)
    return faults + published.check(world) if by_the_checker else faults


def _where(world: World) -> str:
    found = []
    for side in world.both:
        if not side.is_paired:
            found.append(f"{side.role}: not paired")
            continue
        channel = side.channel
        heard = None if channel.heard is None else (channel.heard.size, channel.heard.held, channel.heard.judged)
        found.append(
            f"{side.role}: own {channel.own.size} sent {channel.sent} held {channel.held.size} heard {heard}"
            f" gap {channel.gap} waiting {sorted(channel.waiting)} conflict {channel.conflict}"
            f" claimed {channel.own.claims.claimed} telling {channel.held.telling} stopped {channel.intake_stopped}"
        )
    return "; ".join(found)
