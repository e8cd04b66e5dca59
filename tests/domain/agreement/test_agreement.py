"""The quality agreement: versions, both signatures, the holder's two rights (G3), and which version holds when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.agreement.commands import DraftAgreement, activate_agreement, draft_agreement, sign_agreement
from domain.agreement.in_force import agreement_in_force, agreements_in, closure_approval_classes
from domain.agreement.rules import missing_rights
from domain.agreement.steps import ActivateDocument, SignDocument
from domain.drafts import Draft
from events.catalogue.agreement import AgreementDrafted, Policies, Term
from events.catalogue.bodies import Product
from events.encoding.identifiers import Role
from tests.domain.language import MANAGER, Story, Written, cmo, given, mah, signature
from tests.domain.steps import AGREEMENT_ID, activated, agreement_drafted, opened, refused, signed

CMO, MAH = Role.CMO, Role.MAH
DRAFTED, SIGNED, REVIEW_SIGNED, ACTIVATED = (
    "agreement.drafted.v1",
    "agreement.signed.v1",
    "agreement_review.signed.v1",
    "agreement.activated.v1",
)
SYSTEM = "system/gateway"
TODAY = date(2026, 11, 22)
BOTH_SIGNED = (cmo(agreement_drafted()), cmo(signed()), mah(signed()))


def sign(story: Story, draft: int = -1) -> SignDocument:
    return SignDocument(CMO, AGREEMENT_ID, story.ref(DRAFTED, draft), signature())


def activate(effective_from: date = TODAY) -> ActivateDocument:
    return ActivateDocument(AGREEMENT_ID, effective_from, signature())


def agreed(*changes: dict[str, object]) -> Story:
    """One version after the other, each signed by both and activated."""
    story = given()
    for version, change in enumerate(changes, 1):
        story.and_then(cmo(agreement_drafted(version, **change)), cmo(signed()), mah(signed()), cmo(activated()))
    return story


def test_an_agreement_is_drafted_signed_by_both_and_activated() -> None:
    story = given()
    draft = DraftAgreement(
        AGREEMENT_ID,
        "quality",
        consult_right=True,
        inspect_right=True,
        products=[Product(name="示例片", code="P1")],
        terms=[Term(clause="7.1", text="偏差 24 小时内通知")],
        policies=Policies(deviation_closure_approval=["major", "moderate"]),
    )
    story.when(CMO, draft_agreement, draft).then(DRAFTED)
    story.when(CMO, sign_agreement, sign(story)).then(SIGNED)
    story.when(MAH, sign_agreement, sign(story)).then(REVIEW_SIGNED)
    story.when(CMO, activate_agreement, activate()).then(ACTIVATED)

    version = agreement_in_force(story.context(MAH), story.now)
    assert version is not None
    assert version.draft.body.version == 1
    assert closure_approval_classes(agreements_in(story.context(MAH)), story.now) == {"major", "moderate"}


def test_the_holder_may_draft_it_too() -> None:
    story = given(mah(agreement_drafted()), mah(signed(owner=MAH)), cmo(signed(owner=MAH)))

    story.when(MAH, activate_agreement, activate()).then(ACTIVATED)


def test_each_draft_has_the_next_version() -> None:
    story = given(cmo(agreement_drafted(4)))
    draft = DraftAgreement(AGREEMENT_ID, "quality", consult_right=True, inspect_right=True)

    story.when(CMO, draft_agreement, draft).then(DRAFTED)
    assert story.past(DRAFTED).body.version == 5


def test_a_draft_whose_version_does_not_rise_is_marked_and_signed_by_nobody() -> None:
    story = given(cmo(agreement_drafted(2)))
    story.receives(cmo(agreement_drafted(2))).then_marked(DRAFTED)

    story.when(MAH, sign_agreement, sign(story)).then_refused("entry.wrong_state", "document.wrong_state")
    story.receives(mah(signed())).then_refused("entry.wrong_state")


def test_only_the_latest_draft_is_signed() -> None:
    story = given(cmo(agreement_drafted(1)), cmo(agreement_drafted(2)))

    for party in (CMO, MAH):
        story.when(party, sign_agreement, sign(story, 0)).then_refused("entry.wrong_state", "document.wrong_state")
    story.receives(mah(signed(draft=0))).then_refused("entry.wrong_state")


def test_a_party_signs_once() -> None:
    story = given(*BOTH_SIGNED)

    story.when(MAH, sign_agreement, sign(story)).then_refused("entry.wrong_state", "document.wrong_state")
    story.receives(cmo(signed())).then_refused("entry.wrong_state")


def test_a_signature_names_a_draft_of_this_agreement() -> None:
    story = given(cmo(agreement_drafted()), cmo(opened()))
    wrong = SignDocument(CMO, AGREEMENT_ID, story.ref("deviation.opened.v1"), signature())
    other = SignDocument(CMO, "0193572e-0000-7000-8000-0000000000a2", story.ref(DRAFTED), signature())
    whose = SignDocument(MAH, AGREEMENT_ID, story.ref(DRAFTED), signature())

    for command in (wrong, other, whose):
        story.when(MAH, sign_agreement, command).then_refused("entry.wrong_reference", "evidence.not_found")


def test_a_disputed_draft_is_not_signed() -> None:
    story = given(cmo(agreement_drafted()), mah(refused(DRAFTED), actor=SYSTEM))

    story.receives(mah(signed())).then_refused("entry.wrong_state")


def test_a_disputed_signature_is_given_again() -> None:
    story = given(*BOTH_SIGNED, cmo(refused(REVIEW_SIGNED), actor=SYSTEM))
    story.when(CMO, activate_agreement, activate()).then_refused("gate.agreement", "document.incomplete")

    story.receives(mah(signed())).then(REVIEW_SIGNED)
    story.when(CMO, activate_agreement, activate()).then(ACTIVATED)


@pytest.mark.parametrize(
    ("entries", "missing"),
    [
        ((cmo(agreement_drafted()),), ["the holder's", "the manufacturer's"]),
        ((cmo(agreement_drafted()), cmo(signed())), ["the holder's"]),
        ((cmo(agreement_drafted()), mah(signed())), ["the manufacturer's"]),
    ],
)
def test_nothing_is_activated_without_both_signatures(entries: tuple[Written, ...], missing: list[str]) -> None:
    error = given(*entries).when(CMO, activate_agreement, activate()).then_refused("gate.agreement")

    assert all(party in error.detail for party in missing)
    assert str(error.source) == "NMPA 134/2025 (VI)"


@pytest.mark.parametrize("party", list(Role))
def test_an_activation_names_both_signatures(party: Role) -> None:
    given(*BOTH_SIGNED).receives(cmo(activated(parties=(party,)))).then_refused("gate.agreement")


def test_signatures_under_an_earlier_draft_activate_nothing() -> None:
    story = given(*BOTH_SIGNED, cmo(agreement_drafted(2)))

    story.when(CMO, activate_agreement, activate()).then_refused("gate.agreement")
    story.receives(cmo(activated())).then_refused("gate.agreement", "document.incomplete")


def test_an_activation_names_nothing_but_signatures() -> None:
    story = given(*BOTH_SIGNED)
    draft = story.ref(DRAFTED)

    def step(story: Story, role: Role) -> Draft:
        right = activated()(story, role)
        return Draft(right.type, right.subject, {**right.body, "signatures": [draft.model_dump()]})

    story.receives(cmo(step)).then_refused("entry.wrong_reference")


def test_a_journal_of_another_generation_is_no_evidence() -> None:
    story = given(cmo(agreement_drafted()))
    elsewhere = story.ref(DRAFTED).model_copy(update={"journal": "cmo.2"})

    def step(story: Story, role: Role) -> Draft:
        right = signed()(story, role)
        return Draft(right.type, right.subject, {**right.body, "draft": elsewhere.model_dump()})

    story.receives(mah(step)).then_refused("entry.wrong_reference")


def test_a_draft_is_activated_once_and_nothing_is_activated_without_a_draft() -> None:
    story = given(*BOTH_SIGNED, cmo(activated()))

    story.when(CMO, activate_agreement, activate()).then_refused("entry.wrong_state", "document.wrong_state")
    story.receives(cmo(activated())).then_refused("entry.wrong_state")
    given().when(CMO, activate_agreement, activate()).then_refused("entry.wrong_state")


@pytest.mark.parametrize("right", ["consult_right", "inspect_right"])
def test_a_quality_agreement_without_the_holders_rights_is_not_activated(right: str) -> None:
    story = given(cmo(agreement_drafted(**{right: False})), cmo(signed()), mah(signed()))

    error = story.when(CMO, activate_agreement, activate()).then_refused("gate.agreement", "document.incomplete")
    assert right.partition("_")[0] in error.detail
    story.receives(cmo(activated())).then_refused("gate.agreement")


def test_an_agreement_on_manufacturing_needs_none_of_them_and_sets_no_policy() -> None:
    story = given(cmo(agreement_drafted(agreement_kind="contract_manufacturing", consult_right=False)))
    story.and_then(cmo(signed()), mah(signed()))

    story.when(CMO, activate_agreement, activate()).then(ACTIVATED)
    assert agreement_in_force(story.context(CMO), story.now) is None
    assert closure_approval_classes(agreements_in(story.context(CMO)), story.now) == {"major"}


@pytest.mark.parametrize(
    ("consult", "inspect", "count"), [(True, True, 0), (True, False, 1), (False, True, 1), (False, False, 2)]
)
def test_each_missing_right_is_said(consult: bool, inspect: bool, count: int) -> None:  # noqa: FBT001 - a table
    draft = AgreementDrafted(
        salt="0" * 32, version=1, agreement_kind="quality", consult_right=consult, inspect_right=inspect
    )

    assert len(missing_rights(draft)) == count


def test_staff_drafts_in_vain_and_signs_nothing() -> None:
    staff = "person/qa_staff"
    given().receives(cmo(agreement_drafted(), actor=staff)).then_marked(DRAFTED)
    given(cmo(agreement_drafted())).receives(mah(signed(person=staff), actor=staff)).then_refused("entry.not_permitted")
    given(*BOTH_SIGNED).receives(cmo(activated(person=staff), actor=staff)).then_refused("entry.not_permitted")


def test_an_agreement_holds_from_its_effective_day_in_beijing() -> None:
    story = given(*BOTH_SIGNED, cmo(activated(effective_from="2026-12-01")))
    midnight = datetime(2026, 11, 30, 16, tzinfo=UTC)

    assert agreement_in_force(story.context(CMO), midnight - timedelta(microseconds=1)) is None
    assert agreement_in_force(story.context(CMO), midnight) is not None


def test_no_activation_works_backwards() -> None:
    story = given(*BOTH_SIGNED)
    recorded = story.now
    story.and_then(cmo(activated(effective_from="2026-01-01")))

    assert agreement_in_force(story.context(CMO), recorded - timedelta(microseconds=1)) is None
    assert agreement_in_force(story.context(CMO), recorded) is not None


def test_the_version_activated_last_replaces_the_one_before() -> None:
    story = agreed({}, {"policies": {"deviation_closure_approval": []}})

    assert closure_approval_classes(agreements_in(story.context(MAH)), story.now) == frozenset()


def test_a_version_that_starts_later_leaves_the_earlier_one_in_force_until_then() -> None:
    story = agreed({"policies": {"deviation_closure_approval": ["minor"]}})
    story.and_then(cmo(agreement_drafted(2)), cmo(signed()), mah(signed()), cmo(activated(effective_from="2026-12-01")))

    assert closure_approval_classes(agreements_in(story.context(CMO)), story.now) == {"minor"}
    later = datetime(2026, 12, 1, tzinfo=UTC)
    assert closure_approval_classes(agreements_in(story.context(CMO)), later) == {"major"}


def test_a_disputed_activation_puts_nothing_in_force() -> None:
    story = agreed({}).and_then(mah(refused(ACTIVATED), actor=SYSTEM))

    assert agreement_in_force(story.context(CMO), story.now) is None


def test_a_draft_of_an_amended_agreement_may_be_signed_again() -> None:
    story = agreed({}).and_then(cmo(agreement_drafted(2)))

    story.when(MAH, sign_agreement, sign(story), actor=MANAGER).then(REVIEW_SIGNED)
