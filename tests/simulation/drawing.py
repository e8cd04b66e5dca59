"""From a seed to a schedule. Each seed draws which faults it has and how many, so that rare ones meet in some seeds."""

from dataclasses import dataclass, field
from random import Random

from events.encoding.identifiers import Role
from services.gateway.ports.steps import Step
from tests.simulation.schedule import Action, Number, Schedule
from tests.simulation.words import (
    DOCUMENTS,
    ENDS,
    FAULTS,
    LONG_WAYS,
    MOST_KINDS,
    OF_BOTH,
    OF_CMO,
    OF_MAH,
    OFTEN,
    POINTS,
    PROGRESS,
    STORY,
    TOGETHER,
)
from tests.simulation.world.beginning import AGREED, REGISTERED, STRANGERS
from tests.simulation.world.people import MATTERS, MOST_OF_A_KIND

SHORTEST, LONGEST = 60, 200  # actions


@dataclass
class Drawer:
    """Draws one schedule."""

    chance: Random
    beginning: str = AGREED
    zeal: float = 0.5  # how often what was given is carried over at once
    opened: int = 0
    stages: dict[int, int] = field(default_factory=dict)  # by deviation, the next step of its story
    kinds: list[str] = field(default_factory=list)  # the matters that are talked about in this run
    ways: dict[tuple[str, int], int] = field(default_factory=dict)  # by matter, the next step of its long way
    document: int = 0  # the next step of agreement and list
    keys: list[tuple[Role, Action]] = field(default_factory=list)

    def draw(self, seed: int) -> Schedule:
        self.beginning = self.chance.choices((STRANGERS, AGREED, REGISTERED), (3, 7, 10))[0]
        self.kinds = self.chance.choices((*MATTERS, *OFTEN), k=self.chance.randint(1, MOST_KINDS))
        self.zeal = self.chance.choice((0.2, 0.6, 0.9))
        weights = self._weights()
        names, counts = list(weights), list(weights.values())
        length = self.chance.randint(SHORTEST, LONGEST)
        actions: list[Action] = []
        for name in self.chance.choices(names, counts, k=length):
            actions.append(self._action(name))
            if name == "give" and self.chance.random() < self.zeal:
                actions.append(Action("flow", actions[-1].side))
        for certain in (self._death_of(seed), self._meanwhile_of(seed)):
            place = self.chance.randrange(len(actions))
            actions[place:place] = [certain, *_made_to_come(certain)]
        if self.beginning == STRANGERS:
            actions = self._with_pairing(actions)
        return Schedule(seed, self.beginning, tuple(actions))

    def _weights(self) -> dict[str, float]:
        """Choose some faults, and how often they come beside what goes on."""
        some = {name: weight for name, weight in FAULTS.items() if self.chance.random() < 0.35}
        if self.beginning == STRANGERS:
            some.pop("restore", None)  # a backup from before the pairing is another matter
            some.pop("lie", None)
        total = sum(some.values())
        share = self.chance.choice((0.04, 0.1, 0.2, 0.35)) * sum(PROGRESS.values())
        weights: dict[str, float] = {**PROGRESS}
        for name, weight in some.items():
            weights[name] = share * weight / total
            if name in ENDS:
                weights[ENDS[name]] = 1.5 * weights[name]
        return weights

    def _with_pairing(self, actions: list[Action]) -> list[Action]:
        """Put the steps of the pairing among the first actions."""
        steps = [Action(what, role) for what in ("invite", "accept", "confirm") for role in self._roles()]
        places = sorted(self.chance.randrange(30) for _ in steps)
        for place, step in zip(reversed(places), reversed(steps), strict=True):
            actions.insert(place, step)
        return actions

    def _roles(self) -> list[Role]:
        roles = list(Role)
        self.chance.shuffle(roles)
        return roles

    def _action(self, name: str) -> Action:
        draw = getattr(self, f"_{name}", None)
        if draw is not None:
            action: Action = draw()
            return action
        return Action(name, self._side())

    def _side(self) -> Role:
        return self.chance.choice(list(Role))

    def _count(self, most: int) -> int:
        """Draw a number from 1 on, small ones more often."""
        return min(most, 1 + int(self.chance.expovariate(2.5 / most)))

    # What goes on

    def _give(self) -> Action:
        of_deviations = (self._next_step, self._any_step, self._document_step)
        side, what, number = self.chance.choices((*of_deviations, self._step_of_a_matter), (6, 4, 1, 12))[0]()
        action = Action("give", side, (what, number, self.chance.randrange(60), f"k{len(self.keys)}"))
        self.keys.append((side, action))
        return action

    def _next_step(self) -> tuple[Role, str, int]:
        """Go on with a deviation where it is."""
        if not self.opened or self.chance.random() < 0.15:
            return Role.CMO, "open", self._number_of("open")
        number = self._number_of("")
        stage = self.stages.get(number, 0)
        self.stages[number] = stage + self.chance.choice((1, 1, 1, 2))
        what = STORY[stage % len(STORY)]
        return (Role.MAH if what in OF_MAH else Role.CMO), what, number

    def _any_step(self) -> tuple[Role, str, int]:
        side = self._side()
        words = OF_BOTH if self.chance.random() < 0.15 else OF_CMO if side is Role.CMO else OF_MAH
        what = self.chance.choice(words)
        return side, what, self._number_of(what)

    def _step_of_a_matter(self) -> tuple[Role, str, int]:
        """Go on with a matter by whoever it is that looks at it: what there is to do is for them to see."""
        kind, number = self.chance.choice(self.kinds), self._count(MOST_OF_A_KIND)
        if kind not in LONG_WAYS or self.chance.random() < 0.4:
            return self._side(), kind, number
        way, several = LONG_WAYS[kind]
        number = self.chance.choice(several)
        gone = self.ways.get((kind, number), 0)
        self.ways[kind, number] = gone + self.chance.choice((1, 1, 1, 1, 2))
        what = way[gone % len(way)]
        return (Role.MAH if "_review" in what else Role.CMO), what, number

    def _document_step(self) -> tuple[Role, str, int]:
        role, what = DOCUMENTS[self.document % len(DOCUMENTS)]
        self.document += 1
        return role, what, 0

    def _number_of(self, what: str) -> int:
        if what == "open":
            self.opened += 1
            return self.opened
        if what == "open_many":
            return self.chance.choice((2, 5, 5, 20))
        if what in ("authorise", "withdraw", "publish_calendar"):
            return self.chance.randrange(8)
        return max(1, self.opened - self.chance.randrange(6))

    def _again(self) -> Action:
        if not self.keys:
            return self._give()
        side, action = self.chance.choice(self.keys[-8:])
        return Action("again", side, action.numbers)

    def _advance(self) -> Action:
        seconds = self.chance.choice((0.3, 1.0, 2.0, 5.0, 5.0, 10.0, 30.0, 60.0, 3600.0, 86_400.0))
        return Action("advance", None, (seconds,))

    def _project(self) -> Action:
        return Action("project", self._side(), (self.chance.choice((1, 3, 2000)),))

    # The wire

    def _lose(self) -> Action:
        return Action("lose", self._side(), (self._count(6),))

    def _repeat(self) -> Action:
        return Action("repeat", self._side(), (self._count(6),))

    def _delay(self) -> Action:
        return Action("delay", self._side(), (self._count(6), self.chance.choice((1.0, 6.0, 60.0))))

    def _damage(self) -> Action:
        return Action("damage", self._side(), (self._count(3),))

    def _shuffle(self) -> Action:
        return Action("shuffle", self._side(), (2 + self._count(8), self.chance.randrange(1000)))

    def _cut(self) -> Action:
        return Action("cut", self._side(), (self.chance.choice(("out", "in", "both", "silent")),))

    def _unanswered(self) -> Action:
        return Action("unanswered", self._side(), (self._count(3), self.chance.randrange(4)))

    def _forget_all(self) -> Action:
        return Action("forget_all")

    def _forget_last(self) -> Action:
        return Action("forget_last", self._side(), (self._count(8),))

    def _expire(self) -> Action:
        return Action("expire", self._side(), (self._count(40),))

    def _offset(self) -> Action:
        return Action("offset", self._side(), (self.chance.choice((-1000, -3, -1, 1, 3, 1000)),))

    def _foreign(self) -> Action:
        kinds = ("page", "receipt", "resend", "returned", "blob", "", "strange")
        return Action("foreign", self._side(), (self.chance.choice(kinds), self.chance.randrange(1000)))

    # The disk and the clock

    def _disk(self) -> Action:
        return Action("disk", self._side(), (self.chance.choice(("full", "lost", "done", "away")), self._count(4)))

    def _jump(self) -> Action:
        seconds = self.chance.choice((-90_000, -3600, -40, -5, 5, 40, 3600, 90_000, 40_000_000))
        return Action("jump", self._side(), (seconds,))

    def _set_clock(self) -> Action:
        return Action(self.chance.choice(("set_clock", "confirm_clock")), self._side())

    # The process

    def _die(self) -> Action:
        how: tuple[Number, ...] = (self.chance.choice(POINTS), self._count(4))
        if self.chance.random() < 0.3:
            how = ("", self._count(30))
        return Action("die", self._side(), (*how, self.chance.randrange(6)))

    def _death_of(self, seed: int) -> Action:
        """Return the one death that every seed has: seed by seed it goes through all points on both sides."""
        side, point = list(Role)[seed % 2], POINTS[seed // 2 % len(POINTS)]
        return Action("die", side, (point, 1, self.chance.randrange(4)))

    def _meanwhile_of(self, seed: int) -> Action:
        """Return the one pair that every seed has, as above; seven goes through all pairs before it repeats one."""
        return Action("meanwhile", list(Role)[seed % 2], (*TOGETHER[7 * seed // 2 % len(TOGETHER)], 3))

    def _meanwhile(self) -> Action:
        return Action("meanwhile", self._side(), (*self.chance.choice(TOGETHER), self._count(3)))

    def _restore(self) -> Action:
        return Action("restore", self._side(), (self.chance.randrange(4),))

    def _lie(self) -> Action:
        return Action("lie", self._side(), (self.chance.randrange(1000),))


def _made_to_come(certain: Action) -> list[Action]:
    """Return what brings a process to a point that it seldom comes to: a request is sent where something is missing."""
    if certain.side is None or certain.numbers[0] != Step.REQUEST_PUBLISHED.value:
        return []
    return [Action("lose", certain.side.other, (3,))]


def draw(seed: int) -> Schedule:
    """Return the schedule of a seed."""
    return Drawer(Random(seed)).draw(seed)  # noqa: S311 - chance that is repeated
