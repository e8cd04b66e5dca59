"""A small language for the tests of deciding: `given(...).when(...).then(...)`, without journal, store or wire.

`given` writes two journals as two gateways would: each entry is judged in its context by the product's own rules.
`when` asks a command of a party, `receives` lets an entry come that its author wrote without asking. What a command
lets through is written and judged too, so every `then` also shows that deciding and judging agree.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

import orjson

from domain.drafts import FORM, Draft
from domain.errors import DomainError
from domain.evidence import reference
from domain.judging.context import Context, Proposed
from domain.judging.history import JournalView, PastEvent
from domain.parties.people import AUTHORISED, PersonRole
from domain.rights import check_right
from domain.rules import RULES
from domain.signing.rules import check_signature
from events.catalogue.bodies import EventRef, LeafRef, Signature
from events.catalogue.registry import Kind, decode_body, event_type
from events.encoding.base64 import encode_base64
from events.encoding.entry import Head
from events.encoding.identifiers import Relationship, Role
from events.encoding.moments import format_moment, parse_moment
from events.journal.tree import leaf_hash

START = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MANAGER = "person/qa_manager"
STAFF = "person/qa_staff"
ADMIN = "person/admin"
BETWEEN = Relationship("91000000000000002R", "91000000000000003W")
JOURNAL_ID = "0193572e-0000-7000-8000-00000000000a"

Step = Callable[["Story", Role], Draft]
"""What somebody writes: a draft that may name what the story has so far."""

Command = TypeVar("Command")


@dataclass(frozen=True)
class Written:
    """A party writes a step: who acts, and how much of the partner's journal it has seen (None: all of it)."""

    role: Role
    step: Step
    actor: str = MANAGER
    seen: int | None = None


def cmo(step: Step, actor: str = MANAGER, seen: int | None = None) -> Written:
    return Written(Role.CMO, step, actor, seen)


def mah(step: Step, actor: str = MANAGER, seen: int | None = None) -> Written:
    return Written(Role.MAH, step, actor, seen)


class Story:
    """Two journals as they stand, and the time."""

    def __init__(self) -> None:
        self.views = {role: JournalView(role) for role in Role}
        self.sizes = dict.fromkeys(Role, 0)
        self.now = START

    def write(self, written: Written) -> PastEvent:
        """Write an entry, judge it in its context, remember it with its verdict."""
        return self._remember(written, written.step(self, written.role))

    def judge(self, written: Written, draft: Draft) -> DomainError | None:
        """Return with which error an entry breaks a rule or lacks a right; None: with none."""
        body = self.body_of(draft)
        proposed = Proposed(written.role, draft.type, draft.subject, body, written.actor, self.now)
        return fault(proposed, self.context(written.role, written.seen))

    def judge_again(self, past: PastEvent) -> DomainError | None:
        """Judge an entry once more, with all that was written since at hand."""
        head = past.head
        assert head is not None
        proposed = Proposed(past.role, head.type, head.subject, past.body, head.actor, parse_moment(head.time))
        return fault(proposed, Context(past.role, past.position, head.seen, self.views))

    def body_of(self, draft: Draft) -> Any:
        type_ = event_type(draft.type)
        assert type_ is not None
        return decode_body(type_, {**draft.body, "salt": "0" * 32})

    def context(self, role: Role, seen: int | None = None) -> Context:
        return Context(role, self.sizes[role], self.sizes[role.other] if seen is None else seen, self.views)

    def past(self, name: str, index: int = -1, role: Role | None = None) -> PastEvent:
        """Return an accepted entry of a type that the story has."""
        found = [past for past in self.all() if past.name == name and past.code is None]
        return [past for past in found if role is None or past.role is role][index]

    def ref(self, name: str, index: int = -1, role: Role | None = None) -> EventRef:
        return reference(self.past(name, index, role))

    def all(self) -> list[PastEvent]:
        """Return all entries, the MAH's by position, then the CMO's."""
        places = ((role, at) for role in Role for at in range(self.sizes[role]))
        found = (self.views[role].at(at) for role, at in places)
        return [past for past in found if past is not None]

    def when(
        self, role: Role, decide: "Decide[Command]", command: Command, actor: str = MANAGER, seen: int | None = None
    ) -> "Outcome":
        """Let a party ask for a command."""
        try:
            drafts = decide(command, self.context(role, seen), actor, self.now)
        except DomainError as error:
            return Outcome(self, Written(role, _nothing, actor, seen), error=error)
        return Outcome(self, Written(role, _nothing, actor, seen), drafts=drafts)

    def receives(self, written: Written) -> "Outcome":
        """Let an entry come whose author asked nobody."""
        draft = written.step(self, written.role)
        error = self.judge(written, draft)
        type_ = event_type(draft.type)
        assert type_ is not None
        if error is not None and (type_.kind is Kind.ACT or error.refusal in FORM):
            return Outcome(self, written, error=error)
        return Outcome(self, written, drafts=[draft])

    def and_then(self, *entries: Written) -> "Story":
        for written in entries:
            self.write(written)
        return self

    def _remember(self, written: Written, draft: Draft) -> PastEvent:
        error = self.judge(written, draft)
        type_ = event_type(draft.type)
        assert type_ is not None
        refused = error is not None and (type_.kind is Kind.ACT or error.refusal in FORM)
        body = self.body_of(draft)
        head = self._head(written, draft, bytes_of(body))
        past = PastEvent(
            written.role,
            self.sizes[written.role],
            leaf_hash(head.encode()),
            head,
            type_,
            body,
            error.refusal if error is not None and refused else None,
            violates=error is not None and not refused,
        )
        self.views[written.role].remember(past)
        self.sizes[written.role] += 1
        self.now += MINUTE
        return past

    def _head(self, written: Written, draft: Draft, body: bytes) -> Head:
        view = self.views[written.role]
        return Head(
            id=f"0193572e-0000-7000-8000-{self.sizes[written.role]:011x}{'1' if written.role is Role.MAH else '2'}",
            source=f"urn:uscc:{BETWEEN.party(written.role)}",
            type=draft.type,
            subject=draft.subject,
            revision=view.last_revision(draft.subject) + 1,
            relationship=str(BETWEEN),
            seen=self.context(written.role, written.seen).seen,
            actor=written.actor,
            time=format_moment(self.now),
            bodyhash=encode_base64(sha256(body).digest()),
            cause=draft.cause,
        )


