"""Playing a schedule: each action is done to the world, then the world is healed, settled and checked."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from random import Random
from traceback import format_exception
from typing import Any

from events.journal.wire import WirePosition, WireRecord
from tests.events.golden.cast import RELATIONSHIP
from tests.simulation.checks import faults_of
from tests.simulation.outside.wire import without_seals
from tests.simulation.schedule import Action, Schedule
from tests.simulation.world.beginning import begin
from tests.simulation.world.commands import Wanted
from tests.simulation.world.fate import Doom, Meanwhile
from tests.simulation.world.lies import lie
from tests.simulation.world.side import Side
from tests.simulation.world.world import World

CHECKED_BY_THE_CHECKER = 4  # each fourth seed
MOST_MEANWHILE = 4  # parts that wait to be let in at one side


@dataclass
class Outcome:
    """How a schedule ended: what is wrong (nothing, if all is well), what happened, and what it reached."""

    schedule: Schedule
    faults: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    deaths: Counter[tuple[str, str]] = field(default_factory=Counter)  # (side, point)
    let_in: Counter[tuple[str, str]] = field(default_factory=Counter)  # (point, part)
    commands: Counter[str] = field(default_factory=Counter)  # by outcome
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)  # of matters: (event, outcome)
    entries: int = 0
    rounds: int = 0
    digest: str = ""  # of the trace and of everything that was ever published, but for the bytes of seals

    @property
    def is_well(self) -> bool:
        return not self.faults


def play(schedule: Schedule) -> Outcome:
    """Play a schedule from its beginning to the last check."""
    outcome = Outcome(schedule)
    world = begin(schedule.beginning)
    try:
        _play(schedule, world, outcome)
    finally:
        for side in world.both:
            side.end()
    return outcome


def _play(schedule: Schedule, world: World, outcome: Outcome) -> None:
    outcome.trace = world.trace
    try:
        for number, action in enumerate(schedule.actions):
            world.note(f"{number:4} {action}")
            do(world, action)
            world.look()
        world.note("--- healed")
        world.heal()
        outcome.faults += faults_of(world, by_the_checker=schedule.seed % CHECKED_BY_THE_CHECKER == 0)
    except Exception as error:  # noqa: BLE001 - whatever the engine raises where nothing may be raised is the finding
        outcome.faults.append("".join(format_exception(error)[-6:]).strip())
    _note_reached(world, outcome)


def _note_reached(world: World, outcome: Outcome) -> None:
    outcome.hits, outcome.rounds = world.hits, world.rounds
    for side in world.both:
        outcome.deaths.update({(side.role.value, point): count for point, count in side.deaths.items()})
        outcome.let_in.update(side.let_in)
    commands = world.clients.commands.values()
    outcome.commands.update(command.outcome for command in commands)
    outcome.steps.update((each.request.type.name, each.outcome) for each in commands if each.request is not None)
    outcome.entries = sum(side.channel.own.size for side in world.both if side.is_paired)
    digest = sha256("\n".join(world.trace).encode())
    for topic, record in world.broker.said:
        digest.update(f"{topic} {record.kind} ".encode() + without_seals(record.value))
    outcome.digest = digest.hexdigest()


def do(world: World, action: Action) -> None:
    """Do one action; one that needs a process passes a side that is down by, and brings it nearer to its start."""
    if action.side is None:
        _OF_THE_WORLD[action.what](world, *action.numbers)
        return
    side = world.sides[action.side]
    if side.engine is None and action.what not in _WITHOUT_PROCESS:
        side.down -= 1
        if side.down < 0 and side.start():
            world.note("    started")
        return
    _OF_A_SIDE[action.what](world, side, *action.numbers)


def _give(world: World, side: Side, *wanted: Any) -> None:
    world.give(side.role, Wanted(*wanted))


def _again(world: World, side: Side, *wanted: Any) -> None:
    """Ask again, as a client does that was told no, or heard nothing."""
    before = world.clients.commands.get(Wanted(*wanted).key)
    if before is not None and before.outcome != "waiting" and not before.is_given_up:
        world.give(side.role, Wanted(*wanted))


def _flow(world: World, side: Side) -> None:
    side.write()
    side.publish_all()
    world.sides[side.role.other].take_all()


def _advance(world: World, seconds: float) -> None:
    world.time.advance(seconds)
    world.broker.deliver()


def _pairing(step: str, world: World, side: Side) -> None:
    getattr(world, step)(side.role)


def _cut(world: World, side: Side, how: str) -> None:
    del world
    side.link.cut_out = how in ("out", "both", "silent")
    side.link.cut_in = how in ("in", "both", "silent")
    side.link.silent = how == "silent"


def _mend(world: World, side: Side) -> None:
    del world
    side.link.mend()


def _unanswered(world: World, side: Side, count: int, written: int) -> None:
    del world
    side.link.unanswered, side.link.written_before = count, written


def _trouble(kind: str, world: World, side: Side, count: int, seconds: float = 0.0) -> None:
    trouble = world.broker.trouble(_topic(side))
    setattr(trouble, kind, count)
    trouble.delay_seconds = seconds or trouble.delay_seconds


def _offset(world: World, side: Side, by: int) -> None:
    """The position that a reader keeps is not the one that it had reached."""
    inbox = side.running.inbox
    if inbox.position is not None:
        world.hits["offsets wrong"] += 1
        inbox.position = WirePosition(inbox.position.topic_id, max(0, inbox.position.offset + by))


def _foreign(world: World, side: Side, kind: str, seed: int) -> None:
    """Somebody else writes on a side's topic: noise, or what either of the two said once."""
    chance = Random(seed)  # noqa: S311 - chance that is repeated
    said = [record for _, record in world.broker.said if record.kind == kind]
    value = chance.choice(said).value if said else bytes(seed % 50)
    world.broker.append_raw(_topic(side), WireRecord(kind, value))


