"""Deviations: from a request to the job that decides it on the very state it commits on.

What a request leaves out because there is only one answer (the latest investigation, the partner's approval of it, the
one open question, the opening entry) is looked up in that state, not before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.deviation import names as n
from domain.deviation.aggregate import deviation_of
from domain.deviation.commands import (
    AnswerQuestion,
    ClassifyDeviation,
    CloseDeviation,
    CorrectEntry,
    InvestigateDeviation,
    LinkBatch,
    answer_question,
    classify_deviation,
    close_deviation,
    correct_deviation,
    investigate_deviation,
    link_batch,
)
from domain.deviation.errors import DeviationStateError
from domain.deviation.review_commands import (
    AcknowledgeEntry,
    ApproveClosure,
    AskQuestion,
    RejectClosure,
    acknowledge_entry,
    approve_closure,
    ask_question,
    correct_review,
    reject_closure,
)
from domain.drafts import Draft
from domain.evidence import names, reference
from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.steps.errors import CorrectionMismatchError
from events.catalogue.bodies import Attachment, Batch, EventRef
from events.catalogue.words import DeviationClass
from events.encoding.identifiers import Role
from services.gateway.commands.asking import Asked, Needs, Signing, about, permitted, positions_of, told
from services.gateway.exchange.jobs import CommandJob, Decision, Situation


@dataclass(frozen=True, slots=True)
class Target:
    """The item that a step is about, and whose it is."""

    item: str  # UUID
    owner: Role

    @property
    def subject(self) -> str:
        """The deviation's subject, in the owner's journal."""
        return n.subject(self.item)

    @property
    def review(self) -> str:
        """The review's subject, in the partner's journal."""
        return n.review_subject(self.item)


@dataclass(frozen=True, slots=True)
class Correcting:
    """An own entry (None: the deviation's opening, or the last of the own review) and what should stand in its fields.

    `before`: what the caller believes stands there, by field; None: not said.
    """

    fields: Mapping[str, str | None]
    reason: str
    entry: EventRef | None = None
    before: Mapping[str, str | None] | None = None
    attachments: Sequence[Attachment] = ()


Deciding = Callable[[Situation], list[Draft]]


def classify(
    asked: Asked, target: Target, class_: DeviationClass, rationale: str, attachments: Sequence[Attachment]
) -> CommandJob:
    """Return the job that puts a deviation in a class."""
    command = ClassifyDeviation(target.item, class_, rationale, attachments)
    return step(asked, target, lambda now: classify_deviation(command, now.context, asked.actor, now.at))


def investigate(asked: Asked, target: Target, command: InvestigateDeviation) -> CommandJob:
    """Return the job that states an investigation."""
    return step(asked, target, lambda now: investigate_deviation(command, now.context, asked.actor, now.at))


def close(
    asked: Asked,
    target: Target,
    signing: Signing,
    *,
    investigation: EventRef | None,
    approval: EventRef | None,
    attachments: Sequence[Attachment],
) -> CommandJob:
    """Return the job that closes a deviation."""

    def decide(now: Situation) -> list[Draft]:
        rests_on = investigation or _latest_investigation(now.context, target)
        allowed = approval or _standing_approval(now.context, target)
        signature = signing.signature(asked.actor, now, f"关闭偏差 {target.item}。Close deviation {target.item}.")
        command = CloseDeviation(target.item, rests_on, signature, allowed, attachments)
        return close_deviation(command, now.context, asked.actor, now.at)

    return step(asked, target, decide, investigation, approval, event=n.CLOSED)


def answer(
    asked: Asked, target: Target, text: str, question: EventRef | None, attachments: Sequence[Attachment]
) -> CommandJob:
    """Return the job that answers a question."""

    def decide(now: Situation) -> list[Draft]:
        command = AnswerQuestion(target.item, question or _open_question(now.context, target), text, attachments)
        return answer_question(command, now.context, asked.actor, now.at)

    return step(asked, target, decide, question, event=n.ANSWERED)


def link(asked: Asked, target: Target, number: str) -> CommandJob:
    """Return the job that links a batch."""
    command = LinkBatch(target.item, Batch(number=number))
    return step(asked, target, lambda now: link_batch(command, now.context, asked.actor, now.at))


def correct(asked: Asked, target: Target, correcting: Correcting) -> CommandJob:
    """Return the job that puts an own entry right, of the deviation or of the review."""
    return step(asked, target, lambda now: corrected(asked, target, correcting, now), correcting.entry)


def acknowledge(asked: Asked, target: Target, entry: EventRef | None, text: str | None) -> CommandJob:
    """Return the job by which a person takes note."""
    return step(asked, target, lambda now: acknowledged(asked, target, entry, text, now), entry)


def ask(
    asked: Asked, target: Target, text: str, entry: EventRef | None, attachments: Sequence[Attachment]
) -> CommandJob:
    """Return the job that asks the owner."""
    command = AskQuestion(target.item, text, entry, attachments)
    return step(asked, target, lambda now: ask_question(command, now.context, asked.actor, now.at), entry)


def approve(
    asked: Asked,
    target: Target,
    signing: Signing,
    investigation: EventRef | None,
    attachments: Sequence[Attachment],
) -> CommandJob:
    """Return the job that approves a closing."""

    def decide(now: Situation) -> list[Draft]:
        rests_on = investigation or _latest_investigation(now.context, target)
        statement = f"批准关闭偏差 {target.item}。Approve the closing of deviation {target.item}."
        signature = signing.signature(asked.actor, now, statement)
        command = ApproveClosure(target.item, rests_on, signature, attachments)
        return approve_closure(command, now.context, asked.actor, now.at)

    return step(asked, target, decide, investigation, event=n.CLOSURE_APPROVED)


def reject(
    asked: Asked, target: Target, reason: str, investigation: EventRef | None, attachments: Sequence[Attachment]
) -> CommandJob:
    """Return the job that rejects a closing."""

    def decide(now: Situation) -> list[Draft]:
        rests_on = investigation or _latest_investigation(now.context, target)
        command = RejectClosure(target.item, rests_on, reason, attachments)
        return reject_closure(command, now.context, asked.actor, now.at)

    return step(asked, target, decide, investigation, event=n.CLOSURE_REJECTED)


def step(asked: Asked, target: Target, deciding: Deciding, *refs: EventRef | None, event: str = "") -> CommandJob:
    """Return the job of one step; `refs` are entries that the request names, `event` the type that it would write."""
    subject = target.subject if target.owner is asked.role else target.review

    def decide(now: Situation) -> Decision:
        with about(event, subject):
            return Decision(permitted(deciding(now), asked, now), told(asked, "item", target.item))

    return asked.job(decide, needs_of(asked, [target], *refs))


def needs_of(asked: Asked, targets: Sequence[Target], *refs: EventRef | None) -> Needs:
    """Return what steps about some items read: the deviation and its review, each in the journal where it is."""
    own = [target.subject if target.owner is asked.role else target.review for target in targets]
    partners = [target.review if target.owner is asked.role else target.subject for target in targets]
    return Needs(own, partners, positions_of(*refs))


def acknowledged(asked: Asked, target: Target, entry: EventRef | None, text: str | None, now: Situation) -> list[Draft]:
    """Decide on taking note of an entry, by default the opening."""
    command = AcknowledgeEntry(target.item, entry or _opening(now.context, target), text)
    return acknowledge_entry(command, now.context, asked.actor, now.at)


def corrected(asked: Asked, target: Target, correcting: Correcting, now: Situation) -> list[Draft]:
    """Decide on a correction.

    Raises:
        CorrectionMismatchError: something else stands there than the caller believes.
    """
    is_own = target.owner is asked.role
    entry = correcting.entry or (_opening(now.context, target) if is_own else _last_of_review(now.context, target))
    command = CorrectEntry(target.item, entry, correcting.fields, correcting.reason, correcting.attachments)
    decide = correct_deviation if is_own else correct_review
    drafts = decide(command, now.context, asked.actor, now.at)
    for draft in drafts:
        _check_before(draft.body["changes"], correcting.before or {})
    return drafts


def _check_before(changes: Sequence[Mapping[str, str]], believed: Mapping[str, str | None]) -> None:
    for change in changes:
        field = change["field"]
        if field in believed and believed[field] != change.get("before"):
            raise CorrectionMismatchError(f"{field}: another value stands there now")


def _opening(context: Context, target: Target) -> EventRef:
    return reference(_needed(deviation_of(context, target.owner, target.item).opened, "it is not open"))


def _latest_investigation(context: Context, target: Target) -> EventRef:
    latest = deviation_of(context, target.owner, target.item).latest_investigation
    return reference(_needed(latest, "there is no investigation yet"))


def _standing_approval(context: Context, target: Target) -> EventRef | None:
    deviation = deviation_of(context, target.owner, target.item)
    latest = deviation.latest_investigation
    approval = None if latest is None else deviation.standing_approval(latest)
    return None if approval is None else reference(approval)


def _open_question(context: Context, target: Target) -> EventRef:
    answers = [past for past in context.accepted(target.owner, target.subject) if past.name == n.ANSWERED]
    asked = [past for past in context.accepted(target.owner.other, target.review) if past.name == n.ASKED]
    unanswered = [past for past in asked if not any(names(each.body.question, past) for each in answers)]
    if len(unanswered) > 1:
        raise DeviationStateError("several questions are open; name the one that is answered")
    return reference(_needed(unanswered[0] if unanswered else None, "no question is open"))


def _last_of_review(context: Context, target: Target) -> EventRef:
    written = context.accepted(target.owner.other, target.review)
    return reference(_needed(written[-1] if written else None, "nothing was written in the review yet"))


def _needed(past: PastEvent | None, lack: str) -> PastEvent:
    if past is None:
        raise DeviationStateError(lack)
    return past
