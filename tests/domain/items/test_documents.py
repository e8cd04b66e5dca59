"""Agreement and list as people see them."""

from datetime import datetime, timedelta
from typing import Any

from domain.agreement.rules import AGREEMENT
from domain.communication_list.rules import COMMUNICATION_LIST
from domain.items.documents import document_rows
from domain.items.surroundings import everything_in
from tests.domain.items.shown import LIST, agreed, listed, rows
from tests.domain.language import Story, cmo, given, mah
from tests.domain.steps import activated, agreement_drafted, list_drafted, refused, signed


def agreements(story: Story, at: datetime | None = None) -> list[dict[str, Any]]:
    return document_rows(everything_in(story.views), AGREEMENT, story.now if at is None else at)


def test_a_document_goes_from_drafted_to_activated() -> None:
    story = given(cmo(agreement_drafted()))
    states = [agreements(story)[0]["state"]]

    for written in (mah(signed()), cmo(signed()), cmo(activated())):
        story.write(written)
        states.append(agreements(story)[0]["state"])

    assert states == ["drafted", "signed_by_partner", "signed", "activated"]


def test_a_new_draft_is_beside_the_version_in_force() -> None:
    story = given(*agreed(), cmo(agreement_drafted(2)), cmo(signed()))

    (document,) = agreements(story)

    assert (document["version"], document["state"]) == (2, "signed_by_owner")
    assert [version["in_force"] for version in document["versions"]] == [True, False]
    assert document["versions"][0]["signatures"]["mah"]["by"] == "person/qa_manager"


def test_nothing_is_in_force_before_its_activation() -> None:
    story = given(*agreed())

    (document,) = agreements(story, story.now - timedelta(days=1))

    assert document["versions"][0]["in_force"] is False


def test_a_disputed_signature_counts_for_nothing() -> None:
    story = given(
        cmo(agreement_drafted()), mah(signed()), cmo(refused("agreement_review.signed.v1"), actor="system/gateway")
    )

    assert agreements(story)[0]["state"] == "drafted"


def test_lists_are_shown_alike() -> None:
    story = given(*agreed(), *listed())

    (document,) = document_rows(everything_in(story.views), COMMUNICATION_LIST, story.now)

    assert (document["kind"], document["state"], document["owner"]) == (LIST, "activated", "cmo")
    assert len(document["versions"][0]["body"]["rows"]) == len(rows())


def test_a_list_signed_by_one_party_says_so() -> None:
    story = given(*agreed(), cmo(list_drafted(rows())), cmo(signed(LIST)))

    assert document_rows(everything_in(story.views), COMMUNICATION_LIST, story.now)[0]["state"] == "signed_by_owner"
