"""Every act whose rule has a gate waits for fresh news of the partner (policy `partner.max_silence`)."""

from collections.abc import Iterator
from importlib import import_module

import pytest

from domain.drafts import Rule
from domain.errors import DomainError
from domain.rules import RULES
from events.catalogue.registry import Kind, event_type
from services.gateway.exchange.writing.admission import GUARDED_ACTS
from tests.compliance.matrix.events import reached_by

ANY_STEP_OF_A_DEVIATION = "deviation_review.closure_approved.v1"
"""Its rule goes through the table of all steps, where the gate of the closing stands; it has none itself."""


@pytest.mark.parametrize("name", sorted(name for name in RULES if name != ANY_STEP_OF_A_DEVIATION))
def test_an_act_with_a_gate_rests_on_fresh_news(name: str) -> None:
    type_ = event_type(name)
    assert type_ is not None
    assert not any(gates_of(RULES[name])) or type_.kind is Kind.FACT or name in GUARDED_ACTS


def test_no_fact_waits_for_the_partner() -> None:
    assert {each.kind for each in map(event_type, GUARDED_ACTS) if each is not None} == {Kind.ACT}


def test_the_rules_of_gates_are_found_at_all() -> None:
    assert set(gates_of(RULES["batch.authorised.v1"])) >= {"gate.suspension", "gate.segregation"}


def gates_of(rule: Rule) -> Iterator[str]:
    """Return the gates of the errors that a rule comes to use."""
    for module, name in (each.rpartition(".")[::2] for each in reached_by(rule)):
        error = getattr(import_module(module), name, None) if module.endswith(".errors") else None
        if isinstance(error, type) and issubclass(error, DomainError) and error.refusal.startswith("gate."):
            yield error.refusal
