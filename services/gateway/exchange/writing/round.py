"""One transaction of the writer: commands decided, records taken in, receipts signed, all own entries committed.

What is decided here is decided on the very state on which it is committed. Nothing is answered before the commit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from itertools import count as counting
from typing import Any

import orjson

from domain.deviation.names import OPENED
from domain.drafts import Draft
from domain.errors import DomainError
from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.encoding.moments import format_moment
from events.errors import EvidenceError
from events.stored.intake import ExternalNumber
from events.stored.journal import TAKEN
from events.stored.relationship import WireCursor
from services.gateway.exchange.channel import INTAKE_STOPPED, Channel
from services.gateway.exchange.errors import EngineError, StoreDamagedError, UnknownRelationshipError
from services.gateway.exchange.jobs import (
    Answer,
    CommandJob,
    Decision,
    IncomingJob,
    Job,
    KeepingJob,
    ReceiptJob,
    TakenJob,
)
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.receiving.intake import Intake
from services.gateway.exchange.receiving.reacting import announce, journal_subject
from services.gateway.exchange.sending.leaving import LeavingReceipt
from services.gateway.exchange.writing.admission import Limits, admit_acts, admit_command
from services.gateway.exchange.writing.answers import KeptAnswers
from services.gateway.exchange.writing.authoring import ACTOR, Authoring, Following, LocalSequence
from services.gateway.exchange.writing.own_deviations import OwnDeviations
from services.gateway.exchange.writing.receipts import may_sign, seal_journals, sign_receipt
from services.gateway.exchange.writing.refused import RefusedAttempts
from services.gateway.exchange.writing.situation import CommandSituation, Desk, held_elsewhere
from services.gateway.ports.alarms import Alarm
from services.gateway.ports.clock import Chance
from services.gateway.ports.steps import Reached, Step, go_on
from services.gateway.ports.store import Writing


@dataclass(slots=True)
class Round:
    """The work of one transaction; `settle` after its commit gives everybody their answer."""

    writing: Writing
    channels: Mapping[int, Channel]
    sequence: LocalSequence
    chance: Chance
    at: datetime
    limits: Limits
    reached: Reached = go_on
    damages: Mapping[int, str] = field(default_factory=dict)  # relationships whose store is damaged, and where
    found_damaged: dict[int, str] = field(default_factory=dict)  # those that this transaction came upon
    alarms: list[Alarm] = field(default_factory=list)
    settled: list[tuple[str, str]] = field(default_factory=list)  # alarms whose cause is gone
    reload: set[int] = field(default_factory=set)
    _desks: dict[int, Desk] = field(default_factory=dict)
    _done: list[tuple["Future[Any]", Any]] = field(default_factory=list)
    _failed: list[tuple["Future[Any]", Exception]] = field(default_factory=list)
    _owing: set[int] = field(default_factory=set)
    _beating: set[int] = field(default_factory=set)  # those of which a heart beats: their journals are sealed too
    _signed: list[tuple[Channel, LeavingReceipt]] = field(default_factory=list)
    _answers: KeptAnswers = field(init=False)
    _refused: RefusedAttempts = field(init=False)

    def __post_init__(self) -> None:
        """Begin with no answers."""
        self._answers = KeptAnswers(self.writing)
        self._refused = RefusedAttempts(self.writing, self.limits.refusals)

    def do_all(self, jobs: Sequence[Job]) -> None:
        """Do jobs in their order; what their commands need from the store is asked for once."""
        self._answers.look_up(jobs)
        self._gather_ahead(jobs)
        for job in jobs:
            self.do(job)

    def do(self, job: Job) -> None:
        """Do a job; what refuses a command is kept for its caller, everything else ends the transaction."""
        damage = self.damages.get(job.relationship)
        if damage is not None and not isinstance(job, KeepingJob):
            self._failed.append((job.outcome, StoreDamagedError(damage)))
        elif isinstance(job, CommandJob):
            self._command(job)
        elif isinstance(job, IncomingJob):
            self._incoming(job)
        elif isinstance(job, TakenJob):
            self._taken(job)
        elif isinstance(job, KeepingJob):
            job.keep(self.writing)
            self.reload.add(job.relationship)
            self._done.append((job.outcome, None))
        else:
            self._beat(job)

    def close(self) -> None:
        """Write the own entries with their pages, then the receipts, which state the size after them."""
        for desk in self._desks.values():
            desk.authoring.commit(self.writing)
        self._answers.write()
        self._refused.write()
        for number in self._owing:
            self._sign_receipt(self.channels[number])
        self.reached(Step.BEFORE_COMMIT)

    def hand_over(self) -> None:
        """Let pages and receipts leave: the transaction is committed."""
        for desk in self._desks.values():
            channel = desk.channel
            channel.leaving.hand_over(desk.authoring.pages, channel.own.size, channel.held.judged)
        for channel, receipt in self._signed:
            channel.receipt = receipt

    def judged(self) -> Iterator[PastEvent]:
        """Return what was written in this transaction, of both journals."""
        for desk in self._desks.values():
            yield from desk.authoring.judged

    def settle(self) -> None:
        """Give everybody their answer: the transaction is committed."""
        for outcome, result in self._done:
            outcome.set_result(result)
        for outcome, error in self._failed:
            outcome.set_exception(error)

    # Commands

    def _command(self, job: CommandJob) -> None:
        try:
            answer = self._answer(job)
        except StoreDamagedError as error:
            self.found_damaged[job.relationship] = error.detail
            self._failed.append((job.outcome, error))
        except (DomainError, EngineError, EvidenceError) as error:
            self._refused.note(job, error, self.at)
            self._failed.append((job.outcome, error))
        else:
            self._done.append((job.outcome, answer))

    def _answer(self, job: CommandJob) -> Answer:
        replayed = self._answers.repeat(job)
        if replayed is not None:
            return replayed
        self.reached(Step.COMMAND_TAKEN)
        desk = self._desk(job.relationship)
        admit_command(job, desk.channel, self.limits)
        self._gather(job, desk)
        decision = job.decide(self._situation(job, desk))
        self.reached(Step.COMMAND_DECIDED)
        admit_acts([draft.type for draft in decision.drafts], desk.channel, desk.authoring.context(), self.at)
        written = desk.authoring.write(decision.drafts, job.actor, self.at, following=self._deviations(desk))
        body = orjson.dumps(decision.answer([event.stored for event in written]))
        if job.dry_run:
            desk.authoring.ungroup(written)
            return Answer(200, body)
        self._keep(job, desk.channel, decision, body)
        self.reached(Step.ANSWER_KEPT)
        return Answer(decision.status, body)

    def _deviations(self, desk: Desk) -> Following:
        """Return what follows an own entry in its page: deviations that the gateway opens by itself."""
        opened = counting(1)

        def next_count() -> int:
            return desk.count(self.writing, desk.channel.own.role, OPENED) + next(opened)

        deviations = OwnDeviations(self.at, self.chance, next_count)
        return lambda event: deviations.following(event, desk.authoring.context(), desk.gathering)

    def _gather_ahead(self, jobs: Iterable[Job]) -> None:
        """Bring the subjects of all commands; what is damaged is found again by the command that needs it."""
        subjects: dict[tuple[int, Role], list[str]] = defaultdict(list)
        for job in jobs:
            if isinstance(job, CommandJob) and job.relationship in self.channels.keys() - self.damages.keys():
                own = self.channels[job.relationship].own.role
                subjects[job.relationship, own] += job.subjects
                subjects[job.relationship, own.other] += job.partner_subjects
        for (relationship, role), wanted in subjects.items():
            with suppress(StoreDamagedError):
                self._desk(relationship).gathering.subjects(role, wanted)

    def _gather(self, job: CommandJob, desk: Desk) -> None:
        own = desk.channel.own.role
        desk.gathering.subjects(own, job.subjects)
        desk.gathering.subjects(own.other, job.partner_subjects)
        for role, positions in job.positions.items():
            desk.gathering.positions(role, positions)
        desk.gathering.batches(job.batches)

    def _situation(self, job: CommandJob, desk: Desk) -> CommandSituation:
        known: Mapping[str, ExternalNumber] = {}
        if job.numbers is not None:
            known = self.writing.external_numbers(job.relationship, *job.numbers)
        context = desk.authoring.context()
        admitting = partial(admit_acts, channel=desk.channel, context=context, at=self.at)
        counts = cache(partial(desk.count, self.writing))
        others = partial(held_elsewhere, self.writing, self.channels, job.relationship)
        return CommandSituation(context, self.at, known, counts, admitting, others)

    def _keep(self, job: CommandJob, channel: Channel, decision: Decision, body: bytes) -> None:
        """Keep, beside the entries, what makes the command happen once."""
        when = format_moment(self.at)
        self._answers.keep(job, decision.status, body, when)
        if decision.external:
            self.writing.save_external_numbers(channel.number, decision.external)
        if decision.confirms_pairing:
            channel.stored = replace(channel.stored, confirmed_at=when)
            self.writing.save_relationship(channel.stored)
            self._owing.add(channel.number)

    # The partner

    def _incoming(self, job: IncomingJob) -> None:
        intake = self._intake(self._desk(job.relationship))
        intake.take(job.records, WireCursor(job.topic_id, job.offset))
        self._note(intake)
        self._done.append((job.outcome, None))

    def _intake(self, desk: Desk) -> Intake:
        desk.counts.clear()  # the partner's change
        rooms = (desk.channel, self.writing, desk.gathering, desk.authoring)
        return Intake(*rooms, self.sequence, self.at, self.reached)

    def _note(self, intake: Intake) -> None:
        """Note what an intake leaves to be told and signed."""
        self.alarms.extend(intake.alarms)
        self.settled.extend((code, str(intake.channel.relationship)) for code in intake.settled)
        if intake.owes_receipt:
            self._owing.add(intake.channel.number)

    def _taken(self, job: TakenJob) -> None:
        desk = self._desk(job.relationship)
        channel = desk.channel
        may_say = channel.is_paired and not channel.behind and not channel.too_old
        if may_say and channel.held.telling > channel.own.claims.claimed:
            subject = journal_subject(channel, desk.authoring, self.at)
            desk.authoring.write([Draft(TAKEN, subject, {"size": channel.held.judged})], ACTOR, self.at)
        self._done.append((job.outcome, None))

    def _beat(self, job: ReceiptJob) -> None:
        """Owe a receipt; announce an upgrade, and judge what waited for it; open the intake again on the next day."""
        desk = self._desk(job.relationship)
        channel = desk.channel
        if channel.is_paired and not channel.behind:
            self.alarms.extend(announce(channel, desk.authoring, self.at))
        if channel.held.unjudged:
            intake = self._intake(desk)
            intake.catch_up()
            self._note(intake)
        if channel.intake_stopped and channel.refusals[0] != self.at.date():
            channel.intake_stopped = False
            self.settled.append((INTAKE_STOPPED, str(channel.relationship)))
        self._owing.add(job.relationship)
        self._beating.add(job.relationship)
        self._done.append((job.outcome, None))

    def _sign_receipt(self, channel: Channel) -> None:
        """Sign what is held and judged now. It leaves after the commit, behind the pages up to the size it states."""
        if not may_sign(channel):
            return
        if channel.number in self._beating:
            seal_journals(channel, self.writing, self.at)
        stored, leaving = sign_receipt(channel, self.at)
        self.reached(Step.RECEIPT_SIGNED)
        self.writing.save_receipt(channel.number, stored)
        self._signed.append((channel, leaving))

    def _desk(self, number: int) -> Desk:
        if number not in self._desks:
            channel = self.channels.get(number)
            if channel is None:
                raise UnknownRelationshipError(f"no relationship {number}")
            gathering = Gathering(channel, self.writing)
            authoring = Authoring(channel, gathering, self.sequence, self.chance, self.reached)
            self._desks[number] = Desk(channel, gathering, authoring)
        return self._desks[number]

    def forget_histories(self) -> None:
        """Let go of what was brought into the views for this transaction."""
        for desk in self._desks.values():
            desk.channel.own.view.forget_histories()
            desk.channel.held.view.forget_histories()
