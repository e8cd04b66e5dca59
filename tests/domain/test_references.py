"""What an entry names it names by journal, position and leaf: one of them wrong, and it names nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from domain.batch import names as batch
from domain.capa import names as capa
from domain.change import names as change
from domain.deviation import names as deviation
from domain.drafts import Draft
from domain.risk import names as risk
from events.encoding.identifiers import Role
from tests.domain.batch.steps import (
    INVESTIGATION,
    RECORD,
    TESTS,
    made_and_tested,
    package,
    released,
)
from tests.domain.change import test_change as of_change
from tests.domain.language import Step, Story, Written, cmo, given
from tests.domain.matters import asks, named, says, signs
from tests.domain.risk.test_risk import MEASURE, RAISED
from tests.domain.steps import classified, closed, investigated, opened

CMO, MAH = Role.CMO, Role.MAH
ACTION = {"text": "改进", "owner": "质量部", "due": "2026-12-30"}
RECORDS = (
    (RECORD, "batch_production_record"),
    (TESTS, "batch_test_record"),
    (INVESTIGATION, "deviation_investigation"),
)


def change_proposed() -> Story:
    return given(cmo(of_change.PROPOSED))


def opinions_given() -> Story:
    return of_change.with_opinions("filing", "filing")


def measure_taken() -> Story:
    return given(cmo(RAISED), cmo(MEASURE))


def deviation_opened() -> Story:
    return given(cmo(opened()))


def made_with_a_deviation() -> Story:
    story = made_and_tested(cmo(opened()), cmo(classified("minor")), cmo(investigated()), cmo(closed()))
    return asks(story, CMO, released(named(deviation.CLOSED)), "person/qualified_person").then(batch.FACTORY_RELEASED)


def with_investigation(story: Story, role: Role) -> Draft:
    manifest: list[dict[str, Any]] = [{"kind": kind, "sha256": sha256} for sha256, kind in RECORDS]
    manifest[-1]["about"] = named(deviation.OPENED)
    files = [{"sha256": sha256, "name": kind, "size": 0} for sha256, kind in RECORDS]
    return package(manifest=manifest, attachments=files, no_deviations=None)(story, role)


def planned(story: Story, role: Role) -> Draft:
    return says(
        capa.OPENED,
        number="CAPA-1",
        source="eQMS",
        title="t",
        opened_at="2026-11-22",
        cause=named(deviation.OPENED),
        actions=[ACTION],
    )(story, role)


CASES: dict[str, tuple[Callable[[], Story], Role, Step]] = {
    "approval": (change_proposed, MAH, of_change.APPROVED),
    "rejection": (change_proposed, MAH, says(change.REVIEW_REJECTED, proposal=named(change.PROPOSED), reason="r")),
    "category": (opinions_given, CMO, of_change.determined("filing")),
    "implementation": (of_change.ready, CMO, of_change.implemented()),
    "measures": (measure_taken, CMO, signs(risk.MEASURES_SIGNED, measures=[named(risk.MEASURE_TAKEN)])),
    "package": (made_with_a_deviation, CMO, with_investigation),
    "actions": (deviation_opened, CMO, planned),
}


def places(value: object) -> Iterator[dict[str, Any]]:
    """Return every reference within the values of a body."""
    if isinstance(value, dict) and {"journal", "position", "leaf"} <= value.keys():
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from places(each)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("field", "wrong"), [("leaf", "A" * 43 + "="), ("journal", "cmo.7"), ("position", 10**6)])
def test_a_reference_with_another_journal_position_or_leaf_is_refused(case: str, field: str, wrong: object) -> None:
    story, role, step = CASES[case][0](), CASES[case][1], CASES[case][2]
    honest = step(story, role)
    refs = list(places(honest.body))

    assert story.judge(Written(role, step), honest) is None
    assert refs
    for ref in refs:
        right = ref[field]
        ref[field] = wrong
        story.receives(Written(role, lambda _story, _role: honest)).then_refused("entry.wrong_reference")
        ref[field] = right
