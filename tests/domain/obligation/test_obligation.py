"""Obligations of an agreement: registered by clause, fulfilled with evidence, superseded by others."""

from typing import Any

import pytest

from domain.obligation import names as n
from events.encoding.identifiers import Role
from events.errors import EntryError
from tests.domain.language import Step, Story, cmo, given, mah
from tests.domain.matters import OTHER_ID, asks, named, says, then_refused_both_ways
from tests.domain.steps import agreement_drafted, opened, refused

CMO, MAH = Role.CMO, Role.MAH
DRAFTED = "agreement.drafted.v1"
OPENED = "deviation.opened.v1"
FILE = {"sha256": "d" * 64, "name": "统计.pdf", "size": 1}


def registered(clause: str = "7.1", **changes: Any) -> Step:
    body: dict[str, Any] = {
        "number": "OBL-2026-0001",
        "source": "manual",
        "title": "偏差及时通知",
        "agreement": named(DRAFTED),
        "clause": clause,
        "term": "偏差 24 小时内通知持有人",
        "obliged": "cmo",
        **changes,
    }
    return says(n.REGISTERED, body.pop("identity", "0193572e-0000-7000-8000-0000000000e1"), **body)


def fulfilled(**shown: Any) -> Step:
    return says(n.FULFILLED, text="全部按时通知", fulfilled_at="2026-12-31", **shown)


def agreed(**terms: Any) -> Story:
    return given(cmo(agreement_drafted(**terms)))


def test_either_party_registers_what_a_clause_of_the_agreement_asks() -> None:
    terms = [{"clause": "7.1", "text": "偏差 24 小时内通知"}]
    for party in Role:
        asks(agreed(terms=terms), party, registered()).then(n.REGISTERED)


def test_any_clause_may_be_named_of_an_agreement_whose_terms_are_in_its_file() -> None:
    asks(agreed(), CMO, registered("附件 3")).then(n.REGISTERED)


def test_a_clause_that_the_agreement_does_not_have_is_recorded_and_marked() -> None:
    story = agreed(terms=[{"clause": "7.1", "text": "偏差 24 小时内通知"}])
    asks(story, CMO, registered("9.9")).then_marked(n.REGISTERED)


def test_an_obligation_of_something_that_is_no_agreement_is_refused() -> None:
    story = agreed().and_then(cmo(opened()))
    then_refused_both_ways(story, CMO, registered(agreement=named(OPENED)), "entry.wrong_reference")


def test_a_second_registration_under_one_id_is_marked() -> None:
    story = agreed().and_then(cmo(registered()))
    asks(story, CMO, registered()).then_marked(n.REGISTERED)


def test_fulfilment_is_shown_by_entries_of_both_parties_and_by_files() -> None:
    story = agreed().and_then(cmo(registered()), cmo(opened()))
    asks(story, CMO, fulfilled(evidence=[named(OPENED), named(DRAFTED)], attachments=[FILE])).then(n.FULFILLED)
    asks(story, CMO, fulfilled(attachments=[FILE])).then(n.FULFILLED)


def test_fulfilment_without_evidence_is_none() -> None:
    story = agreed().and_then(cmo(registered()))
    with pytest.raises(EntryError) as refusal:
        asks(story, CMO, fulfilled())
    assert refusal.value.code == "entry.schema_invalid"


def test_evidence_that_is_not_there_is_refused() -> None:
    story = agreed().and_then(cmo(registered()))
    nowhere = {**story.ref(DRAFTED).model_dump(), "position": 99}
    then_refused_both_ways(story, CMO, fulfilled(evidence=[nowhere]), "entry.wrong_reference", "evidence.not_found")


def test_another_obligation_takes_its_place_and_then_is_fulfilled_instead() -> None:
    story = agreed().and_then(cmo(registered()), cmo(registered(identity=OTHER_ID)))
    asks(story, CMO, says(n.SUPERSEDED, successor=named(n.REGISTERED), reason="协议第 2 版")).then(n.SUPERSEDED)
    asks(story, CMO, fulfilled(attachments=[FILE])).then_marked(n.FULFILLED)
    asks(story, CMO, says(n.SUPERSEDED, successor=named(n.REGISTERED), reason="又一次")).then_marked(n.SUPERSEDED)


def test_a_disputed_supersession_replaces_nothing() -> None:
    story = agreed().and_then(cmo(registered()), cmo(registered(identity=OTHER_ID)))
    story.write(cmo(says(n.SUPERSEDED, successor=named(n.REGISTERED), reason="协议第 2 版")))
    story.write(mah(refused(n.SUPERSEDED), actor="system/gateway"))
    asks(story, CMO, fulfilled(attachments=[FILE])).then(n.FULFILLED)


def test_an_obligation_does_not_supersede_itself() -> None:
    story = agreed().and_then(cmo(registered()))
    own = says(n.SUPERSEDED, successor=named(n.REGISTERED), reason="r")
    then_refused_both_ways(story, CMO, own, "entry.wrong_reference")


def test_the_partner_asks_about_an_obligation_and_takes_note_of_it() -> None:
    story = agreed().and_then(cmo(registered()))
    asks(story, MAH, says("obligation_review.asked.v1", text="如何统计？")).then("obligation_review.asked.v1")
    noted = says("obligation_review.acknowledged.v1", entry=named(n.REGISTERED))
    asks(story, MAH, noted).then("obligation_review.acknowledged.v1")
