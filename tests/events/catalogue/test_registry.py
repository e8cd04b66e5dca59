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
    QUALITY_CORE,
    Author,
    Catalogue,
    EventType,
    Kind,
    all_event_types,
    event_type,
)
from tests.events.catalogue.table import TABLE

VOCABULARY = Path(__file__).parents[3] / "domain" / "vocabulary"


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
        ("batch_dispositions", words.BatchDisposition),
        ("batch_purposes", words.BatchPurpose),
        ("lot_kinds", words.LotKind),
        ("record_kinds", words.RecordKind),
        ("review_items", words.ReviewItem),
        ("review_verdicts", words.ReviewVerdict),
        ("test_verdicts", words.TestVerdict),
        ("change_categories", words.ChangeCategory),
        ("clock_events", words.ClockEvent),
        ("deviation_classes", words.DeviationClass),
        ("directions", words.Direction),
        ("element_changes", words.ElementChange),
        ("element_kinds", words.ElementKind),
        ("measures", words.Measure),
        ("oos_decisions", words.OosDecision),
        ("oos_phases", words.OosPhase),
        ("parties", words.PartyRole),
        ("posts", words.Post),
        ("process_states", words.ProcessState),
        ("regulatory_steps", words.RegulatoryStep),
        ("result_kinds", words.ResultKind),
        ("risk_kinds", words.RiskKind),
        ("risk_levels", words.RiskLevel),
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
    assert [type_.name for type_ in all_event_types() if type_.erasable] == [
        "person.named.v1",
        "liaison.designated.v1",
        "key_person.registered.v1",
        "key_person.delegated.v1",
    ]


def test_a_review_says_what_it_reviews() -> None:
    assert {type_.reviews for type_ in all_event_types() if type_.author is Author.PARTNER} == {
        "agreement",
        "communication_list",
        "deviation",
        "risk",
        "suspension",
        "regulatory_measure",
        "change",
        "oos",
        "capa",
        "lot",
        "batch",
        "process_version",
        "standard_version",
        "obligation",
        "capability_profile",
    }
    of_one_party = {"suspension_review.started", "suspension_review.batch_disposed", "change_review.approved"}
    reviews = {type_.name.removesuffix(".v1") for type_ in all_event_types() if type_.reviews is not None}
    by_others = {
        type_.name.removesuffix(".v1") for type_ in all_event_types() if type_.author is not Author.PARTNER
    } & reviews
    of_the_holder = {name for name in by_others if name.startswith("batch_review.")}
    assert by_others - of_the_holder == of_one_party | {"change_review.rejected"}


def test_from_the_quality_core_on_either_party_opens_deviations() -> None:
    opened = event_type("deviation.opened.v1")

    assert opened is not None
    assert opened.author_in(1) is Author.CMO
    assert opened.author_in(QUALITY_CORE) is Author.EITHER
    assert [type_.name for type_ in all_event_types() if type_.widened is not None] == ["deviation.opened.v1"]


def test_what_came_after_the_first_release_is_written_only_once_it_is_announced() -> None:
    first = TABLE.split("risk.raised", maxsplit=1)[0]
    for type_ in all_event_types():
        assert type_.later is (f"{type_.name.removesuffix('.v1')} " not in first)


def test_a_type_knows_its_version() -> None:
    assert {type_.version for type_ in all_event_types()} == {1}


def test_no_catalogue_holds_a_name_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        Catalogue((CATALOGUE.types[0], CATALOGUE.types[0]))
