"""What both signed is to be reviewed when something linked to it changes, until a newer version is drafted."""

from typing import Any

import pytest

from domain.agreement.rules import AGREEMENT
from domain.capability_profile import names as profile
from domain.communication_list.rules import COMMUNICATION_LIST
from domain.items.documents import document_rows
from domain.items.review_required import Occasion, occasions_in
from domain.items.surroundings import everything_in
from domain.key_person import names as person
from domain.liaison import names as liaison
from domain.regulatory_measure import names as measure
from domain.steps.history import history_of
from events.encoding.identifiers import Role
from tests.domain.approved_version.test_approved_version import approved
from tests.domain.approved_version.test_approved_version import withdrawn as version_withdrawn
from tests.domain.capability_profile.test_capability_profile import LINE, changed, published
from tests.domain.change import test_change as change
from tests.domain.items.shown import agreed, listed
from tests.domain.key_person.test_key_person import delegated, registered, withdrawn
from tests.domain.language import Story, Written, cmo, given, mah
from tests.domain.liaison.test_liaison import designated
from tests.domain.matters import MATTER_ID, OTHER_ID, says
from tests.domain.steps import activated, agreement_drafted, refused, signed

CRO = [{"name": "注射用头孢曲松钠", "code": "CRO-1G"}]
OTHER = [{"name": "盐酸二甲双胍缓释片", "code": "MET-500"}]


def reasons(story: Story, kind: Any = AGREEMENT, implemented: tuple[Occasion, ...] = ()) -> list[str]:
    """The types of the entries for which the one document of a kind is to be reviewed."""
    context = everything_in(story.views)
    (row,) = document_rows(context, kind, story.now, occasions_in(context, implemented))
    assert row["review_required"] is bool(row["review_reasons"])
    return [reason["type"] for reason in row["review_reasons"]]


def in_force(**changes: Any) -> Story:
    """A quality agreement in force, about one product unless said otherwise, after what it rests on was told."""
    body = {"products": CRO, **changes}
    before = (cmo(published()), cmo(registered()), mah(approved("standard_version")))
    return given(*before, cmo(agreement_drafted(**body)), cmo(signed()), mah(signed()), cmo(activated()))


def measured(**scope: Any) -> Written:
    body: dict[str, Any] = {
        "authority": "某省药监局",
        "measure": "warning",
        "decision_number": "18",
        "document": "a" * 64,
    }
    told: dict[str, Any] = {"number": "REG-1", "source": "manual", "received_at": "2026-11-22", "scope": scope}
    return mah(says(measure.RECORDED, **body, **told))


OCCASIONS = {
    profile.CHANGED: cmo(changed(("changed", LINE))),
    person.REGISTERED: mah(registered("li.na", OTHER_ID)),
    person.DELEGATED: cmo(delegated()),
    person.WITHDRAWN: cmo(withdrawn()),
    liaison.DESIGNATED: cmo(designated()),
    measure.RECORDED: measured(),
    "process_version.approved.v1": mah(approved("process_version")),
    "standard_version.withdrawn.v1": mah(version_withdrawn("standard_version")),
}


@pytest.mark.parametrize("name", OCCASIONS)
def test_an_agreement_in_force_is_reviewed_when_something_linked_to_it_changes(name: str) -> None:
    story = in_force()
    before = reasons(story)
    story.write(OCCASIONS[name])

    assert (before, reasons(story)) == ([], [name])


def test_what_the_parties_knew_when_they_put_it_in_force_is_no_reason() -> None:
    story = given(cmo(published()), cmo(agreement_drafted(products=CRO)), cmo(signed()), mah(signed()))
    story.and_then(cmo(changed(("changed", LINE))), cmo(activated()))

    assert reasons(story) == []


def test_what_the_owner_had_not_seen_when_it_put_it_in_force_is_one() -> None:
    story = given(cmo(agreement_drafted(products=CRO)), cmo(signed()), mah(signed()))
    seen = story.sizes[Role.MAH]
    story.and_then(mah(approved("process_version")), cmo(activated(), seen=seen))

    assert reasons(story) == ["process_version.approved.v1"]


def test_a_newer_draft_that_knows_it_ends_the_review() -> None:
    story = in_force().and_then(cmo(changed(("changed", LINE))), cmo(agreement_drafted(2, products=CRO)))
    assert reasons(story) == []

    story.write(cmo(withdrawn()))
    assert reasons(story) == [person.WITHDRAWN]


def test_another_product_is_no_reason_and_a_change_without_a_product_touches_all() -> None:
    story = in_force(products=OTHER).and_then(mah(approved("process_version")), measured(products=CRO))
    assert reasons(story) == []

    story.write(OCCASIONS[profile.CHANGED])
    assert reasons(story) == [profile.CHANGED]


def test_a_draft_is_not_reviewed_before_it_is_in_force() -> None:
    story = given(cmo(published()), cmo(agreement_drafted()), cmo(changed(("changed", LINE))))

    assert reasons(story) == []


def test_a_marked_word_is_no_reason() -> None:
    story = in_force().and_then(cmo(withdrawn()), cmo(withdrawn()))

    assert reasons(story) == [person.WITHDRAWN]


def test_a_communication_list_is_reviewed_for_the_products_of_its_agreement() -> None:
    story = given(cmo(published()), *agreed(), *listed())
    story.write(mah(approved("process_version")))

    assert reasons(story, COMMUNICATION_LIST) == ["process_version.approved.v1"]


def test_a_communication_list_is_reviewed_when_its_agreement_is_replaced_until_it_is_drafted_for_the_new_one() -> None:
    story = given(*agreed(), *listed())
    before = reasons(story, COMMUNICATION_LIST)
    story.and_then(cmo(agreement_drafted(2, products=OTHER)), cmo(signed()), mah(signed()), cmo(activated()))

    assert (before, reasons(story, COMMUNICATION_LIST)) == ([], ["agreement.activated.v1"])
    assert reasons(story) == []

    story.write(listed(version=2)[0])
    assert reasons(story, COMMUNICATION_LIST) == []


def test_an_agreement_that_is_not_in_force_yet_asks_for_no_review_of_the_list() -> None:
    story = given(*agreed(), *listed())
    later = cmo(activated(effective_from="2027-01-01"))
    story.and_then(cmo(agreement_drafted(2)), cmo(signed()), mah(signed()), later)

    assert reasons(story, COMMUNICATION_LIST) == []


def test_an_implemented_change_that_the_regulator_approved_is_a_reason() -> None:
    story = change.ready()
    story.and_then(cmo(agreement_drafted(products=CRO)), cmo(signed()), mah(signed()), cmo(activated()))
    past = story.write(cmo(change.implemented()))
    opening = history_of(everything_in(story.views), Role.CMO, "change", MATTER_ID).opening
    assert opening is not None

    assert reasons(story, implemented=(Occasion(past, opening.body.scope.labels),)) == ["change.implemented.v1"]


def test_each_kind_of_agreement_has_a_version_in_force_of_its_own() -> None:
    story = in_force()
    story.write(cmo(agreement_drafted(2, agreement_kind="contract_manufacturing")))
    story.and_then(cmo(signed()), mah(signed()), cmo(activated()))
    (row,) = document_rows(everything_in(story.views), AGREEMENT, story.now)

    assert [version["in_force"] for version in row["versions"]] == [True, True]


def test_a_disputed_activation_asks_for_no_review() -> None:
    story = in_force().and_then(mah(refused("agreement.activated.v1"), actor="system/gateway"))
    story.write(OCCASIONS[profile.CHANGED])

    assert reasons(story) == []
