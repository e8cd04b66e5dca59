"""People were called for what happened, and for nothing else; what was set aside has a cause (K8, K9)."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from tests.simulation.checks.held import Pair
from tests.simulation.world.world import World

LIES = frozenset({"lies"})
NOISE = frozenset({"records damaged", "foreign records"})
CLOCK = frozenset({"clock jumps"})
RESTORED = frozenset({"older stores restored"})

CAUSES: dict[str, AbstractSet[str]] = {
    "quarantine": NOISE | LIES,
    "entry.refused": LIES,
    "entry.disputed": LIES,
    "refusal.malformed": LIES,
    "clock.jumped": CLOCK,
    "clock.skewed": CLOCK | frozenset({"records delayed", "foreign records", "offsets wrong"}),
    "disk.full": frozenset({"disk full"}),
    "store.behind": RESTORED,
}
"""What may raise each alarm, as faults that hit; an alarm that is not here may never be raised."""

ALWAYS = frozenset({"partner.silent", "clock.skewed"})
"""Alarms that time alone may raise: records wait while the schedule lets an hour or a day pass."""

STAYS = frozenset({"quarantine", "entry.refused", "entry.disputed", "refusal.malformed", "clock.skewed"})
"""Alarms that stand until a person has looked."""

SET_ASIDE = {
    "page.too_large",
    "page.malformed",
    "page.wrong_journal",
    "page.signature_invalid",
    "page.root_mismatch",
    "receipt.malformed",
    "receipt.signature_invalid",
    "resend.malformed",
}
"""What noise may be set aside as: never an overlap, never two histories."""

WITHHELD = "entry.seen_withheld"
"""What a lie may be set aside as: an entry that contradicts a receipt of its author, kept as proof."""


def check(world: World, pair: Pair) -> list[str]:
    return [*_raised(world), *_standing(world), *_set_aside(world, pair)]


def _raised(world: World) -> Iterator[str]:
    hit = {name for name, count in world.hits.items() if count}
    for side in world.both:
        for code in side.alarms.ever:
            if code not in ALWAYS and CAUSES.get(code, frozenset()).isdisjoint(hit):
                yield f"K9: alarm {code} at the {side.role} without a cause: {side.alarms.details[code]}"


def _standing(world: World) -> Iterator[str]:
    for side in world.both:
        side.running.heart.tick()  # the heart settles what is over at its next beat
        for alarm in side.alarms.standing():
            if alarm.code not in STAYS:
                yield f"K9: alarm {alarm.code} still stands at the {side.role}: {alarm.detail}"


def _set_aside(world: World, pair: Pair) -> Iterator[str]:
    allowed = {WITHHELD} if world.hits["lies"] else set()
    if any(world.hits[name] for name in NOISE):
        allowed |= SET_ASIDE
    for held in pair.both:
        for aside in held.quarantine:
            if aside.code not in allowed:
                yield f"K8: {aside.code} was set aside at the {held.role}: {aside.detail}"
