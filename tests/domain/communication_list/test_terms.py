"""Every term of the agreement has a number (G3), from the rule set on that brought the quality core."""

from typing import Any

import pytest

from domain.communication_list.commands import activate_communication_list
from domain.communication_list.terms import AGREED_TERMS, AgreedTerm
from domain.drafts import Draft
from events.encoding.identifiers import Role
from tests.domain.communication_list.test_list import (
    ACTIVATED,
    AGREED,
    CMO,
    KIND,
    activate,
    lacks,
    limit,
    row,
    rows,
    signed_list,
)
from tests.domain.language import Written, cmo
from tests.domain.steps import activated


def announced(rule_set: int) -> list[Written]:
    """Both parties say by which rule set they judge."""
    body = {"rule_set": rule_set, "events": [], "software": "1.0.0"}
    told = Draft("gateway.announced.v1", "relationship/0193572e-0000-7000-8000-00000000000b", body)
    return [Written(role, lambda _story, _role: told, "system/gateway") for role in Role]


def agreed_rows() -> list[dict[str, Any]]:
    """All categories, and every term of the agreement with a number."""
    found = {each["category"]: each for each in rows()}
    for term in AGREED_TERMS:
        of_it = found.setdefault(term.category, row(term.category))
        if term.name != "notify":
            of_it["limits"] = [*of_it["limits"], limit(term.name)]
    return list(found.values())


def test_a_list_with_a_number_for_every_term_of_the_agreement_is_activated() -> None:
    story = signed_list(*announced(2), *AGREED, rows_of=agreed_rows())

    story.when(CMO, activate_communication_list, activate()).then(ACTIVATED)


@pytest.mark.parametrize("term", AGREED_TERMS, ids=lambda term: f"{term.category}-{term.name}")
def test_no_term_of_the_agreement_lacks_its_number(term: AgreedTerm) -> None:
    some = agreed_rows()
    of_it = next(each for each in some if each["category"] == term.category)
    of_it["limits"] = [each for each in of_it["limits"] if each["name"] != term.name]
    story = signed_list(*announced(2), *AGREED, rows_of=some)

    assert f"{term.category}: a number for {term.name} {term.clause}" in lacks(story)


def test_a_term_that_has_a_number_for_some_classes_lacks_the_others() -> None:
    some = agreed_rows()
    of_it = next(each for each in some if each["category"] == "risks")
    by_class = [limit("suspend", **{"class": class_}) for class_ in ("major", "moderate")]
    of_it["limits"] = [limit("notify"), *by_class]
    assert "risks: a number for suspend (V)" in lacks(signed_list(*announced(2), *AGREED, rows_of=some))

    of_it["limits"] = [*of_it["limits"], limit("suspend", **{"class": "minor"})]
    signed_list(*announced(2), *AGREED, rows_of=some).receives(cmo(activated(KIND))).then(ACTIVATED)


def test_a_list_of_the_time_before_the_quality_core_is_judged_by_the_rules_of_its_time() -> None:
    signed_list(*announced(1), *AGREED).receives(cmo(activated(KIND))).then(ACTIVATED)

    assert "risks: a number for suspend" in lacks(signed_list(*announced(2), *AGREED))
