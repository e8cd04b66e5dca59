"""Each gate refuses a step that comes too early: on the author's side, and on the other where the author's lies.

The liar's own gateway lets its act through and signs it; the other side stores it, refuses it under the gate's code,
says so in its own journal, and nothing comes of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from domain.agreement.rules import RULES as AGREEMENT_RULES
from domain.judging.context import Context, Proposed
from domain.rules import RULES
from events.catalogue.registry import ANNOUNCED, RULE_SET
from events.encoding.identifiers import Role
from services.gateway.commands import releases
from services.gateway.commands.asking import permitted
from services.gateway.exchange.receiving import reacting
from services.gateway.exchange.writing.round import Round
from tests.services.api.quality.making import (
    INVESTIGATION,
    ITEMS,
    PRODUCT,
    RELEASED,
    RESULT,
    REVIEWED,
    SIGNED,
    batch,
    code_at,
    factory_release,
    finish,
    journal,
    make,
    package,
    ref,
    sends,
)
from tests.services.api.stepped import Pair, Person
from tests.services.api.test_documents import AGREEMENT

SCOPE = {"products": [PRODUCT]}
ORDERED = {
    "authority": "某省药品监督管理局",
    "measure": "suspend_manufacturing",
    "decision_number": "2026-18",
    "document": "a" * 64,
    "received_at": "2026-11-22",
    "scope": SCOPE,
}


@dataclass(frozen=True)
class Stage:
    """The pair, its people and the documents of the product."""

    pair: Pair
    clerk: Person
    holder: Person
    makers_qp: Person
    holders_qp: Person
    documents: dict[str, Any]


@dataclass(frozen=True)
class TooEarly:
    """A step that comes too early: who asks for it, where, with what, the event and the gate that refuses it."""

    by: Person
    path: str
    body: dict[str, Any]
    event: str
    gate: str


@pytest.fixture
def stage(
    pair: Pair, clerk: Person, holder: Person, qualified: tuple[Person, Person], documents: dict[str, Any]
) -> Stage:
    return Stage(pair, clerk, holder, *qualified, documents)


def agreement_without_rights(on: Stage) -> TooEarly:
    path = "/v1/agreements"
    document = on.clerk.does(path, {**AGREEMENT, "inspect_right": False})["document"]
    on.clerk.does(f"{path}/{document}/signatures", {"signature": SIGNED})
    on.pair.settle()
    on.holder.does(f"{path}/{document}/signatures", {"signature": SIGNED})
    on.pair.settle()
    body = {"effective_from": "2026-11-01", "signature": SIGNED}
    return TooEarly(on.clerk, f"{path}/{document}/activation", body, "agreement.activated.v1", "gate.agreement")


def start_while_suspended(on: Stage) -> TooEarly:
    on.holder.does("/v1/suspensions/demands", {"reason": "重大质量风险", "scope": SCOPE})
    on.pair.settle()
    return TooEarly(on.clerk, "/v1/batches", batch(on.documents), "batch.authorised.v1", "gate.suspension")


def start_against_a_regulator(on: Stage) -> TooEarly:
    on.holder.does("/v1/regulatory-measures", ORDERED)
    on.pair.settle()
    return TooEarly(on.clerk, "/v1/batches", batch(on.documents), "batch.authorised.v1", "gate.regulatory_measure")


def start_with_a_foreign_lot(on: Stage) -> TooEarly:
    lot = {
        "number": "M-1",
        "material": "头孢曲松钠",
        "lot_kind": "key_material",
        "generic_name": "注射用头孢曲松钠",
        "product": {"name": "别的产品", "code": "OTHER"},
        "signature": SIGNED,
    }
    body = batch(on.documents, lots=[ref(on.clerk.does("/v1/lots", lot))])
    return TooEarly(on.clerk, "/v1/batches", body, "batch.authorised.v1", "gate.segregation")


def implementation_without_a_step(on: Stage) -> TooEarly:
    proposal, opinions = with_opinions(on, "filing", "filing")
    item = proposal["item"]
    determination = {"category": "filing", "opinions": opinions, "basis": "一致", "signature": SIGNED}
    category = on.clerk.does(f"/v1/changes/{item}/classification", determination)
    on.pair.settle()
    approval = on.holder.does(f"/v1/changes/{item}/approval", {"proposal": ref(proposal), "signature": SIGNED})
    on.pair.settle()
    body = {"approval": ref(approval), "category": ref(category), "effective_from": "2026-12-01", "signature": SIGNED}
    path = f"/v1/changes/{item}/implementation"
    return TooEarly(on.clerk, path, body, "change.implemented.v1", "gate.change_implementation")


def lower_category_without_consensus(on: Stage) -> TooEarly:
    proposal, opinions = with_opinions(on, "reporting", "approval")
    body = {"category": "reporting", "opinions": opinions, "basis": "意见不一致", "signature": SIGNED}
    path = f"/v1/changes/{proposal['item']}/classification"
    return TooEarly(on.clerk, path, body, "change.category_determined.v1", "gate.change_category")


def release_with_an_open_deviation(on: Stage) -> TooEarly:
    item = make(on.pair, on.clerk, on.documents)
    opening = {"title": "t", "detected_at": "2026-11-22", "batches": [{"number": "B2026-001"}]}
    deviation = on.clerk.does("/v1/deviations", opening)
    whole = package()
    record = {"kind": "deviation_investigation", "sha256": INVESTIGATION, "about": ref(deviation)}
    file = {"sha256": INVESTIGATION, "name": "调查.pdf", "size": 3}
    told: dict[str, Any] = {"manifest": [*whole["manifest"], record], "attachments": [*whole["attachments"], file]}
    path, body = f"/v1/batches/{item}/factory-release", factory_release(**told, no_deviations=None)
    return TooEarly(on.makers_qp, path, body, "batch.factory_released.v1", "gate.factory_release")


def marketing_with_an_open_deviation(on: Stage) -> TooEarly:
    item = make(on.pair, on.clerk, on.documents)
    on.makers_qp.does(f"/v1/batches/{item}/factory-release", factory_release())
    on.pair.settle()
    for each in ITEMS:
        on.holder.does(f"/v1/batches/{item}/reviews", {"item": each, "verdict": "satisfactory", "signature": REVIEWED})
    opening = {"title": "t", "detected_at": "2026-11-22", "batches": [{"number": "B2026-001"}]}
    on.holder.does("/v1/deviations", opening)
    on.pair.settle()
    sends(on.holder)
    path, body = f"/v1/batches/{item}/marketing-release", {"signature": RELEASED}
    return TooEarly(on.holders_qp, path, body, "batch_review.marketing_released.v1", "gate.marketing_release")


def dispatch_of_reworked_goods(on: Stage) -> TooEarly:
    item = make(on.pair, on.clerk, on.documents)
    on.makers_qp.does(f"/v1/batches/{item}/factory-release", factory_release())
    on.pair.settle()
    for each in ITEMS:
        on.holder.does(f"/v1/batches/{item}/reviews", {"item": each, "verdict": "satisfactory", "signature": REVIEWED})
    sends(on.holder)
    on.holders_qp.does(f"/v1/batches/{item}/marketing-release", {"signature": RELEASED})
    on.pair.settle()
    on.clerk.does(f"/v1/batches/{item}/reworks", {"procedure": "SOP-77", "reason": "外观"})
    on.pair.settle()
    path, body = f"/v1/batches/{item}/dispatch-permission", {"signature": SIGNED}
    return TooEarly(on.holder, path, body, "batch_review.dispatch_permitted.v1", "gate.marketing_release")


def release_of_what_was_started_against_a_stop(on: Stage) -> TooEarly:
    """The maker's gateway told the start, and left out the deviation that follows it."""
    item = str(on.clerk.does("/v1/batches", batch(on.documents))["item"])
    on.pair.settle()
    stop = on.holder.does("/v1/suspensions/demands", {"reason": "重大质量风险", "scope": SCOPE})["item"]
    on.pair.settle()
    with pytest.MonkeyPatch.context() as liar:
        liar.setattr(Round, "_deviations", lambda _round, _desk: lambda _event: [])
        on.clerk.does(f"/v1/batches/{item}/start", {"started_at": "2026-11-22T09:00:00+08:00"})
    for party in (on.holder, on.clerk):
        on.pair.settle()
        party.does(f"/v1/suspensions/{stop}/lifting", {"signature": SIGNED})
    finish(on.pair, on.clerk, item)
    path = f"/v1/batches/{item}/factory-release"
    return TooEarly(on.makers_qp, path, factory_release(), "batch.factory_released.v1", "gate.factory_release")


