"""The model finds each gate shut where the table of domain.md 2.2 says so, and open once that is done."""

import pytest

from tests.model.entries import Entry, Json
from tests.model.told import Said, Told

BATCH: Json = {"number": "B-1", "product": {"code": "P-1"}, "site": "S-1", "line": "L-1"}
SCOPE: Json = {"scope": {"products": [{"code": "P-1"}]}}
OF_THE_BATCH: Json = {"scope": {"batches": [{"number": "B-1"}]}}
MADE: list[Said] = [("cmo", "batch/1", each, BATCH) for each in ("authorised", "started", "manufactured", "tested")]
RELEASED: list[Said] = [
    *MADE,
    ("cmo", "batch/1", "factory_released", {}),
    ("cmo", "release_package/1", "submitted", {}),
    *(
        ("mah", "batch_review/1", "item_concluded", {"item": each, "verdict": "satisfactory", "package": "@cmo 5"})
        for each in "abc"
    ),
]
MARKETING: Json = {"factory_release": "@cmo 4", "package": "@cmo 5", "reviews": ["@mah 0", "@mah 1", "@mah 2"]}
MARKETED: list[Said] = [*RELEASED, ("mah", "batch_review/1", "marketing_released", MARKETING)]
PERMIT: Said = ("mah", "batch_review/1", "dispatch_permitted", {"release": "@mah 3"})
MARKETING_GATE, FACTORY_GATE = "gate.marketing_release", "gate.factory_release"
DEVIATION: Said = ("cmo", "deviation/1", "opened", {"batches": [{"number": "B-1"}]})
CLOSED: list[Said] = [("cmo", "deviation/1", "opened", {}), ("cmo", "deviation/1", "closed", {})]
ANOTHER: list[Said] = [("cmo", "deviation/2", *DEVIATION[2:]), ("cmo", "deviation/2", "closed", {})]
LINKED: Said = ("cmo", "deviation/1", "batch_linked", {"batch": {"number": "B-1"}})
INVESTIGATED: Said = ("cmo", "deviation/1", "investigated", {})
NOT_SATISFACTORY: Json = {"item": "c", "verdict": "not_satisfactory", "package": "@cmo 5"}
RESULT: Json = {"test": "t", "verdict": "conforms"}
PASSED: Said = ("cmo", "batch/1", "tested", {"results": [RESULT]})
FAILED: Said = ("cmo", "batch/1", "tested", {"results": [{**RESULT, "verdict": "does_not_conform"}]})
FOUND: Said = (
    "mah",
    "batch_review/1",
    "corrected",
    {"entry": "@mah 2", "changes": [{"field": "verdict", "after": "not_satisfactory"}]},
)


def corrected(role: str, position: int, verdict: str = "does_not_conform") -> list[Said]:
    changes = [{"field": "results.0.verdict", "after": verdict}]
    return [(role, "batch/1", "corrected", {"entry": f"@{role} {position}", "changes": changes})]


