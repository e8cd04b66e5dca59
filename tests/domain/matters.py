"""Steps of any matter for the tests: bodies put together by hand, references by the names of events in the story."""

from collections.abc import Sequence
from typing import Any

from domain.commands import TakeStep, take_step
from domain.drafts import Draft
from domain.signing.rules import meanings_of
from events.encoding.identifiers import Role
from tests.domain.language import MANAGER, Outcome, Step, Story, Written, signature

MATTER_ID = "0193572e-0000-7000-8000-0000000000e1"
OTHER_ID = "0193572e-0000-7000-8000-0000000000e2"


def named(name: str, index: int = -1) -> "Named":
    """Stands in a body for the reference to an entry of the story."""
    return Named(name, index)


class Named:
    """The last entry of a type, or the one with an index among them."""

    def __init__(self, name: str, index: int) -> None:
        self._name = name
        self._index = index

    def ref(self, story: Story) -> dict[str, Any]:
        return story.ref(self._name, self._index).model_dump()


def says(name: str, identity: str = MATTER_ID, **body: Any) -> Step:
    """A party writes an event about a matter."""
    return lambda story, _role: Draft(name, f"{name.partition('.')[0]}/{identity}", _filled(story, body))


def signs(name: str, identity: str = MATTER_ID, person: str = MANAGER, **body: Any) -> Step:
    """A party writes an act about a matter, signed by a person, with the first meaning that the act may have."""
    return says(name, identity, signature=signature(person, min(meanings_of(name))).model_dump(), **body)


def asks(story: Story, role: Role, step: Step, actor: str = MANAGER) -> Outcome:
    """A party's own gateway is asked for the step."""
    draft = step(story, role)
    return story.when(role, take_step, TakeStep(draft.type, draft.subject, draft.body), actor)


def then_refused_both_ways(story: Story, role: Role, step: Step, refusal: str, code: str | None = None) -> None:
    """The author's own gateway refuses it, and so does every reader of an author that did not ask."""
    asks(story, role, step).then_refused(refusal, code)
    story.receives(Written(role, step)).then_refused(refusal, code)


def _filled(story: Story, value: Any) -> Any:
    if isinstance(value, Named):
        return value.ref(story)
    if isinstance(value, dict):
        return {name: _filled(story, each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_filled(story, each) for each in value]
    return value