def release_of_a_part_of_a_rejected_batch(on: Stage) -> TooEarly:
    whole = on.clerk.does("/v1/batches", batch(on.documents, number="B2026-000"))
    on.pair.settle()
    on.holder.does(f"/v1/batches/{whole['item']}/rejection", {"reason": "不合格"})
    on.pair.settle()
    path = f"/v1/batches/{make(on.pair, on.clerk, on.documents, parents=[ref(whole)])}/factory-release"
    return TooEarly(on.makers_qp, path, factory_release(), "batch.factory_released.v1", "gate.factory_release")


def marketing_of_reworked_goods_on_the_old_package(on: Stage) -> TooEarly:
    """The maker's gateway released the reworked goods anew, and left out the package that comes with it."""
    item = make(on.pair, on.clerk, on.documents)
    on.makers_qp.does(f"/v1/batches/{item}/factory-release", factory_release())
    on.pair.settle()
    for each in ITEMS:
        on.holder.does(f"/v1/batches/{item}/reviews", {"item": each, "verdict": "satisfactory", "signature": REVIEWED})
    sends(on.holder)
    on.clerk.does(f"/v1/batches/{item}/reworks", {"procedure": "SOP-77", "reason": "外观"})
    on.clerk.does(f"/v1/batches/{item}/tests", {"results": [RESULT], "tested_at": "2026-11-22"})
    with pytest.MonkeyPatch.context() as liar:
        liar.setattr(releases, "permitted", lambda drafts, asked, now: permitted(drafts[:1], asked, now))
        on.makers_qp.does(f"/v1/batches/{item}/factory-release", factory_release())
    on.pair.settle()
    path, body = f"/v1/batches/{item}/marketing-release", {"signature": RELEASED}
    return TooEarly(on.holders_qp, path, body, "batch_review.marketing_released.v1", "gate.marketing_release")