SPLIT: list[Said] = [
    ("cmo", "batch/0", "authorised", {**BATCH, "number": "B-0"}),
    ("cmo", "batch/0", "split", {"parts": [{"number": "B-1"}]}),
]
OF_THE_PARENT: Said = ("cmo", "oos/1", "suspected", {"scope": {"batches": [{"number": "B-0"}]}})
OPINIONS: list[Said] = [
    ("cmo", "change/1", "category_opinion_given", {"category": "reporting"}),
    ("mah", "change_review/1", "category_opinion_given", {"category": "filing"}),
]
BOTH: Json = {"opinions": ["@cmo 0", "@mah 0"], "category": "filing"}
FILED: Json = {"step": "filing_record", "number": "2026B01234", "document": "c" * 64, "date": "2026-11-21"}
RECORDED: Said = ("mah", "change_review/1", "regulatory_step_recorded", FILED)
READY: list[Said] = [
    ("mah", "change_review/1", "approved", {"proposal": "@cmo 1"}),
    ("cmo", "change/1", "category_determined", {"category": "filing"}),
    RECORDED,
    ("cmo", "change/1", "proposed", {}),
]
IMPLEMENTED: Json = {
    "approval": "@mah 0",
    "category": "@cmo 0",
    "regulatory_step": "@mah 1",
    "effective_from": "2026-11-22",
}
RAISED: Json = {"changes": [{"field": "category", "before": "filing", "after": "approval"}]}
STOPPED: Said = ("cmo", "suspension/1", "started", SCOPE)
LIFTED: list[Said] = [("cmo", "suspension/1", "lift_signed", {}), ("mah", "suspension_review/1", "lift_signed", {})]
RISK: list[Said] = [("mah", "risk/1", "raised", SCOPE), ("cmo", "risk_review/1", "classified", {"level": "major"})]
FOR_THE_RISK: Said = ("cmo", "suspension/1", "started", {**SCOPE, "risk": "@mah 0"})
OF_A_LINE: Said = ("cmo", "suspension/1", "started", {"scope": {"lines": ["L-9"]}, "risk": "@mah 0"})
CALLED: Said = ("mah", "risk/1", "classified", {"level": "major"})
TO_MAJOR: Json = {"entry": "@cmo 0", "changes": [{"field": "level", "before": "minor", "after": "major"}]}
A_LINE: Said = ("cmo", "suspension/1", "started", {"scope": {"lines": ["L-9"]}})
BY_NAME: Said = ("cmo", "suspension/1", "started", {"scope": {"products": [{"name": "n"}]}, "risk": "@mah 0"})
WITHOUT_A_LINE: Json = {name: value for name, value in BATCH.items() if name != "line"}
TO_PRODUCT: Json = {"changes": [{"field": "scope.products.0.code", "before": "P-9", "after": "P-1"}]}
OF_ANOTHER: Json = {"scope": {"products": [{"code": "P-9"}]}}
MEASURE: Said = ("mah", "regulatory_measure/1", "recorded", {**SCOPE, "measure": "suspend_manufacturing"})
LOT: Said = ("cmo", "lot/1", "allocated", {"product": {"code": "P-2"}, "lot_kind": "key_material"})
AUTHORISE: Said = ("cmo", "batch/1", "authorised", BATCH)
OF_LOTS: Said = ("cmo", "batch/1", "authorised", {**BATCH, "lots": ["@cmo 0"]})
RELEASE: Said = ("cmo", "batch/1", "factory_released", {"resolved": []})
MARKET: Said = ("mah", "batch_review/1", "marketing_released", MARKETING)
MARKET_ANEW: Said = (*MARKET[:3], {**MARKETING, "factory_release": "@cmo 6"})
DETERMINE: Said = ("cmo", "change/1", "category_determined", BOTH)
IMPLEMENT: Said = ("cmo", "change/1", "implemented", IMPLEMENTED)

PROCESS: list[Said] = [
    ("mah", "process_version/1", "approved", {}),
    ("mah", "process_version/1", "withdrawn", {"until": "2026-11-21"}),
]
UNDER_IT: Json = {**BATCH, "process_version": "@mah 0"}

