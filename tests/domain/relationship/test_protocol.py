"""Entries of the protocol itself: calendars, what was taken in, disputes and how they end, erasure."""

from datetime import date

import pytest

from domain.clocks.publications import CALENDAR_PUBLISHED
from domain.drafts import Draft
from domain.judging.context import Standing
from domain.parties.people import AUTHORISED, NAMED
from domain.relationship.commands import (
    GATEWAY_ANNOUNCED,
    RELATIONSHIP_OPENED,
    AnnounceGateway,
    DisputeRefusal,
    OpenRelationship,
    PublishCalendar,
    SettleDispute,
    announce_gateway,
    dispute_refusal,
    open_relationship,
    publish_calendar,
    settle_dispute,
)
from domain.relationship.rules import DISPUTED, ERASED, TAKEN
from events.catalogue.bodies import LeafRef
from events.catalogue.opening import Party
from events.catalogue.registry import ANNOUNCED
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role
from events.errors import EntryError
from events.pairing import fingerprint
from tests.domain.language import (
    ADMIN,
    JOURNAL_ID,
    Step,
    Story,
    authorised,
    cmo,
    given,
    given_nobody,
    leaf_ref,
    mah,
    signature,
)
from tests.domain.steps import calendar_published, opened, refused, settled
from tests.events.golden import cast

CMO, MAH = Role.CMO, Role.MAH
RELATIONSHIP_ID = "0193572e-0000-7000-8000-00000000000b"
SYSTEM = "system/gateway"
OPENED = "deviation.opened.v1"


def party(member: cast.Party, uscc: str) -> Party:
    keys = member.keys
    return Party(uscc=uscc, name="示例", keys=keys.texts(), label_key=keys.label_key)


def confirming(digits: str | None = None) -> OpenRelationship:
    mah_party, cmo_party = party(cast.MAH, cast.RELATIONSHIP.mah), party(cast.CMO, cast.RELATIONSHIP.cmo)
    keys = [*mah_party.keys, *cmo_party.keys], [mah_party.label_key, cmo_party.label_key]
    return OpenRelationship(RELATIONSHIP_ID, mah_party, cmo_party, digits or fingerprint(*keys))


def disputing(story: Story, name: str = OPENED, reason: str = "符合规则") -> DisputeRefusal:
    refusal, entry = story.past("entry.refused.v1"), story.past(name)
    return DisputeRefusal(JOURNAL_ID, leaf_ref(refusal), leaf_ref(entry), reason)


def test_a_person_confirms_the_pairing_before_anybody_is_authorised() -> None:
    story = given_nobody()
    story.when(CMO, open_relationship, confirming(), actor="person/anybody").then(RELATIONSHIP_OPENED)
    story.when(CMO, announce_gateway, AnnounceGateway(RELATIONSHIP_ID, "1.0.0"), actor=SYSTEM).then(GATEWAY_ANNOUNCED)

    assert tuple(story.past(GATEWAY_ANNOUNCED).body.events) == ANNOUNCED


def test_a_pairing_with_another_fingerprint_is_not_confirmed() -> None:
    with pytest.raises(EntryError) as wrong:
        given_nobody().when(CMO, open_relationship, confirming(" ".join(["0000"] * 12)))

    assert "fingerprint" in wrong.value.detail


def test_the_versions_of_a_years_calendar_rise() -> None:
    story = given()
    command = PublishCalendar(JOURNAL_ID, "CN", 2026, [date(2026, 10, 1), date(2026, 1, 1)], [date(2026, 2, 14)], False)
    for version in (1, 2):
        story.when(CMO, publish_calendar, command).then(CALENDAR_PUBLISHED)
        assert story.past(CALENDAR_PUBLISHED).body.version == version

    assert story.past(CALENDAR_PUBLISHED).body.days_off == ["2026-01-01", "2026-10-01"]


def test_a_calendar_in_an_older_version_is_marked() -> None:
    story = given(cmo(calendar_published(2)))

    story.receives(cmo(calendar_published(2))).then_marked(CALENDAR_PUBLISHED)
    story.receives(cmo(calendar_published(1, 2027))).then(CALENDAR_PUBLISHED)
    story.receives(mah(calendar_published(1))).then(CALENDAR_PUBLISHED)


def taken(size: int) -> Step:
    return lambda _story, _role: Draft(TAKEN, f"journal/{JOURNAL_ID}", {"size": size})


def test_nobody_has_taken_in_more_than_was_seen() -> None:
    story = given(cmo(opened()))
    size = story.sizes[CMO]

    story.receives(mah(taken(size), actor=SYSTEM)).then(TAKEN)
    story.receives(mah(taken(size + 1), actor=SYSTEM)).then_marked(TAKEN)


