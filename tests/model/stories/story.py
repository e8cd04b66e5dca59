"""Random stories of two parties, each of which may lie: who receives, who writes what, with what wrong in it.

A story is a list of steps, each with a seed of its own, so one may be left out and the others still mean the same.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from domain.judging.history import REFUSED
from domain.judging.judge import Judged, read_line
from domain.judging.labelling import labels_in
from domain.judging.subjects import OPENED, fault_of_pairing
from events.catalogue.registry import decode_body, event_type
from events.encoding.identifiers import Role, uuid7
from events.errors import EntryError
from events.labels import Labeller
from tests.events.golden.cast import RELATIONSHIP
from tests.model.stories.deviations import draft_about_deviation
from tests.model.stories.documents import draft_about_document
from tests.model.stories.drafting import Draft, Drafter, Json, journal_of, leaf_ref, moment
from tests.model.stories.engine import Engine
from tests.model.stories.lies import lie_about, line_of
from tests.model.stories.protocol import OPENING, draft_about_refusal, draft_of_protocol

LABEL_SECRET = sha256(b"the label secret of the model's stories").digest()
LABELLER = Labeller(LABEL_SECRET)
START_MS = 1795339844000
ALL = 0  # the seed of a step that receives everything
MATTERS: dict[str, Drafter] = {
    "deviations": draft_about_deviation,
    "documents": draft_about_document,
    "protocol": draft_of_protocol,
    "disputes": draft_about_refusal,
}
THEMES = ((40, 1, 1, 2), (40, 3, 3, 4), (20, 20, 4, 4), (4, 60, 6, 2), (10, 10, 10, 30))  # weights of the matters
RECEIVING = (10, 30, 30)  # weights of taking in what the partner wrote: seldom, and much crosses on the wire
HONEST, ONE, BOTH = frozenset[Role](), [frozenset({role}) for role in Role], frozenset(Role)
UNFOUNDED = ("entry.malformed", "entry.seen_impossible", "gate.deviation_closure")


@dataclass(frozen=True)
class Step:
    role: Role
    does: str  # `receive`, or what it writes: a name of `OPENING` or of `MATTERS`
    seed: int


@dataclass(frozen=True)
class Plan:
    """A whole story before it is told; `liars` lie about anything, the others are only careless at times."""

    steps: tuple[Step, ...]
    liars: frozenset[Role]


def plan(story_seed: int, length: int = 140) -> Plan:
    chance = random.Random(story_seed)  # noqa: S311 - a story that repeats
    liars = chance.choices([HONEST, *ONE, BOTH], [3, 3, 5, 1])[0]
    opening = [Step(role, does, chance.getrandbits(48)) for does in OPENING for role in Role]
    for role in Role if chance.random() < 0.97 else ():  # each waits for the other's entry 0, as a gateway does
        opening.insert(2, Step(role, "receive", ALL))
    does = chance.choices(["receive", *MATTERS], [chance.choice(RECEIVING), *chance.choice(THEMES)], k=length)
    told = [Step(chance.choice(list(Role)), each, chance.getrandbits(48)) for each in does]
    return Plan((*opening, *told), liars)


class Party:
    """One side: what it wrote, and its own gateway's view of both journals."""

    def __init__(self, role: Role, liars: frozenset[Role]) -> None:
        self.role, self.engine = role, Engine(LABELLER)
        self.lies, self.lines, self.now = role in liars, list[bytes](), 0
        self.is_faithful = True  # False: it says that it saw what was not there, so its own verdicts are worth nothing
        self._is_watched = role.other not in liars

    @property
    def may_claim_the_unseen(self) -> bool:
        """Tell whether a claim to have seen too much will be refused with effect: by an honest, paired gateway."""
        opened = [self.engine.context_of(self.role).standing_of(role, OPENED) for role in Role]
        return self.lies and self._is_watched and (not self.lines or fault_of_pairing(*opened) is None)

    def write(self, line: bytes) -> None:
        self.lines.append(line)
        held, arrival = self.engine.size(self.role.other), read_line(line)
        self.is_faithful &= arrival.head is None or arrival.head.seen <= held
        self.engine.take(self.role, arrival, held)

    def put(self, chance: random.Random, draft: Draft) -> None:
        """Write an entry that is right as far as its writer can tell."""
        self.write(line_of(self.attributes(chance, draft), draft.body, chance))

    def attributes(self, chance: random.Random, draft: Draft) -> Json:
        event_id = uuid7(START_MS + self.now, chance.randbytes(10))
        head = {
            "specversion": "1.0",
            "id": event_id,
            "source": f"urn:uscc:{RELATIONSHIP.party(self.role)}",
            "type": draft.type,
            "subject": draft.subject,
            "revision": self.engine.views[self.role].last_revision(draft.subject) + 1,
            "relationship": str(RELATIONSHIP),
            "seen": self.engine.size(self.role.other),
            "actor": draft.actor,
            "time": moment(self.now),
        }
        tags = self._tags(draft, event_id)
        return head | ({"labels": " ".join(tags)} if tags else {})

    def receive(self, chance: random.Random, lines: Sequence[bytes], *, is_last: bool) -> None:
        """Judge what arrives and refuse what is refused; a liar overlooks some, and both refuse without reason."""
        taken = [self.engine.take(self.role.other, read_line(line), len(self.lines)) for line in lines]
        judged = [each for each in taken if each is not None]
        is_dutiful = is_last or not self.lies
        named = [each for each in judged if _is_refused(each) and (is_dutiful or chance.random() < 0.8)]
        if not is_last:
            named += [each for each in judged if self._may_be_refused(each) and chance.random() < 0.03]
        if named:
            named.sort(key=lambda each: each.past.position)
            refused = [_named(each, chance) for each in named]
            self.put(chance, Draft(REFUSED, journal_of(self), {"refused": refused}, "system/gateway"))

    def _may_be_refused(self, judged: Judged) -> bool:
        """Without reason; a refusal of a refusal would make the whole of it malformed, which only a liar risks."""
        return judged.past.code is None and (self.lies or judged.past.name != REFUSED)

    def _tags(self, draft: Draft, event_id: str) -> tuple[str, ...]:
        type_ = event_type(draft.type)
        if type_ is None or type_.subject_kind in ("relationship", "journal"):
            return ()
        try:
            body = decode_body(type_, {**draft.body, "salt": "0" * 32})
        except EntryError:
            return ()
        context = self.engine.context_of(self.role)
        return LABELLER.tags(labels_in(context, type_, draft.subject, body), event_id)


