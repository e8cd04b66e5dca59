"""The checks K1 to K10, one room each."""

from collections.abc import Callable

from tests.checker.checks import (
    commands,
    conservation,
    effects,
    evidence,
    invention,
    order,
    read_models,
    stores_equal,
)
from tests.checker.gathered import Run
from tests.checker.verdict import Verdict

ALL: dict[str, Callable[[Run, Verdict], None]] = {
    "K1": stores_equal.check,
    "K2": commands.check,
    "K4": invention.check,
    "K5": order.check,
    "K6": effects.check,
    "K7": read_models.check,
    "K8": conservation.check,
    "K10": evidence.check,
}
"""Each room under the check that it is first of all about; K3 is looked at with K2."""