def test_a_refusal_against_the_verdict_is_disputed_and_settled_by_both() -> None:
    story = given(cmo(opened()), mah(refused(OPENED), actor=SYSTEM))
    entry = story.past(OPENED)
    assert story.context(CMO).standing_state(entry) is Standing.DISPUTED

    story.when(CMO, dispute_refusal, disputing(story), actor=SYSTEM).then(DISPUTED)
    for role in (CMO, MAH):
        assert story.context(role).standing_state(entry) is Standing.DISPUTED
        word = SettleDispute(JOURNAL_ID, leaf_ref(entry), stands=True, reason="r", signature=signature())
        story.when(role, settle_dispute, word).then("dispute.settled.v1")
    assert story.context(CMO).standing_state(entry) is Standing.STANDS


def test_a_dispute_is_not_over_while_the_two_words_differ() -> None:
    story = given(cmo(opened()), mah(refused(OPENED), actor=SYSTEM))
    story.and_then(cmo(settled(OPENED, stands=True)), mah(settled(OPENED, stands=False)))
    assert story.context(CMO).standing_state(story.past(OPENED)) is Standing.DISPUTED

    story.and_then(cmo(settled(OPENED, stands=False)))
    assert story.context(CMO).standing_state(story.past(OPENED)) is Standing.VOID


def test_a_dispute_names_a_refusal_of_the_partner() -> None:
    story = given(cmo(opened()), mah(refused(OPENED), actor=SYSTEM))
    refusal = leaf_ref(story.past("entry.refused.v1"))
    entry = leaf_ref(story.past(OPENED))
    wrong = [
        DisputeRefusal(JOURNAL_ID, LeafRef(position=0, leaf=refusal.leaf), entry, "r"),
        DisputeRefusal(JOURNAL_ID, LeafRef(position=refusal.position, leaf=entry.leaf), entry, "r"),
        disputing(story, AUTHORISED),
    ]

    for command in wrong:
        story.when(CMO, dispute_refusal, command, actor=SYSTEM).then_refused("entry.wrong_reference", "dispute.nothing")


def test_a_refusal_that_was_not_seen_cannot_be_disputed() -> None:
    story = given(cmo(opened()), mah(refused(OPENED), actor=SYSTEM))
    before = story.past("entry.refused.v1").position

    told = story.when(CMO, dispute_refusal, disputing(story), actor=SYSTEM, seen=before)
    told.then_refused("entry.wrong_reference")


def test_there_is_nothing_to_settle_where_nobody_refused() -> None:
    story = given(cmo(opened()))
    word = SettleDispute(JOURNAL_ID, leaf_ref(story.past(OPENED)), stands=True, reason="r", signature=signature())

    story.when(CMO, settle_dispute, word).then_refused("entry.wrong_reference", "dispute.nothing")
    story.receives(mah(settled(OPENED, stands=True))).then_refused("entry.wrong_reference")


def test_a_dispute_is_settled_by_somebody_who_may() -> None:
    story = given(cmo(opened()), mah(refused(OPENED), actor=SYSTEM))

    staff = "person/qa_staff"
    story.receives(mah(settled(OPENED, stands=True, person=staff), actor=staff)).then_refused("entry.not_permitted")
    story.receives(mah(settled(OPENED, stands=True), actor=SYSTEM)).then_refused("entry.not_permitted")


def named() -> Step:
    body = {"person": "qa_staff", "name": "王芳（示例）"}
    return lambda _story, _role: Draft(NAMED, f"journal/{JOURNAL_ID}", body)


def erased(name: str, of: Role = CMO) -> Step:
    def step(story: Story, _role: Role) -> Draft:
        past = story.past(name, role=of)
        body = {
            "position": past.position,
            "leaf": encode_base64(past.leaf),
            "reason": "离职",
            "legal_basis": "PIPL 47",
            "signature": signature("person/admin").model_dump(),
        }
        return Draft(ERASED, f"journal/{JOURNAL_ID}", body)

    return step


def test_names_are_erased_and_records_are_not() -> None:
    story = given(cmo(named(), actor="person/admin"), mah(named(), actor="person/admin"), cmo(opened()))

    story.receives(cmo(erased(OPENED), actor=ADMIN)).then_refused("entry.wrong_state", "erasure.not_erasable")
    story.receives(cmo(erased(AUTHORISED), actor=ADMIN)).then_refused("entry.wrong_state")
    story.receives(cmo(erased(NAMED, MAH), actor=ADMIN)).then_refused("entry.wrong_state")
    story.receives(cmo(erased(NAMED), actor=ADMIN)).then(ERASED)


def test_the_administrator_has_no_right_on_quality_data() -> None:
    given().receives(cmo(opened(), actor="person/admin")).then_marked(OPENED)
    story = given(cmo(authorised("qa_staff", "admin"), actor="person/admin"))
    story.receives(cmo(opened(), actor="person/admin")).then(OPENED)