SHUT: dict[str, tuple[list[Said], Said, str]] = {
    "G2: withdrawn": (PROCESS, (*AUTHORISE[:3], UNDER_IT), "gate.process_documents"),
    "G4: a suspension": ([STOPPED], AUTHORISE, "gate.suspension"),
    "G4: signed by one": ([STOPPED, LIFTED[0]], AUTHORISE, "gate.suspension"),
    "G4: a major risk": (RISK, AUTHORISE, "gate.suspension"),
    "G4: a closed risk": ([*RISK, ("mah", "risk/1", "closed", {})], AUTHORISE, "gate.suspension"),
    "G4: lifted by name": ([*RISK, BY_NAME, *LIFTED], AUTHORISE, "gate.suspension"),
    "G4: a line that nobody named": ([A_LINE], (*AUTHORISE[:3], WITHOUT_A_LINE), "gate.suspension"),
    "G4: written otherwise": (
        [STOPPED],
        (*AUTHORISE[:3], {**BATCH, "product": {"code": "p-1 "}}),
        "gate.suspension",
    ),
    "G4: lifted for a line": ([*RISK, OF_A_LINE, *LIFTED], AUTHORISE, "gate.suspension"),
    "G4: called major again": ([*RISK, FOR_THE_RISK, *LIFTED, CALLED], AUTHORISE, "gate.suspension"),
    "G4: lifted before": ([RISK[0], FOR_THE_RISK, *LIFTED, CALLED], AUTHORISE, "gate.suspension"),
    "G4: corrected to major": (
        [RISK[0], (*RISK[1][:3], {"level": "minor"}), ("cmo", "risk_review/1", "corrected", TO_MAJOR)],
        AUTHORISE,
        "gate.suspension",
    ),
    "G4: corrected to the product": (
        [(*STOPPED[:3], OF_ANOTHER), ("cmo", "suspension/1", "corrected", {"entry": "@cmo 0", **TO_PRODUCT})],
        AUTHORISE,
        "gate.suspension",
    ),
    "G4: a release": ([*MADE, STOPPED], RELEASE, "gate.suspension"),
    "G6: no step": ([*READY[:2], READY[3]], IMPLEMENT, "gate.change_implementation"),
    "G6: no approval": (READY[1:], IMPLEMENT, "gate.change_implementation"),
    "G6: not of this text": (
        [*READY, ("cmo", "change/1", "corrected", {"entry": "@cmo 1", "changes": []})],
        IMPLEMENT,
        "gate.change_implementation",
    ),
    "G6: a category of another text": (
        [*READY[1:], ("cmo", "change/1", "corrected", {"entry": "@cmo 1", "changes": []}), READY[0]],
        (*IMPLEMENT[:3], {**IMPLEMENTED, "approval": "@mah 1", "regulatory_step": "@mah 0"}),
        "gate.change_implementation",
    ),
    "G6: a certificate still to come": (
        [*READY[:2], (*RECORDED[:3], {**FILED, "date": "2026-11-23"}), READY[3]],
        IMPLEMENT,
        "gate.change_implementation",
    ),
    "G7: opinions on another text": (
        [*OPINIONS, READY[3], ("cmo", "change/1", "corrected", {"entry": "@cmo 1", "changes": []})],
        DETERMINE,
        "gate.change_category",
    ),
    "G6: no number": (
        [*READY[:2], (*RECORDED[:3], {"step": "filing_record", "document": "c" * 64})],
        IMPLEMENT,
        "gate.change_implementation",
    ),
    "G6: on the maker's licence": (
        [*READY[:2], ("cmo", "change/1", *RECORDED[2:])],
        (*IMPLEMENT[:3], {**IMPLEMENTED, "regulatory_step": "@cmo 1"}),
        "gate.change_implementation",
    ),
    "G6: an opinion is higher": (
        [*READY, ("mah", "change_review/1", "category_opinion_given", {"category": "approval"})],
        IMPLEMENT,
        "gate.change_implementation",
    ),
    "G7: corrected to the higher": (
        [*OPINIONS, ("mah", "change_review/1", "corrected", {**RAISED, "entry": "@mah 0"})],
        DETERMINE,
        "gate.change_category",
    ),
    "G7: the lower": (OPINIONS, (*DETERMINE[:3], {**BOTH, "category": "reporting"}), "gate.change_category"),
    "G7: one opinion": (OPINIONS, (*DETERMINE[:3], {**BOTH, "opinions": ["@mah 0"]}), "gate.change_category"),
    "G8: another's lot": ([LOT], OF_LOTS, "gate.segregation"),
    "G10: not tested": (MADE[:3], RELEASE, "gate.factory_release"),
    "G10: not started": ([MADE[0], *MADE[2:]], RELEASE, "gate.factory_release"),
    "G10: its parent rejected": ([*SPLIT, *MADE, ("mah", "batch_review/0", "rejected", {})], RELEASE, FACTORY_GATE),
    "G10: linked to a closed one": ([*MADE, *CLOSED, LINKED], RELEASE, FACTORY_GATE),
    "G10: investigated anew": ([*MADE, DEVIATION, *CLOSED[1:], INVESTIGATED], RELEASE, FACTORY_GATE),
    "G10: a result": ([*MADE, ("cmo", "oos/1", "suspected", OF_THE_BATCH)], RELEASE, "gate.factory_release"),
    "G10: a failure": ([*MADE, FAILED], RELEASE, "gate.factory_release"),
    "G10: corrected to a failure": ([*MADE, PASSED, *corrected("cmo", 4)], RELEASE, "gate.factory_release"),
    "G10: a failure corrected": ([*MADE, FAILED, *corrected("cmo", 4, "conforms")], RELEASE, "gate.factory_release"),
    "G11: corrected to a finding": ([*RELEASED, FOUND], MARKET, "gate.marketing_release"),
    "G10: of its parent": ([*SPLIT, *MADE, OF_THE_PARENT], RELEASE, "gate.factory_release"),
    "G11: two reviews": (RELEASED[:-1], MARKET, "gate.marketing_release"),
    "G11: its parent held": ([*RELEASED, *SPLIT, ("mah", "batch_review/0", "held", {})], MARKET, MARKETING_GATE),
    "G11: a later finding": ([*RELEASED, (*RELEASED[-1][:3], NOT_SATISFACTORY)], MARKET, MARKETING_GATE),
    "G11: on the old package": ([*RELEASED, ("cmo", "batch/1", "factory_released", {})], MARKET_ANEW, MARKETING_GATE),
    "G11: held": ([*RELEASED, ("mah", "batch_review/1", "held", {})], MARKET, "gate.marketing_release"),
    "G11: reworked": ([*MARKETED, ("cmo", "batch/1", "reworked", {})], PERMIT, "gate.marketing_release"),
    "G11: a later package": ([*MARKETED, ("cmo", "release_package/1", "submitted", {})], PERMIT, MARKETING_GATE),
    "G11: a deviation since": ([*MARKETED, DEVIATION], PERMIT, MARKETING_GATE),
    "G11: stopped since": ([*MARKETED, STOPPED], PERMIT, MARKETING_GATE),
    "G16: a dispatch": ([*MARKETED, MEASURE], PERMIT, "gate.regulatory_measure"),
    "G16: a measure": ([MEASURE], AUTHORISE, "gate.regulatory_measure"),
    "G16: corrected to the product": (
        [
            (*MEASURE[:3], {**OF_ANOTHER, "measure": "suspend_manufacturing"}),
            ("mah", "regulatory_measure/1", "corrected", {"entry": "@mah 0", **TO_PRODUCT}),
        ],
        AUTHORISE,
        "gate.regulatory_measure",
    ),
    "G16: a release": ([*MADE, MEASURE], RELEASE, "gate.regulatory_measure"),
}
OPEN: dict[str, tuple[list[Said], Said]] = {
    "G4: lifted by both": ([STOPPED, *LIFTED], AUTHORISE),
    "G4: a risk lifted by both": ([*RISK, FOR_THE_RISK, *LIFTED], AUTHORISE),
    "G2: until today": (
        [PROCESS[0], (*PROCESS[1][:3], {"until": "2026-11-22"})],
        (*AUTHORISE[:3], UNDER_IT),
    ),
    "G4: another line": ([A_LINE], AUTHORISE),
    "G4: another product": ([STOPPED], (*AUTHORISE[:3], {**BATCH, "product": {"code": "P-9"}})),
    "G6: all is there": (READY, IMPLEMENT),
    "G7: the higher": (OPINIONS, DETERMINE),
    "G8: a material that is shared": (
        [(*LOT[:3], {"product": {"code": "P-2"}, "lot_kind": "material"})],
        OF_LOTS,
    ),
    "G10: made and tested": (MADE, RELEASE),
    "G10: tested anew": ([*MADE, FAILED, PASSED], RELEASE),
    "G10: handled by another": ([*MADE, *CLOSED, LINKED, *ANOTHER], RELEASE),
    "G10: a part of another batch": (
        [*SPLIT, *MADE],
        RELEASE,
    ),
    "G11: all is there": (RELEASED, MARKET),
    "G11: to the customers": (MARKETED, PERMIT),
    "G16: ended": ([MEASURE, ("mah", "regulatory_measure/1", "ended", {})], AUTHORISE),
}


