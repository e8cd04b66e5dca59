"""What a major risk suspends, word by word and product by product, is let go by signatures of lifting alone."""

from typing import Any

import pytest

from domain.errors import DomainError
from domain.risk import names as risk
from domain.suspension import names as n
from domain.suspension.blocks import check_not_suspended
from events.encoding.identifiers import Role
from tests.domain.items.test_matters import row_of
from tests.domain.language import Step, Story, Written, cmo, given, mah
from tests.domain.matters import MATTER_ID, OTHER_ID, asks, named, says, signs, then_refused_both_ways
from tests.domain.risk.test_risk import MAJOR, MEASURE, RAISED, level, signed_by
from tests.domain.steps import refused
from tests.domain.suspension.test_suspension import PRODUCT, stops, under_policy

CMO, MAH = Role.CMO, Role.MAH
PARTNERS_MAJOR = says(**level("major", risk.REVIEW_CLASSIFIED))
CODE = {"name": "注射用头孢曲松钠", "code": "CRO-1G"}
CLOSED = signed_by(risk.CLOSED, risk.MEASURE_TAKEN)


def started(identity: str = MATTER_ID, **scope: object) -> Step:
    """The manufacturer stops because of the risk."""
    at, why = "2026-11-22T09:40:00+08:00", named(risk.RAISED)
    return says(n.STARTED, identity, number="S", source="s", reason="r", stopped_at=at, risk=why, scope=scope)


def lifted(identity: str = MATTER_ID) -> tuple[Written, Written]:
    return cmo(signs(n.LIFT_SIGNED, identity)), mah(signs(n.REVIEW_LIFT_SIGNED, identity))


def with_signed_measures(*before: Written) -> Story:
    return given(*before, cmo(RAISED), cmo(MAJOR), cmo(MEASURE)).and_then(
        cmo(signed_by(risk.MEASURES_SIGNED, risk.MEASURE_TAKEN)),
        mah(signed_by(risk.REVIEW_MEASURES_SIGNED, risk.MEASURE_TAKEN)),
    )


@pytest.mark.parametrize("agreed", ["both", "mah", "cmo"])
def test_a_major_risk_is_not_closed_before_what_it_suspends_is_lifted(agreed: str) -> None:
    story = with_signed_measures(*under_policy(agreed))
    then_refused_both_ways(story, CMO, CLOSED, "entry.wrong_state", "risk.not_lifted")
    assert stops(story, PRODUCT) == "gate.suspension"

    story.and_then(cmo(started(products=[CODE])), *lifted()[1 if agreed == "mah" else 0 : 1 if agreed == "cmo" else 2])

    assert stops(story, PRODUCT) is None
    asks(story, CMO, CLOSED).then(risk.CLOSED)
    assert stops(story, PRODUCT) is None


def test_a_risk_that_was_called_major_by_mistake_is_closed_after_the_signatures_too() -> None:
    story = with_signed_measures().and_then(cmo(says(**level("minor"))))
    then_refused_both_ways(story, CMO, CLOSED, "entry.wrong_state", "risk.not_lifted")

    story.and_then(cmo(started(products=[CODE])), *lifted())

    asks(story, CMO, CLOSED).then(risk.CLOSED)


def test_a_closing_that_crossed_the_partners_word_lets_nothing_go_and_is_overtaken_until_that_is_lifted() -> None:
    story = given(cmo(RAISED), cmo(says(**level("minor"))), cmo(MEASURE)).and_then(
        cmo(signed_by(risk.MEASURES_SIGNED, risk.MEASURE_TAKEN)),
        mah(signed_by(risk.REVIEW_MEASURES_SIGNED, risk.MEASURE_TAKEN)),
    )
    had = {role: story.sizes[role.other] for role in Role}
    story.and_then(cmo(CLOSED, seen=had[CMO]), mah(PARTNERS_MAJOR, seen=had[MAH]))
    assert story.past(risk.CLOSED).code is None
    assert stops(story, PRODUCT) == "gate.suspension"
    assert row_of(story, "risk")["overtaken"] is True

    story.and_then(cmo(started(products=[CODE])), *lifted())

    assert stops(story, PRODUCT) is None
    assert row_of(story, "risk")["overtaken"] is False


def test_a_word_after_the_closing_is_marked_and_suspends_all_the_same() -> None:
    story = with_signed_measures().and_then(cmo(started(products=[CODE])), *lifted(), cmo(CLOSED))

    asks(story, MAH, PARTNERS_MAJOR).then_marked(risk.REVIEW_CLASSIFIED)

    assert stops(story, PRODUCT) == "gate.suspension"


