"""One step for up to a thousand items in one decision: each by itself, what is refused is said of that item only."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.drafts import Draft
from domain.errors import DomainError
from domain.parties.errors import NotPermittedError
from events.catalogue.bodies import EventRef
from events.errors import EvidenceError
from events.stored.journal import StoredEntry
from services.gateway.commands.asking import Asked, permitted, place_of
from services.gateway.commands.deviations import Correcting, Target, acknowledged, corrected, needs_of
from services.gateway.exchange.jobs import CommandJob, Decision, Situation

MAX_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class OneOfMany:
    """A step on one item: None as target when the item is not known, what to decide, what it names."""

    item: str
    target: Target | None
    deciding: Callable[[Situation], list[Draft]]
    ref: EventRef | None = None


@dataclass(slots=True)
class _Outcome:
    results: list[dict[str, Any]] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)


def acknowledging(
    asked: Asked, item: str, target: Target | None, entry: EventRef | None, text: str | None
) -> OneOfMany:
    """Return the step by which a person takes note of an item."""

    def deciding(now: Situation) -> list[Draft]:
        return [] if target is None else acknowledged(asked, target, entry, text, now)

    return OneOfMany(item, target, deciding, entry)


def correcting(asked: Asked, item: str, target: Target | None, change: Correcting) -> OneOfMany:
    """Return the step that puts an entry of an item right."""

    def deciding(now: Situation) -> list[Draft]:
        return [] if target is None else corrected(asked, target, change, now)

    return OneOfMany(item, target, deciding, change.entry)


def for_many(asked: Asked, steps: Sequence[OneOfMany]) -> CommandJob:
    """Return the job that takes each step which its item allows, and says of each what became of it."""

    def decide(now: Situation) -> Decision:
        outcome = _Outcome()
        for step in steps:
            _decide_one(outcome, step, asked, now)
        return Decision(outcome.drafts, _answer(outcome, asked), 200)

    targets = [step.target for step in steps if step.target is not None]
    return asked.job(decide, needs_of(asked, targets, *(step.ref for step in steps)))


def _decide_one(outcome: _Outcome, step: OneOfMany, asked: Asked, now: Situation) -> None:
    if step.target is None:
        outcome.results.append(_rejected(step.item, "not-found", "there is no such item here"))
        return
    try:
        drafts = permitted(step.deciding(now), asked, now)
    except NotPermittedError:
        raise  # of all of them alike: the caller lacks the right
    except (DomainError, EvidenceError) as error:
        outcome.results.append(_rejected(step.item, error.code, error.detail))
        return
    outcome.drafts += drafts
    outcome.results.append({"item": step.item, "result": "recorded"})


def _rejected(item: str, code: str, detail: str) -> dict[str, Any]:
    return {"item": item, "result": "rejected", "code": code, "detail": detail}


def _answer(outcome: _Outcome, asked: Asked) -> Callable[[Sequence[StoredEntry]], Mapping[str, Any]]:
    def answer(entries: Sequence[StoredEntry]) -> Mapping[str, Any]:
        recorded = [result for result in outcome.results if result["result"] == "recorded"]
        if not asked.dry_run:
            for result, entry in zip(recorded, entries, strict=True):
                result["event"] = place_of(entry)
        last = None if asked.dry_run else max((entry.sequence for entry in entries), default=None)
        counts = Counter(result["result"] for result in outcome.results)
        return {
            "results": outcome.results,
            "counts": {name: counts[name] for name in ("recorded", "rejected")},
            "dry_run": asked.dry_run,
            "events": [],
            "sequence": last,
        }

    return answer
