"""The row of an item: what the owner stated, how far it has come, and what is marked."""

from domain.deviation import names as n
from events.encoding.identifiers import Role
from tests.domain.items.shown import agreed, item
from tests.domain.language import Story, cmo, given, mah
from tests.domain.steps import (
    DEVIATION_ID,
    acknowledged,
    answered,
    approved,
    asked,
    batch_linked,
    classified,
    closed,
    corrected,
    investigated,
    opened,
    refused,
    rejected,
    settled,
)

GATEWAY = "system/gateway"
MAJOR = (cmo(opened()), cmo(classified("major")), cmo(investigated()))
MINOR = (cmo(opened()), cmo(classified("minor")), cmo(investigated()))


def overtaken() -> Story:
    """The holder rejects, the manufacturer closes a minor deviation, and neither has seen the other."""
    story = given(*MINOR)
    before = story.sizes[Role.MAH]
    story.write(mah(rejected()))
    story.write(cmo(closed(), seen=before))
    return story


def test_an_item_shows_what_its_owner_stated_and_who_opened_it() -> None:
    story = given(cmo(opened(external_number="D-0001", product={"name": "注射液", "code": "P1"}, line="L1")))

    row = item(story)

    opening = story.past(n.OPENED)
    assert row["item"] == DEVIATION_ID
    assert row["owner"] == "cmo"
    assert row["category"] == "deviations"
    assert row["external_number"] == "D-0001"
    assert row["product"] == {"code": "P1", "name": "注射液"}
    assert row["batches"] == [{"number": "B2026-001"}]
    assert row["opened_at"] == row["changed_at"] == opening.time
    assert (row["opened_by"]["journal"], row["opened_by"]["position"]) == ("cmo", opening.position)
    assert row["verified"] is True
    assert row["acknowledged"] is None


def test_an_item_goes_from_opened_to_closed() -> None:
    story = given(cmo(opened()))
    states = [item(story)["state"]]

    for written in (cmo(classified("major")), cmo(investigated()), mah(approved()), cmo(closed(approval=-1))):
        story.write(written)
        states.append(item(story)["state"])

    assert states == ["opened", "classified", "approval_pending", "closure_approved", "closed"]


def test_a_class_that_needs_no_approval_is_investigated_and_waits_for_nobody() -> None:
    assert item(given(*MINOR))["state"] == "investigated"


def test_which_classes_need_approval_is_what_the_agreement_in_force_says() -> None:
    policy = agreed(deviation_closure_approval=["minor"])

    assert item(given(*policy, *MINOR))["state"] == "approval_pending"
    assert item(given(*policy, *MAJOR))["state"] == "investigated"


def test_a_lowered_class_still_waits_for_the_holder() -> None:
    story = given(cmo(opened()), cmo(classified("major")), cmo(classified("minor")), cmo(investigated()))

    assert item(story)["class"] == "minor"
    assert item(story)["state"] == "approval_pending"


def test_after_a_rejection_a_new_investigation_waits_for_a_new_decision() -> None:
    story = given(*MAJOR, mah(rejected()))
    assert item(story)["state"] == "closure_rejected"

    story.write(cmo(investigated("再次调查")))

    assert item(story)["state"] == "approval_pending"


def test_an_item_shows_who_took_note_first() -> None:
    story = given(cmo(opened()), mah(acknowledged()), mah(acknowledged()))

    first = story.past(n.ACKNOWLEDGED, 0)
    assert item(story)["acknowledged"] == {
        "by": "person/qa_manager",
        "at": first.time,
        "journal": "mah",
        "position": first.position,
    }


def test_a_question_is_open_until_it_is_answered() -> None:
    story = given(cmo(opened()), mah(asked()))
    assert item(story)["open_questions"] == 1

    story.write(cmo(answered()))

    assert item(story)["open_questions"] == 0


def test_a_linked_batch_stands_beside_the_stated_ones_once() -> None:
    story = given(cmo(opened()), cmo(batch_linked("B2026-002")), cmo(batch_linked("B2026-001")))

    assert item(story)["batches"] == [{"number": "B2026-001"}, {"number": "B2026-002"}]


def test_a_correction_puts_the_shown_value_right() -> None:
    story = given(cmo(opened()), cmo(corrected(n.OPENED, "title", "压片机转速超出范围", "压片机转速偏低")))
    story.write(cmo(corrected(n.OPENED, "batches.0.number", "B2026-001", "B2026-007")))

    assert item(story)["title"] == "压片机转速偏低"
    assert item(story)["batches"] == [{"number": "B2026-007"}]


def test_a_corrected_class_is_the_class() -> None:
    story = given(cmo(opened()), cmo(classified("minor")), cmo(corrected(n.CLASSIFIED, "class", "minor", "major")))

    assert item(story)["class"] == "major"


def test_a_fact_without_a_right_is_marked_and_moves_nothing() -> None:
    story = given(cmo(opened()), cmo(classified("minor"), actor="person/nobody"))

    row = item(story)
    assert row["violates"] is True
    assert row["class"] is None
    assert row["state"] == "opened"
    assert row["last"]["cmo"] == story.past(n.CLASSIFIED).position


def test_an_opening_without_a_right_is_an_item_all_the_same() -> None:
    row = item(given(cmo(opened(), actor="person/nobody")))

    assert row["violates"] is True
    assert row["state"] == "opened"


def test_a_refused_entry_has_no_effect() -> None:
    story = given(*MAJOR)
    before = item(story)

    story.write(cmo(closed()))  # refused: nobody approved

    assert story.all()[-1].code == "gate.deviation_closure"
    assert item(story) == before


def test_what_the_partner_disputes_is_marked_and_what_it_opens_stays_shut() -> None:
    story = given(*MINOR, cmo(closed()), mah(refused(n.CLOSED), actor=GATEWAY))

    assert item(story)["disputed"] is True
    assert item(story)["state"] == "investigated"


def test_a_dispute_that_both_settled_for_the_entry_leaves_it_standing() -> None:
    story = given(*MINOR, cmo(closed()), mah(refused(n.CLOSED), actor=GATEWAY))

    story.and_then(cmo(settled(n.CLOSED, stands=True)), mah(settled(n.CLOSED, stands=True)))

    assert item(story)["disputed"] is False
    assert item(story)["state"] == "closed"


def test_a_closing_that_crossed_a_rejection_stands_and_is_shown_as_overtaken() -> None:
    row = item(overtaken())

    assert row["state"] == "closed"
    assert row["overtaken"] is True


def test_the_holders_approval_lifts_the_block_that_was_overtaken() -> None:
    story = overtaken()

    story.write(mah(approved()))

    assert item(story)["overtaken"] is False
    assert item(story)["state"] == "closed"


def test_an_overtaken_closing_that_is_investigated_anew_rests_on_the_new_investigation() -> None:
    story = overtaken()

    story.write(cmo(investigated("再次调查")))

    assert item(story)["state"] == "investigated"
    assert item(story)["overtaken"] is True


def test_a_second_closing_that_is_overtaken_stands_like_the_first() -> None:
    story = overtaken()
    for written in (cmo(investigated("再次调查")), mah(approved())):
        story.write(written)
    before = story.sizes[Role.MAH]

    story.write(mah(rejected()))
    story.write(cmo(closed(approval=-1), seen=before))

    assert item(story)["state"] == "closed"
    assert item(story)["overtaken"] is True
