"""What a party announced once stays announced: nobody disarms its partner by announcing less."""

import pytest

from domain.batch import names as batch
from domain.drafts import Draft
from domain.judging.versions import check_author, check_versions, is_announced, rule_set_of
from domain.suspension import names as suspension
from events.catalogue.registry import ANNOUNCEMENT, event_type
from events.encoding.identifiers import Role
from events.errors import EntryError
from tests.domain.language import ADMIN, Story, Written, given

DEVIATION = "deviation.opened.v1"
STOPPING = (batch.HELD, batch.RELEASE_WITHDRAWN, suspension.DEMANDED)


def announced(role: Role, rule_set: int, *events: str) -> Written:
    body = {"rule_set": rule_set, "events": list(events), "software": "1.0.0"}
    told = Draft(ANNOUNCEMENT, "relationship/0193572e-0000-7000-8000-00000000000b", body)
    return Written(role, lambda _story, _role: told, ADMIN)


def both_announced() -> Story:
    return given(*(announced(role, 2, DEVIATION, *STOPPING) for role in Role))


@pytest.mark.parametrize("rule_set", [1, 2])
def test_a_partner_that_announces_less_leaves_the_holder_all_by_which_it_stops(rule_set: int) -> None:
    story = both_announced().and_then(announced(Role.CMO, rule_set, DEVIATION))

    for name in STOPPING:
        check_versions(name, event_type(name), story.context(Role.MAH))


def test_a_rule_set_that_both_announced_is_not_lowered_again() -> None:
    story = both_announced().and_then(announced(Role.CMO, 1, DEVIATION))

    assert rule_set_of(story.context(Role.MAH)) == 2
    opened = event_type(DEVIATION)
    assert opened is not None
    check_author(opened, story.context(Role.MAH))


def test_the_lower_of_the_highest_that_each_announced_binds() -> None:
    story = given(announced(Role.CMO, 3), announced(Role.CMO, 1), announced(Role.MAH, 1))

    assert rule_set_of(story.context(Role.MAH)) == 1
    assert rule_set_of(story.and_then(announced(Role.MAH, 2)).context(Role.MAH)) == 2


def test_only_what_the_author_had_seen_is_announced_to_it() -> None:
    story = given()
    before = story.sizes[Role.CMO]
    story.write(announced(Role.CMO, 2, batch.HELD))

    assert is_announced(batch.HELD, story.context(Role.MAH))
    assert not is_announced(batch.HELD, story.context(Role.MAH, before))
    with pytest.raises(EntryError) as refused:
        check_versions(batch.HELD, event_type(batch.HELD), story.context(Role.MAH, before))
    assert refused.value.code == "entry.unknown_type"


def test_an_announcement_that_is_taken_back_before_it_is_written_announced_nothing() -> None:
    story = given(announced(Role.CMO, 1, DEVIATION))
    past = story.write(announced(Role.CMO, 2, DEVIATION, batch.HELD))
    story.views[Role.CMO].retract(past)

    assert story.views[Role.CMO].has_announced(DEVIATION, past.position + 1)
    assert not story.views[Role.CMO].has_announced(batch.HELD, past.position + 1)
    assert story.views[Role.CMO].rule_set(past.position + 1) == 1