def bytes_of(body: Any) -> bytes:
    """Return a body as it stands in an entry, whether or not a gateway would write it."""
    return orjson.dumps(body.model_dump(by_alias=True, exclude_unset=True, mode="json"), option=orjson.OPT_SORT_KEYS)


def fault(proposed: Proposed, context: Context) -> DomainError | None:
    """Return with which error an event breaks its rule or lacks its right in a context."""
    try:
        if proposed.type in RULES:
            RULES[proposed.type](proposed, context)
        check_right(proposed, context)
        check_signature(proposed, context)
    except DomainError as error:
        return error
    return None


Decide = Callable[[Command, Context, str, datetime], list[Draft]]


@dataclass(frozen=True)
class Outcome:
    """What came of a command or of an entry that was received."""

    story: Story
    written: Written
    drafts: Sequence[Draft] = ()
    error: DomainError | None = None

    def then(self, *types: str) -> Story:
        """Ask that exactly these events came of it, and that every reader takes them unmarked."""
        for past in self._taken(types):
            assert not past.violates, f"{past.name} is marked"
        return self.story

    def then_marked(self, *types: str) -> Story:
        """Ask that these events came of it, that every reader takes them, and marks them as a violation."""
        for past in self._taken(types):
            assert past.violates, f"{past.name} is not marked"
        return self.story

    def then_refused(self, refusal: str, code: str | None = None) -> DomainError:
        """Ask that it was refused, under this refusal code and the rule's own code."""
        assert self.error is not None, f"{[draft.type for draft in self.drafts]} was let through"
        assert self.error.refusal == refusal, self.error
        assert code is None or self.error.code == code, self.error
        return self.error

    def _taken(self, types: Sequence[str]) -> list[PastEvent]:
        assert self.error is None, self.error
        assert [draft.type for draft in self.drafts] == list(types)
        return [self._take(draft) for draft in self.drafts]

    def _take(self, draft: Draft) -> PastEvent:
        past = self.story.write(replace(self.written, step=lambda _story, _role: draft))
        assert past.code is None, f"{draft.type} is refused as {past.code}"
        return past


def given(*entries: Written) -> Story:
    """Begin a story in which each party has its people, one for each role (`person/qa_manager` ...)."""
    return Story().and_then(*everybody(), *entries)


def given_nobody(*entries: Written) -> Story:
    """Begin a story in which nobody was authorised yet."""
    return Story().and_then(*entries)


def everybody() -> list[Written]:
    """Both parties authorise their people: first the administrator, who authorises the others."""
    roles = sorted(PersonRole, key=lambda each: each is not PersonRole.ADMIN)
    return [Written(party, authorised(role, role.value), ADMIN) for party in Role for role in roles]


def authorised(role: str, person: str, since: datetime = START, until: datetime | None = None) -> Step:
    body = {
        "person": person,
        "roles": [str(role)],
        "from": format_moment(since),
        "to": None if until is None else format_moment(until),
    }
    return lambda _story, _role: Draft(AUTHORISED, f"journal/{JOURNAL_ID}", body)


def signature(actor: str = MANAGER, meaning: str = "approved") -> Signature:
    return Signature.model_validate(
        {
            "statement": "本人批准",
            "meaning": meaning,
            "reason": "核对无误",
            "person": actor.removeprefix("person/"),
            "at": "2026-11-22T09:30:00+08:00",
        }
    )


def leaf_ref(past: PastEvent) -> LeafRef:
    return LeafRef(position=past.position, leaf=encode_base64(past.leaf))


def _nothing(_story: Story, _role: Role) -> Draft:
    raise AssertionError("a command writes its own drafts")
