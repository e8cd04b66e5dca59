"""Opening deviations: one by hand, or many rows of a source system in one decision.

A record of a source system is known by (source, external number). One that is there already is unchanged when its
values are the same, and refused when they are not: what was recorded is corrected, never recorded twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from domain.deviation import names as n
from domain.deviation.commands import ClassifyDeviation, OpenDeviation, classify_deviation, open_deviation
from domain.deviation.errors import DeviationStateError
from domain.drafts import Draft
from domain.judging.versions import rule_set_of
from domain.steps.numbering import human_number
from events.catalogue.bodies import Attachment, Batch, Product
from events.catalogue.registry import QUALITY_CORE
from events.catalogue.words import DeviationClass
from events.encoding.identifiers import Role
from events.errors import EntryError
from events.stored.intake import ExternalNumber
from services.gateway.commands.asking import Asked, Needs, permitted, told
from services.gateway.exchange.jobs import CommandJob, Decision, Situation

DEFAULT_SOURCE = "manual"


@dataclass(frozen=True, slots=True)
class Opening:
    """What a deviation is opened with; no number: the next of the year. With a class it is classified at once."""

    title: str
    detected_at: str
    number: str | None = None
    source: str = DEFAULT_SOURCE
    external_number: str | None = None
    description: str | None = None
    occurred_at: str | None = None
    product: Product | None = None
    batches: Sequence[Batch] = ()
    line: str | None = None
    site: str | None = None
    class_: DeviationClass | None = None
    rationale: str | None = None
    attachments: Sequence[Attachment] = ()


def open_one(asked: Asked, item: str, opening: Opening) -> CommandJob:
    """Return the job that opens a deviation under a new UUID.

    Raises (when decided):
        DeviationStateError: the source's record was recorded before.
        EntryError: `entry.wrong_author`: this party opens no deviations.
    """

    def decide(now: Situation) -> Decision:
        known = now.known.get(opening.external_number or "")
        if known is not None:
            raise DeviationStateError(f"{opening.source} {opening.external_number} was recorded as {known.subject}")
        drafts = drafts_of(asked, item, opening, next_number(now, 1), now)
        return Decision(permitted(drafts, asked, now), told(asked, "item", item), external=external_of(item, opening))

    numbers = None if opening.external_number is None else (opening.source, [opening.external_number])
    return asked.job(decide, Needs([n.subject(item)], [n.review_subject(item)], numbers=numbers))


def drafts_of(
    asked: Asked, item: str, opening: Opening, number: str, now: Situation, *, cause: str | None = None
) -> list[Draft]:
    """Decide on opening, and on the class if there is one; it is drafted unjudged, for it follows in the same page."""
    if asked.role is not Role.CMO and rule_set_of(now.context) < QUALITY_CORE:
        raise EntryError("entry.wrong_author", "deviations are opened by the manufacturer, as far as both announced")
    command = OpenDeviation(
        deviation_id=item,
        number=opening.number or number,
        source=opening.source,
        title=opening.title,
        detected_at=opening.detected_at,
        external_number=opening.external_number,
        description=opening.description,
        occurred_at=opening.occurred_at,
        product=opening.product,
        batches=opening.batches,
        line=opening.line,
        site=opening.site,
        attachments=opening.attachments,
        cause=cause,
    )
    drafts = open_deviation(command, now.context, asked.actor, now.at)
    if opening.class_ is not None:
        classify = ClassifyDeviation(item, opening.class_, _rationale(opening), cause=cause)
        drafts += classify_deviation(classify, now.context, asked.actor, now.at)
    return drafts


def next_number(now: Situation, ahead: int) -> str:
    """Return the human number of the deviation that is `ahead` of those recorded: DEV-2026-0142."""
    count = now.count(now.context.role, n.OPENED) + ahead
    return human_number(n.PREFIX, now.at, count)


def external_of(item: str, opening: Opening) -> list[ExternalNumber]:
    """Return what is kept so that the same record of a source is not recorded twice."""
    if opening.external_number is None:
        return []
    return [ExternalNumber(opening.source, opening.external_number, n.subject(item), digest_of(opening))]


def digest_of(opening: Opening) -> bytes:
    """Return what tells one state of a source's record from another."""
    stated: dict[str, Any] = {
        name: _plain(getattr(opening, name)) for name in Opening.__dataclass_fields__ if name != "source"
    }
    return sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).digest()


NewItem = Callable[[], str]
"""Returns a fresh UUID for an item."""


def _rationale(opening: Opening) -> str:
    return opening.rationale or "来源系统的分级。The class given by the source."


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of an opening
    if isinstance(value, Product | Batch | Attachment):
        return value.model_dump()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