def with_opinions(on: Stage, own: str, partners: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A change with an opinion of each party on its category."""
    proposal = on.clerk.does("/v1/changes", {"title": "t", "description": "d", "scope": SCOPE})
    path, opinion = f"/v1/changes/{proposal['item']}/category-opinion", {"major": False, "rationale": "r"}
    ours = on.clerk.does(path, {**opinion, "category": own})
    on.pair.settle()
    theirs = on.holder.does(path, {**opinion, "category": partners})
    on.pair.settle()
    return proposal, [ref(ours), ref(theirs)]


@pytest.mark.parametrize(
    "too_early",
    [
        agreement_without_rights,
        start_while_suspended,
        start_against_a_regulator,
        start_with_a_foreign_lot,
        implementation_without_a_step,
        lower_category_without_consensus,
        release_with_an_open_deviation,
        marketing_with_an_open_deviation,
        dispatch_of_reworked_goods,
        release_of_what_was_started_against_a_stop,
        release_of_a_part_of_a_rejected_batch,
        marketing_of_reworked_goods_on_the_old_package,
    ],
)
def test_a_gate_refuses_on_the_authors_side_and_a_gateway_that_lies_is_refused_on_the_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, too_early: Callable[[Stage], TooEarly]
) -> None:
    step = too_early(stage)
    honest = step.by.post(step.path, step.body)
    with monkeypatch.context() as liar:
        for rules in (RULES, AGREEMENT_RULES):
            if step.event in rules:
                liar.setitem(rules, step.event, no_rule)
        lie = step.by.does(step.path, step.body)
    stage.pair.settle()

    assert (honest.status_code, honest.json()["type"].startswith("/problems/")) == (409, True)
    trace = step.by.get("/v1/refusals").json()["data"][-1]
    assert (trace["event"], trace["refusal"], trace["code"]) == (step.event, step.gate, honest.json()["code"])
    assert trace["detail"] == honest.json()["detail"]
    author = Role(lie["events"][0]["journal"])
    reader = stage.pair.cmo if author is Role.MAH else stage.pair.mah
    assert lie["events"][0]["type"] == step.event
    assert code_at(reader.gateway.store, author, lie["events"][0]["position"]) == step.gate
    told = [entry for entry in journal(reader.gateway.store, author.other) if entry.type == "entry.refused.v1"]
    assert step.gate.encode() in (told[-1].body or b"")


@pytest.mark.parametrize("rule_set", [1, RULE_SET])
def test_a_manufacturer_that_announces_less_does_not_disarm_the_holder(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, rule_set: int
) -> None:
    item = make(stage.pair, stage.clerk, stage.documents)
    stopping = ("batch_review.held.v1", "batch_review.rejected.v1", "suspension.demanded.v1")
    with monkeypatch.context() as liar:
        liar.setattr(reacting, "ANNOUNCED", tuple(each for each in ANNOUNCED if each not in stopping))
        liar.setattr(reacting, "RULE_SET", rule_set)
        stage.pair.world.cmo.heartbeat()
    stage.pair.settle()

    stops = {f"/v1/batches/{item}/hold": {"reason": "r"}, "/v1/suspensions/demands": {"reason": "r", "scope": SCOPE}}
    done = [stage.holder.does(path, body)["events"][0] for path, body in stops.items()]
    stage.pair.settle()

    assert [code_at(stage.pair.cmo.gateway.store, Role.MAH, each["position"]) for each in done] == ["None", "None"]


def no_rule(_proposed: Proposed, _context: Context) -> None:
    """What a gateway asks of an act that is patched to lie."""
