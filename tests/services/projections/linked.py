"""Matters that name each other: a risk its deviation, a suspension its risk."""

from domain.deviation import names as n
from tests.domain.language import Written, cmo, mah
from tests.domain.matters import named, says
from tests.domain.steps import refused

GATEWAY = "system/gateway"
LINKED_ID = "0193572e-0000-7000-8000-0000000000e9"
DEMAND_ID = "0193572e-0000-7000-8000-0000000000ea"
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
