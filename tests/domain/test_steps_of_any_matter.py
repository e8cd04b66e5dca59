"""What can be said of any matter: it begins once; the partner takes note and asks, the owner answers; both correct."""

from random import Random

import pytest

from domain.drafts import Draft
from domain.matters import KINDS
from events.catalogue.registry import event_type
from events.encoding.identifiers import Role
from tests.domain.allowed.honest import about_the_matter, drafts
from tests.domain.allowed.test_allowed import OPENINGS, beginning
from tests.domain.language import MANAGER, Step, Story, Written
from tests.domain.matters import MATTER_ID, asks, named, says, then_refused_both_ways

MATTERS = sorted({*KINDS} - {"lot"})  # a lot's UUID is made of what it is: its steps stand in its own tests


def begun(kind: str) -> tuple[Story, Role]:
    return beginning(kind, Random(kind))  # noqa: S311 - no secret, the same matter for the same kind


def test_every_kind_of_matter_has_openings() -> None:
    assert all(OPENINGS[kind] for kind in KINDS)


@pytest.mark.parametrize("kind", MATTERS)
def test_a_matter_that_begins_again_is_refused_or_marked(kind: str) -> None:
    story, owner = begun(kind)
    (opening,) = [past for past in about_the_matter(story) if past.type is not None and past.type.opens]
    body = opening.body.model_dump(by_alias=True, mode="json", exclude={"salt"}, exclude_unset=True)
    again = Written(owner, lambda _story, _role: Draft(opening.name, f"{kind}/{MATTER_ID}", body))
    past = story.write(again)
    assert past.code is not None or past.violates


@pytest.mark.parametrize("kind", MATTERS)
def test_the_partner_takes_note_in_person_and_of_what_is_there(kind: str) -> None:
    story, owner = begun(kind)
    opening = about_the_matter(story)[0].name
    noted = says(f"{kind}_review.acknowledged.v1", entry=named(opening))
    asks(story, owner.other, noted, actor="system/eqms").then_marked(f"{kind}_review.acknowledged.v1")
    asks(story, owner.other, noted).then(f"{kind}_review.acknowledged.v1")
    nothing = says(f"{kind}_review.acknowledged.v1", entry=named("gateway.announced.v1"))
    then_refused_both_ways(story, owner.other, nothing, "entry.wrong_reference")


@pytest.mark.parametrize("kind", MATTERS)
def test_the_partner_asks_and_the_owner_answers_that_question(kind: str) -> None:
    story, owner = begun(kind)
    opening = about_the_matter(story)[0].name
    asks(story, owner.other, says(f"{kind}_review.asked.v1", text="？")).then(f"{kind}_review.asked.v1")
    answered = says(f"{kind}.answered.v1", question=named(f"{kind}_review.asked.v1"), text="是")
    asks(story, owner, answered).then(f"{kind}.answered.v1")
    wrong = says(f"{kind}.answered.v1", question=named(opening), text="是")
    then_refused_both_ways(story, owner, wrong, "entry.wrong_reference")


@pytest.mark.parametrize("kind", MATTERS)
def test_both_correct_what_they_wrote_from_what_stands_and_nothing_else(kind: str) -> None:
    story, owner = begun(kind)
    story.write(Written(owner.other, says(f"{kind}_review.asked.v1", text="？")))
    for role, name in ((owner, f"{kind}.corrected.v1"), (owner.other, f"{kind}_review.corrected.v1")):
        own = [each for each in honest(story, name) if entry_of(each, story) is role]
        theirs = [each for each in honest(story, name) if entry_of(each, story) is not role]
        then_refused_both_ways(story, role, theirs[0], "entry.wrong_reference")
        asks(story, role, own[0]).then(name)
        asks(story, role, own[0]).then_marked(name)  # the value before is not the one that stands any more


def honest(story: Story, name: str) -> list[Step]:
    type_ = event_type(name)
    assert type_ is not None
    return [_as_it_is(draft) for draft in drafts(story, type_, MANAGER)]


def _as_it_is(draft: Draft) -> Step:
    return lambda _story, _role: draft


def entry_of(step: Step, story: Story) -> Role:
    """Return who wrote the entry that a correction names."""
    return Role(step(story, Role.MAH).body["entry"]["journal"])
