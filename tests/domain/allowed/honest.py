"""Every body that somebody could honestly write for a step, by brute force: all entries and all words in every field.

It knows nothing of the rules; the body of the catalogue's sample is the ground, and what it names is exchanged.
"""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any, Literal, get_args, get_origin

from domain.drafts import Draft
from domain.evidence import names, reference
from domain.judging.history import PastEvent
from domain.signing.rules import meanings_of
from domain.steps.corrections import corrected_values, text_at
from events.catalogue.bodies import Body, EventRef
from events.catalogue.event_types import EventType
from events.catalogue.steps import Corrected
from tests.domain.language import Story, signature
from tests.domain.matters import MATTER_ID
from tests.events.catalogue.sampling import sample


def about_the_matter(story: Story, identity: str = MATTER_ID) -> list[PastEvent]:
    """Return the accepted entries of the matter and of its review."""
    return [past for past in story.all() if past.code is None and past.head and past.head.subject_id == identity]


def drafts(story: Story, type_: EventType, actor: str, identity: str = MATTER_ID) -> Iterator[Draft]:
    """Return every draft of a step that names entries of the matter."""
    ground = {name: value for name, value in sample(type_.name).items() if name != "salt"}
    if "signature" in ground:
        ground["signature"] = signature(actor.replace("system/", "person/"), min(meanings_of(type_.name))).model_dump()
    entries = about_the_matter(story, identity)
    if issubclass(type_.model, Corrected):
        for past in entries:
            body = {**ground, "entry": reference(past).model_dump(), "changes": _change(past, entries)}
            yield Draft(type_.name, f"{type_.subject_kind}/{identity}", body)
        return
    varied = {name: values for name, values in _values(type_.model, entries) if name != "signature"}
    for chosen in product(*varied.values()):
        body = {**ground, **dict(zip(varied, chosen, strict=True))}
        body = {name: value for name, value in body.items() if value is not None}
        yield Draft(type_.name, f"{type_.subject_kind}/{identity}", body)


def _values(model: type[Body], entries: list[PastEvent]) -> Iterator[tuple[str, list[Any]]]:
    refs = [reference(past).model_dump() for past in entries]
    for name, field in model.model_fields.items():
        alias = field.serialization_alias or name
        options = (field.annotation, *get_args(field.annotation))
        if field.annotation == list[EventRef]:
            pairs = [list(each) for size in (1, 2) for each in combinations(refs, size)]
            yield alias, [each for each in ([], *pairs) if _fits(field, each)]
        elif EventRef in options:
            yield alias, [*refs, None] if type(None) in options else refs
        elif get_origin(field.annotation) is Literal:
            yield alias, list(get_args(field.annotation))
        elif name == "action":
            yield alias, [1, 2, 3]
        elif name == "document":
            yield alias, ["a" * 64, "b" * 64]
        elif name in ("effective_from", "ended_at"):
            yield alias, ["2026-11-22", "2026-12-24"]
        elif name == "effective":
            yield alias, [True, False]


def _fits(field: Any, value: list[Any]) -> bool:
    bounds = {type(each).__name__: each for each in field.metadata}
    shortest = getattr(bounds.get("MinLen"), "min_length", 0)
    return len(value) >= shortest


def _change(past: PastEvent, entries: list[PastEvent]) -> list[dict[str, str]]:
    """Return a change of some text of an entry that may be corrected, from what stands there."""
    corrections = [each for each in entries if isinstance(each.body, Corrected) and names(each.body.entry, past)]
    values = corrected_values(past, corrections)
    texts = ("title", "text", "rationale", "cause", "conclusion", "plan", "basis", "description", "reason", "measure")
    for name in texts:
        if isinstance(values.get(name), str):
            return [{"field": name, "before": values[name], "after": f"{values[name]}。"}]
    for name, other in OTHERS.items():
        if isinstance(text_at(values, name), str):
            return [{"field": name, "before": str(text_at(values, name)), "after": other}]
    return [{"field": "text", "after": "另一句"}]


OTHERS = {
    "source": "另一系统",
    "batch.number": "B2026-099",
    "effective_from": "2026-12-24",
    "stopped_at": "2026-11-20",
    "ended_at": "2026-11-20",
    "residual_risk_accepted_by": "zhao.min",
    "decision_number": "2026-99",
    "number": "2026-99",
    "date": "2026-11-20",
    "authority": "某市药品监督管理局",
    "decision": "not_agreed",
}
"""Fields of entries without a text of their own, and another value for each."""
