"""One pair of gateways for all these tests, with the people and documents of a contract; and what each test did.

The tests share a world, so each works on products, batches and items of its own.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from domain.drafts import Rule
from domain.judging.context import Context, Proposed
from tests.compliance.contract import Agreed, agree, contract
from tests.compliance.matrix.ran import note
from tests.services.api.quality.making import SIGNED, VERSION, ref
from tests.services.api.stepped import Http, Pair, Person


@pytest.fixture(scope="package")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with contract(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def clerk(pair: Pair) -> Person:
    """Somebody at the manufacturer who records and signs."""
    return pair.cmo.as_("qa_manager")


@pytest.fixture
def colleague(pair: Pair) -> Person:
    """Somebody else at the manufacturer, whose work the clerk may sign."""
    return pair.cmo.as_("qa_manager", "person/wang.wei")


@pytest.fixture
def holder(pair: Pair) -> Person:
    """Somebody at the holder who reviews and signs."""
    return pair.mah.as_("qa_manager", "person/wang.wei")


@pytest.fixture
def makers_qp(pair: Pair) -> Person:
    """The qualified person of the manufacturer."""
    return pair.cmo.as_("qualified_person", "person/zhou.qp")


@pytest.fixture
def holders_qp(pair: Pair) -> Person:
    """The qualified person of the holder."""
    return pair.mah.as_("qualified_person", "person/zhou.qp")


@pytest.fixture(scope="package")
def documents(pair: Pair) -> dict[str, Any]:
    """Process and standard of the product, approved by the holder."""
    holder = pair.mah.as_("qa_manager", "person/wang.wei")
    prescription = {"number": "RX-1", "version": "2", "document": "e" * 64}
    of_process = {**VERSION, "state": "commercial", "prescription": prescription, "signature": SIGNED}
    process = holder.does("/v1/process-versions", of_process)
    standard = holder.does("/v1/standard-versions", {**VERSION, "signature": SIGNED})
    pair.settle()
    return {"process_version": ref(process), "standard_version": ref(standard)}


@pytest.fixture(scope="package")
def agreed(pair: Pair) -> Agreed:
    """A quality agreement and a communication list in force."""
    return agree(pair)


@pytest.fixture(autouse=True)
def deeds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Note the event types whose rules this test made run, on either side, and the calls that it made."""
    found = set[str]()
    for rules in _tables():
        for name, rule in list(rules.items()):
            monkeypatch.setitem(rules, name, _noting(rule, name, found.add))
    monkeypatch.setattr(Http, "request", _noting_calls(Http.request, found.add))
    yield
    note(f"{request.module.__name__.rpartition('.')[2]}::{request.function.__name__}", found)


def _tables() -> list[dict[str, Rule]]:
    """Return the tables of rules of all rooms of the domain: of the commands, and of those who judge."""
    rooms = [module for name, module in sys.modules.items() if name.startswith("domain.")]
    tables = [value for room in rooms for name, value in vars(room).items() if name.endswith("RULES")]
    return list({id(table): table for table in tables}.values())


def _noting(rule: Rule, name: str, note: Callable[[str], None]) -> Rule:
    def noting(proposed: Proposed, context: Context) -> None:
        note(name)
        rule(proposed, context)

    return noting


def _noting_calls(request: Callable[..., Any], note: Callable[[str], None]) -> Callable[..., Any]:
    def noting(http: Http, method: str, path: str, **asked: Any) -> Any:
        note(f"{method} {path}")
        return request(http, method, path, **asked)

    return noting
