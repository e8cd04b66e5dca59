"""The factory release and its package, written together in one page; and later versions of the package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.batch import names as n
from domain.batch.blockers import touching
from domain.batch.lineage import lineage_of
from domain.batch.package import check_investigations, check_records
from domain.commands import TakeStep, take_step
from domain.drafts import Draft
from domain.judging.context import Context
from events.catalogue.batches.release import Record, Submitted
from events.catalogue.bodies import Attachment
from events.catalogue.registry import decode_body, event_type
from services.gateway.commands.asking import Asked, Signing, permitted, told
from services.gateway.commands.filled import fill
from services.gateway.commands.matters import Matter, Step, needs_of, values_of, written
from services.gateway.exchange.jobs import CommandJob, Decision, Situation

_NO_SALT = "0" * 32


@dataclass(frozen=True, slots=True)
class Package:
    """What is submitted: the records, their files, and a signature where there were no deviations."""

    manifest: Sequence[Record]
    attachments: Sequence[Attachment]
    no_deviations: Signing | None = None
    reason: str | None = None


def release(asked: Asked, matter: Matter, step: Step, package: Package) -> CommandJob:
    """Return the job that releases a batch by the manufacturer and submits the package with it, both or neither."""

    def decide(now: Situation) -> Decision:
        values = values_of(asked, matter, step, now)
        drafts = take_step(TakeStep(step.type, matter.subject, values), now.context, asked.actor, now.at)
        submitted = _submission(asked, matter, package, now)
        del submitted["release"]  # the one in the same page is meant
        body = _check(submitted, now.context, matter, asked)
        both = [*drafts, Draft(n.SUBMITTED, _subject(matter), submitted, model=body)]
        return Decision(permitted(both, asked, now), told(asked, "item", matter.item))

    return asked.job(decide, needs_of(asked, matter, step))


def submit(asked: Asked, matter: Matter, package: Package) -> CommandJob:
    """Return the job that submits a later version of the package, with its reason."""
    step = Step(n.SUBMITTED, {"manifest": list(package.manifest)})

    def decide(now: Situation) -> Decision:
        submitted = _submission(asked, matter, package, now)
        _check(submitted, now.context, matter, asked)
        drafts = take_step(TakeStep(step.type, _subject(matter), submitted), now.context, asked.actor, now.at)
        return Decision(permitted(drafts, asked, now), told(asked, "item", matter.item))

    return asked.job(decide, needs_of(asked, matter, step))


def _submission(asked: Asked, matter: Matter, package: Package, now: Situation) -> dict[str, Any]:
    values: dict[str, Any] = {"manifest": list(package.manifest), "attachments": list(package.attachments)}
    if package.reason is not None:
        values["reason"] = package.reason
    if package.no_deviations is not None:
        statement = f"no deviations of batch {matter.item}"
        values["no_deviations"] = package.no_deviations.signature(asked.actor, now, statement)
    filled: Mapping[str, Any] = {"release": None, **fill(n.SUBMITTED, values, now.context, matter.item)}
    return {name: written(value) for name, value in filled.items()}


def _check(submitted: Mapping[str, Any], context: Context, matter: Matter, asked: Asked) -> Submitted:
    """Ask for a whole package before anything is signed.

    Raises:
        PackageIncompleteError: what is missing is named.
    """
    type_ = event_type(n.SUBMITTED)
    body = None if type_ is None else decode_body(type_, {**submitted, "salt": _NO_SALT})
    if not isinstance(body, Submitted):
        raise KeyError(n.SUBMITTED)
    check_records(body, asked.actor)
    check_investigations(body, touching(context, lineage_of(context, matter.item)))
    return body


def _subject(matter: Matter) -> str:
    return f"release_package/{matter.item}"
