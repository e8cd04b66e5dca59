"""The catalogue says of each event what catalogue.md and formats.md 10 say of it."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from events.catalogue import words
from events.catalogue.agreement import Policies
from events.catalogue.registry import (
    ANNOUNCED,
    CATALOGUE,
    Author,
    Catalogue,
    EventType,
    Kind,
    all_event_types,
    event_type,
)

VOCABULARY = Path(__file__).parents[3] / "domain" / "vocabulary"

# name (.v1): act or fact, author, kind of subject, may be the first event of its subject
TABLE = """
relationship.opened fact either relationship opens
gateway.announced fact either relationship opens
calendar.published fact either journal opens
person.authorised fact either journal opens
person.withdrawn fact either journal opens
person.named fact either journal opens
journal.taken fact either journal opens
entry.refused fact either journal opens
refusal.disputed fact either journal opens
dispute.settled act either journal opens
body.erased act either journal opens
key.rotated fact either journal opens
agreement.drafted fact either agreement opens
agreement.signed act owner agreement follows
agreement_review.signed act partner agreement_review opens
agreement.activated act owner agreement follows
communication_list.drafted fact either communication_list opens
communication_list.signed act owner communication_list follows
communication_list_review.signed act partner communication_list_review opens
communication_list.activated act owner communication_list follows
deviation.opened fact cmo deviation opens
deviation.classified fact owner deviation follows
deviation.investigated fact owner deviation follows
deviation.closed act owner deviation follows
deviation.answered fact owner deviation follows
deviation.corrected fact owner deviation follows
deviation.batch_linked fact owner deviation follows
deviation_review.acknowledged fact partner deviation_review opens
deviation_review.asked fact partner deviation_review opens
deviation_review.closure_approved act partner deviation_review opens
deviation_review.closure_rejected fact partner deviation_review opens
deviation_review.corrected fact partner deviation_review opens
"""


def codes(vocabulary: str) -> tuple[str, ...]:
    labels: list[dict[str, Any]] = json.loads((VOCABULARY / f"{vocabulary}.json").read_bytes())
    return tuple(label["code"] for label in labels)


def told(type_: EventType) -> str:
    opens = "opens" if type_.opens else "follows"
    return f"{type_.name.removesuffix('.v1')} {type_.kind} {type_.author} {type_.subject_kind} {opens}"


def test_each_type_has_the_kind_author_and_subject_of_the_table() -> None:
    assert [told(type_) for type_ in all_event_types()] == TABLE.split("\n")[1:-1]


def test_each_type_has_a_label_in_both_languages_in_the_vocabulary() -> None:
    assert codes("event_types") == ANNOUNCED


@pytest.mark.parametrize(
    ("vocabulary", "word"),
    [
        ("agreement_kinds", words.AgreementKind),
        ("clock_events", words.ClockEvent),
        ("deviation_classes", words.DeviationClass),
        ("directions", words.Direction),
        ("parties", words.PartyRole),
        ("roles", words.PersonRole),
        ("signature_meanings", words.SignatureMeaning),
        ("units", words.Unit),
    ],
)
def test_bodies_speak_the_words_of_the_vocabulary(vocabulary: str, word: object) -> None:
    assert get_args(word) == codes(vocabulary)


def test_an_agreement_holds_each_policy_of_the_vocabulary() -> None:
    assert tuple(Policies.model_fields) == codes("policies")


def test_the_policies_that_are_not_written_have_their_defaults() -> None:
    policies = Policies()

    assert policies.deviation_closure_approval == ["major"]
    assert policies.suspension_lift == "both"
    assert policies.retention_relief_covers_mandatory is False
    assert policies.supervision_year == "rolling"
    assert policies.suspension_blocks_release is True
    assert policies.partner_max_silence_hours == 24
    assert policies.evidence_retention_years == 10


def test_every_act_is_signed_and_no_fact_asks_for_a_signature() -> None:
    signed = {type_.name for type_ in all_event_types() if "signature" in type_.model.model_fields}

    assert signed == {type_.name for type_ in all_event_types() if type_.kind is Kind.ACT}


def test_a_name_that_is_not_in_the_catalogue_is_no_event() -> None:
    assert event_type("deviation.opened.v2") is None
    assert event_type("events.catalogue.bodies.Body") is None
    assert event_type("") is None


def test_a_type_is_found_by_its_name() -> None:
    assert [event_type(name) for name in ANNOUNCED] == list(all_event_types())


def test_only_names_of_people_may_be_erased() -> None:
    assert [type_.name for type_ in all_event_types() if type_.erasable] == ["person.named.v1"]


def test_a_review_says_what_it_reviews() -> None:
    assert {type_.reviews for type_ in all_event_types() if type_.author is Author.PARTNER} == {
        "agreement",
        "communication_list",
        "deviation",
    }
    assert all(type_.reviews is None for type_ in all_event_types() if type_.author is not Author.PARTNER)


def test_a_type_knows_its_version() -> None:
    assert {type_.version for type_ in all_event_types()} == {1}


def test_no_catalogue_holds_a_name_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        Catalogue((CATALOGUE.types[0], CATALOGUE.types[0]))