@pytest.mark.parametrize("case", SHUT)
def test_a_gate_is_shut_until_what_it_waits_for_is_there(case: str) -> None:
    said, act, gate = SHUT[case]
    assert Told(*said).shut(*act) == {gate}


@pytest.mark.parametrize("case", OPEN)
def test_a_gate_is_open_once_what_it_waits_for_is_there(case: str) -> None:
    said, act = OPEN[case]
    assert Told(*said).shut(*act) == set()


@pytest.mark.parametrize(("cause", "gates"), [(None, {"gate.factory_release"}), ("cmo 1", set())])
def test_work_against_a_stop_shuts_the_release_until_a_deviation_has_it_as_its_cause(
    cause: str | None, gates: set[str]
) -> None:
    told = Marked(STOPPED, (*MADE[1][:3], BATCH), *LIFTED, MADE[0], *MADE[2:], *ANOTHER)
    for each in told.entries["cmo"]:
        each.head = {"id": f"cmo {each.position}", **({"cause": cause} if each.type == "deviation.opened.v1" else {})}
    assert told.shut(*RELEASE) == gates


class Marked(Told):
    """As told, and the start of the batch is marked."""

    def verdict(self, entry: Entry) -> "Told":
        return MARK if entry.type == "batch.started.v1" else self


class Mark(Told):
    violates = True


MARK = Mark()
