"""Matters that name each other: a risk its deviation, a suspension its risk."""

from domain.deviation import names as n
from tests.domain.batch import steps as batch
from tests.domain.language import STAFF, Written, cmo, mah
from tests.domain.matters import named, says, signs
from tests.domain.oos import test_oos as oos
from tests.domain.steps import refused
from tests.domain.suspension import test_suspension as suspension

GATEWAY = "system/gateway"
LINKED_ID = "0193572e-0000-7000-8000-0000000000e9"
DEMAND_ID = "0193572e-0000-7000-8000-0000000000ea"
RISK_ID = "0193572e-0000-7000-8000-0000000000eb"
TODAY = "2026-11-23"
RAISED = {"number": "R-9", "source": "QA", "title": "t", "identified_at": "2026-11-23T08:45:00+08:00"}
DEMANDED = {"number": "S-9", "source": "QA", "reason": "r", "scope": {}}
LINKED: tuple[Written, ...] = (  # each names the one before: its clocks follow
    cmo(says("risk.raised.v1", LINKED_ID, deviation=named(n.OPENED), **RAISED)),
    mah(says("risk_review.classified.v1", LINKED_ID, level="major", risk_kind="quality", rationale="r")),
    mah(says("suspension.demanded.v1", DEMAND_ID, risk=named("risk.raised.v1"), **DEMANDED)),
    cmo(says("suspension_review.started.v1", DEMAND_ID, demand=named("suspension.demanded.v1"), stopped_at=TODAY)),
    mah(refused("suspension_review.started.v1"), GATEWAY),
    mah(refused("risk.raised.v1"), GATEWAY),
)


MADE: tuple[Written, ...] = (
    mah(batch.paired),
    cmo(says("risk.raised.v1", RISK_ID, **RAISED)),
    mah(batch.PROCESS),
    mah(batch.STANDARD),
    cmo(batch.authorised()),
    cmo(batch.started()),
    cmo(batch.MANUFACTURED),
    cmo(batch.results()),
)
RELEASE = cmo(batch.released(), batch.QP)
"""It crosses what the holder writes next."""
CROSSED: dict[str, tuple[tuple[Written, ...], tuple[Written, ...], list[bool]]] = {
    "a result of the holder's laboratory": (
        (mah(oos.SUSPECTED),),
        (mah(oos.phase(), STAFF), mah(oos.INVALIDATED)),
        [False, True, False],
    ),
    "a word that a risk is major, which a suspension that names the risk lets go of": (
        (mah(says("risk_review.classified.v1", RISK_ID, level="major", risk_kind="quality", rationale="r")),),
        (
            mah(says("suspension.demanded.v1", DEMAND_ID, risk=named("risk.raised.v1"), **DEMANDED)),
            mah(signs("suspension.lift_signed.v1", DEMAND_ID)),
            cmo(signs("suspension_review.lift_signed.v1", DEMAND_ID)),
            mah(refused("suspension_review.lift_signed.v1"), GATEWAY),
        ),
        [False, True, False, True],
    ),
    "a demand, of whose lifting a signature is disputed": (
        (mah(suspension.DEMANDED),),
        (
            mah(signs("suspension.lift_signed.v1")),
            cmo(signs("suspension_review.lift_signed.v1")),
            mah(refused("suspension_review.lift_signed.v1"), GATEWAY),
        ),
        [False, True, False, True],
    ),
}
"""What the holder writes that crosses the release, what follows, and whether the batch is shown as overtaken."""