def _disk(world: World, side: Side, fault: str, count: int) -> None:
    del world
    side.disk.faults[fault] = count


def _make_space(world: World, side: Side) -> None:
    del world
    side.disk.mend()


def _jump(world: World, side: Side, seconds: float) -> None:
    world.hits["clock jumps"] += 1
    side.clock.jump(seconds)


def _set_clock(world: World, side: Side) -> None:
    del world
    side.clock.wrong_by = 0.0


def _confirm_clock(world: World, side: Side) -> None:
    del world
    side.running.guard.confirm()


def _die(world: World, side: Side, point: str, count: int, down: int) -> None:
    del world
    side.doom = Doom(point or None, count, down)


def _meanwhile(world: World, side: Side, point: str, part: str, times: int) -> None:
    del world
    if len(side.meanwhile) < MOST_MEANWHILE:
        side.meanwhile.append(Meanwhile(point, part, times))


def _back_up(world: World, side: Side) -> None:
    if side.is_paired:
        side.backup = side.disk.path.with_suffix(".backup")
        side.disk.copy_to(side.backup)
        world.hits["backups"] += 1


def _restore(world: World, side: Side, down: int) -> None:
    """Put yesterday's store in the place of today's; what lies outside it, keys and mark, stays."""
    if side.backup is None:
        return
    world.hits["older stores restored"] += 1
    if side.engine is not None:
        side.fall("restore", down)
        world.look()
    side.disk.replace_by(side.backup)
    side.restores += 1
    world.clients.restored(side.role, side.mark.own_size)


def _lie(world: World, side: Side, seed: int) -> None:
    if side.is_paired and not side.channel.behind and not side.disk.faults and lie(side, seed):
        world.hits["lies"] += 1
        world.has_lied.add(side.role)


def _topic(side: Side) -> str:
    return RELATIONSHIP.topic(side.role)


_OF_THE_WORLD: dict[str, Callable[..., None]] = {
    "advance": _advance,
    "forget_all": lambda world: world.broker.forget_all(),
}
_OF_A_SIDE: dict[str, Callable[..., None]] = {
    "give": _give,
    "again": _again,
    "write": lambda _, side: side.write(),
    "publish": lambda _, side: side.publish(),
    "take": lambda _, side: side.take(),
    "flow": _flow,
    "beat": lambda _, side: side.beat(),
    "project": lambda _, side, limit: side.project(limit),
    "rebuild": lambda _, side: side.rebuild(),
    **{step: partial(_pairing, step) for step in ("invite", "accept", "confirm")},
    **{kind: partial(_trouble, kind) for kind in ("lose", "repeat", "delay", "damage")},
    "shuffle": lambda world, side, window, seed: world.broker.shuffle(_topic(side), window, seed),
    "cut": _cut,
    "mend": _mend,
    "unanswered": _unanswered,
    "forget_last": lambda world, side, count: world.broker.forget_last(_topic(side), count),
    "expire": lambda world, side, count: world.broker.expire(_topic(side), count),
    "offset": _offset,
    "foreign": _foreign,
    "disk": _disk,
    "make_space": _make_space,
    "jump": _jump,
    "set_clock": _set_clock,
    "confirm_clock": _confirm_clock,
    "die": _die,
    "meanwhile": _meanwhile,
    "back_up": _back_up,
    "restore": _restore,
    "lie": _lie,
}
_WITHOUT_PROCESS = frozenset(
    {"give", "again", "lose", "repeat", "delay", "damage", "shuffle", "cut", "mend", "unanswered", "forget_last"}
    | {"expire", "foreign", "disk", "make_space", "jump", "set_clock", "restore"}
)
