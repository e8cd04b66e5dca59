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
risk.raised fact either risk opens
risk.classified fact owner risk follows
risk.measure_taken fact owner risk follows
risk.measures_signed act owner risk follows
risk.closed act owner risk follows
risk.answered fact owner risk follows
risk.corrected fact owner risk follows
risk.batch_linked fact owner risk follows
risk_review.classified fact partner risk_review opens
risk_review.measure_taken fact partner risk_review opens
risk_review.measures_signed act partner risk_review opens
risk_review.acknowledged fact partner risk_review opens
risk_review.asked fact partner risk_review opens
risk_review.corrected fact partner risk_review opens
suspension.demanded fact mah suspension opens
suspension.started fact cmo suspension opens
suspension.batch_disposed fact cmo suspension follows
suspension.lift_signed act owner suspension follows
suspension.answered fact owner suspension follows
suspension.corrected fact owner suspension follows
suspension.batch_linked fact owner suspension follows
suspension_review.started fact cmo suspension_review opens
suspension_review.batch_disposed fact cmo suspension_review opens
suspension_review.lift_signed act partner suspension_review opens
suspension_review.acknowledged fact partner suspension_review opens
suspension_review.asked fact partner suspension_review opens
suspension_review.corrected fact partner suspension_review opens
regulatory_measure.recorded fact either regulatory_measure opens
regulatory_measure.ended act owner regulatory_measure follows
regulatory_measure.answered fact owner regulatory_measure follows
regulatory_measure.corrected fact owner regulatory_measure follows
regulatory_measure.batch_linked fact owner regulatory_measure follows
regulatory_measure_review.acknowledged fact partner regulatory_measure_review opens
regulatory_measure_review.asked fact partner regulatory_measure_review opens
regulatory_measure_review.corrected fact partner regulatory_measure_review opens
change.proposed fact either change opens
change.found_implemented fact either change opens
change.approved act mah change follows
change.studied fact owner change follows
change.withdrawn fact owner change follows
change.category_determined act owner change follows
change.category_opinion_given fact owner change follows
change.regulatory_step_recorded fact owner change follows
change.implemented act owner change follows
change.risk_raised fact owner change follows
change.risk_eliminated fact owner change follows
change.answered fact owner change follows
change.corrected fact owner change follows
change.batch_linked fact owner change follows
change_review.approved act mah change_review opens
change_review.rejected fact mah change_review opens
change_review.found_implemented fact partner change_review opens
change_review.category_opinion_given fact partner change_review opens
change_review.regulatory_step_recorded fact partner change_review opens
change_review.implemented act partner change_review opens
change_review.risk_raised fact partner change_review opens
change_review.risk_eliminated fact partner change_review opens
change_review.acknowledged fact partner change_review opens
change_review.asked fact partner change_review opens
change_review.corrected fact partner change_review opens
oos.suspected fact either oos opens
oos.phase_completed fact owner oos follows
oos.retest_planned fact owner oos follows
oos.confirmed fact owner oos follows
oos.invalidated act owner oos follows
oos.answered fact owner oos follows
oos.corrected fact owner oos follows
oos.batch_linked fact owner oos follows
oos_review.decided act partner oos_review opens
oos_review.acknowledged fact partner oos_review opens
oos_review.asked fact partner oos_review opens
oos_review.corrected fact partner oos_review opens
capa.opened fact either capa opens
capa.action_completed fact owner capa follows
capa.effectiveness_checked fact owner capa follows
capa.closed act owner capa follows
capa.answered fact owner capa follows
capa.corrected fact owner capa follows
capa.batch_linked fact owner capa follows
capa_review.acknowledged fact partner capa_review opens
capa_review.asked fact partner capa_review opens
capa_review.corrected fact partner capa_review opens
process_version.approved act mah process_version opens
process_version.withdrawn fact mah process_version follows
process_version.answered fact owner process_version follows
process_version.corrected fact owner process_version follows
process_version.batch_linked fact owner process_version follows
process_version_review.acknowledged fact partner process_version_review opens
process_version_review.asked fact partner process_version_review opens
process_version_review.corrected fact partner process_version_review opens
standard_version.approved act mah standard_version opens
standard_version.withdrawn fact mah standard_version follows
standard_version.answered fact owner standard_version follows
standard_version.corrected fact owner standard_version follows
standard_version.batch_linked fact owner standard_version follows
standard_version_review.acknowledged fact partner standard_version_review opens
standard_version_review.asked fact partner standard_version_review opens
standard_version_review.corrected fact partner standard_version_review opens
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
        ("batch_dispositions", words.BatchDisposition),
        ("change_categories", words.ChangeCategory),
        ("clock_events", words.ClockEvent),
        ("deviation_classes", words.DeviationClass),
        ("directions", words.Direction),
        ("measures", words.Measure),
        ("oos_decisions", words.OosDecision),
        ("oos_phases", words.OosPhase),
        ("parties", words.PartyRole),
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
    assert [type_.name for type_ in all_event_types() if type_.erasable] == ["person.named.v1"]


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
        "process_version",
        "standard_version",
    }
    of_one_party = {"suspension_review.started", "suspension_review.batch_disposed", "change_review.approved"}
    reviews = {type_.name.removesuffix(".v1") for type_ in all_event_types() if type_.reviews is not None}
    by_others = {
        type_.name.removesuffix(".v1") for type_ in all_event_types() if type_.author is not Author.PARTNER
    } & reviews
    assert by_others == of_one_party | {"change_review.rejected"}


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