class Story:
    """Both parties as they stand after a plan was carried out and all that was written was received."""

    def __init__(self, told: Plan) -> None:
        self.plan, self.now = told, 0
        self.parties = {role: Party(role, told.liars) for role in Role}
        for step in told.steps:
            self._do(step)
        for round_ in range(6):
            for role in Role:
                self._receive(role, random.Random(f"{role} {round_}"), is_last=True)  # noqa: S311 - as above

    @property
    def lines(self) -> Mapping[Role, Sequence[bytes]]:
        return {role: party.lines for role, party in self.parties.items()}

    def _do(self, step: Step) -> None:
        chance, party = random.Random(step.seed), self.parties[step.role]  # noqa: S311 - as above
        self.now += chance.choice([0, 1, 60, 86_400])
        party.now = self.now
        if step.does == "receive":
            self._receive(step.role, chance, is_last=step.seed == ALL)
            return
        draft = {**OPENING, **MATTERS}[step.does](party, chance)
        if draft is None:
            return
        share = (0.3 if party.lies else 0.05) / (6 if len(party.lines) < 8 else 1)
        if chance.random() >= share:
            party.put(chance, draft)
        elif (line := lie_about(party, chance, draft)) is not None:
            party.write(line)

    def _receive(self, role: Role, chance: random.Random, *, is_last: bool) -> None:
        party, partner = self.parties[role], self.parties[role.other]
        party.now = self.now
        waiting = partner.lines[party.engine.size(role.other) :]
        count = len(waiting) if is_last or chance.random() < 0.7 else chance.randrange(len(waiting) + 1)
        party.receive(chance, waiting[:count], is_last=is_last)


def _is_refused(judged: Judged) -> bool:
    return judged.past.code is not None and judged.past.code != "refusal.malformed"


def _named(judged: Judged, chance: random.Random) -> Json:
    code = judged.past.code or chance.choice(UNFOUNDED)
    return {**leaf_ref(judged.past), "code": code, "detail": judged.failed}