@pytest.mark.parametrize("again", [cmo(MAJOR), mah(PARTNERS_MAJOR)])
def test_a_new_word_after_the_lifting_suspends_anew_until_another_suspension_is_lifted(again: Written) -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(started(products=[CODE])), *lifted())
    assert stops(story, PRODUCT) is None

    story.write(again)
    assert stops(story, PRODUCT) == stops(story, PRODUCT, role=MAH) == "gate.suspension"

    story.and_then(cmo(started(OTHER_ID, products=[CODE])), *lifted(OTHER_ID))
    assert stops(story, PRODUCT) is None


def test_a_suspension_that_was_lifted_before_the_first_word_lifts_nothing_of_it() -> None:
    story = given(cmo(RAISED), cmo(started(products=[CODE])), *lifted())

    story.write(mah(PARTNERS_MAJOR))

    assert stops(story, PRODUCT) == "gate.suspension"


def test_a_signature_that_crossed_the_word_does_not_lift_it() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(started(products=[CODE])), cmo(signs(n.LIFT_SIGNED)))
    had = story.sizes[CMO]
    story.write(cmo(MAJOR))
    story.write(mah(signs(n.REVIEW_LIFT_SIGNED), seen=had))
    assert row_of(story, "suspension")["overtaken"] is True
    assert stops(story, PRODUCT) == "gate.suspension"

    story.and_then(cmo(started(OTHER_ID, products=[CODE])), *lifted(OTHER_ID))

    assert stops(story, PRODUCT) is None
    assert row_of(story, "suspension")["overtaken"] is False


def test_the_lifting_of_another_scope_lets_go_of_nothing_of_the_risk() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(started(lines=["L-99"])), *lifted())
    assert stops(story, PRODUCT) == "gate.suspension"


def test_a_risk_of_two_products_lets_go_of_each_as_its_suspension_is_lifted() -> None:
    other = {"name": "注射用头孢他啶", "code": "CAZ-1G"}
    body = {"number": "R", "source": "s", "title": "t", "identified_at": "2026-11-22"}
    story = given(cmo(says(risk.RAISED, scope={"products": [CODE, other]}, **body)), cmo(MAJOR))
    story.and_then(cmo(started(products=[CODE])), *lifted())
    assert (stops(story, PRODUCT), stops(story, "product/CAZ-1G")) == (None, "gate.suspension")

    story.and_then(cmo(started(OTHER_ID, products=[other])), *lifted(OTHER_ID))

    assert (stops(story, PRODUCT), stops(story, "product/CAZ-1G")) == (None, None)


def test_a_risk_of_everything_is_let_go_by_a_suspension_of_everything_alone() -> None:
    body = {"number": "R", "source": "s", "title": "t", "identified_at": "2026-11-22"}
    story = given(cmo(says(risk.RAISED, **body)), cmo(MAJOR), cmo(started(products=[CODE])), *lifted())
    assert stops(story, PRODUCT) == "gate.suspension"

    story.and_then(cmo(started(OTHER_ID)), *lifted(OTHER_ID))

    assert stops(story, PRODUCT) is None


@pytest.mark.parametrize("scope", [{}, {"products": [{"name": "注射用头孢曲松钠"}]}])
def test_a_suspension_that_names_no_code_lets_go_of_no_product_of_the_risk(scope: dict[str, Any]) -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(started(**scope)), *lifted())
    assert stops(story, PRODUCT) == "gate.suspension"

    story.and_then(cmo(started(OTHER_ID, products=[CODE])), *lifted(OTHER_ID))

    assert stops(story, PRODUCT) is None


def test_a_risk_that_names_its_product_without_a_code_is_let_go_by_a_suspension_in_the_same_words() -> None:
    by_name: dict[str, Any]
    by_name, body = {"products": [{"name": "头孢"}]}, {"number": "R", "source": "s", "title": "t"}
    raised = says(risk.RAISED, identified_at="2026-11-22", scope=by_name, **body)
    story = given(cmo(raised), cmo(MAJOR), cmo(started(products=[CODE])), *lifted())
    assert stops(story, PRODUCT) == stops(story, "line/L-1") == "gate.suspension"

    story.and_then(cmo(started(OTHER_ID, **by_name)), *lifted(OTHER_ID))

    assert stops(story, PRODUCT) is None


def test_a_disputed_signature_lets_go_of_nothing_of_the_risk() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(started(products=[CODE])), *lifted())
    story.write(cmo(refused(n.REVIEW_LIFT_SIGNED), actor="system/gateway"))
    assert stops(story, PRODUCT) == "gate.suspension"


def test_what_was_lifted_is_judged_by_what_its_author_had_seen() -> None:
    story = given(cmo(RAISED), cmo(MAJOR), cmo(started(products=[CODE])), *lifted())
    had = story.sizes[MAH]
    story.write(mah(PARTNERS_MAJOR))
    check_not_suspended(story.context(CMO, had), [PRODUCT])
    with pytest.raises(DomainError):
        check_not_suspended(story.context(CMO), [PRODUCT])
