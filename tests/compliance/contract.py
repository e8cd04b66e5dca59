"""The contract of the compliance tests: a quality agreement and a communication list, signed by both sides."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services.api.conftest import employed
from tests.services.api.quality.making import PRODUCT, ref
from tests.services.api.stepped import Pair, Person, pair_of
from tests.services.api.test_documents import AGREEMENT, SIGNATURE, in_force, list_rows
from tests.services.exchange.world import new_world

TERM = {"clause": "7.1", "text": "偏差 24 小时内通知持有人"}
QUALITY_AGREEMENT = {**AGREEMENT, "products": [PRODUCT], "terms": [TERM]}


@dataclass(frozen=True, slots=True)
class Agreed:
    """The documents in force, by their ids."""

    agreement: str
    communication_list: str


@contextmanager
def contract(folder: Path) -> Iterator[Pair]:
    """A paired manufacturer and holder with an administrator, two quality managers and a qualified person each."""
    world = new_world(folder)
    made = employed(pair_of(world))
    for desk in made.desks:
        admin = desk.as_("admin", "person/admin")
        admin.does("/v1/people/zhou.qp/authorisations", {"roles": ["qualified_person"]})
    made.settle()
    yield made
    for side in world.sides:
        side.store.close()


def agree(pair: Pair) -> Agreed:
    """Bring agreement and list in force, and the calendar that working days are counted by."""
    clerk, holder = pair.cmo.as_("qa_manager"), pair.mah.as_("qa_manager", "person/wang.wei")
    clerk.does("/v1/calendars", {"year": 2026})
    agreement = in_force(pair, clerk, holder, "/v1/agreements", QUALITY_AGREEMENT)
    listing = in_force(pair, clerk, holder, "/v1/communication-lists", {"rows": list_rows()})
    return Agreed(agreement, listing)


def signed_by_both(pair: Pair, clerk: Person, holder: Person, path: str, body: dict[str, Any]) -> str:
    """Draft a document and have both sign it; return where its steps are taken."""
    at = f"{path}/{clerk.does(path, body)['document']}"
    clerk.does(f"{at}/signatures", {"signature": SIGNATURE})
    pair.settle()
    holder.does(f"{at}/signatures", {"signature": SIGNATURE})
    pair.beat()
    return at


def product(code: str) -> dict[str, str]:
    """A product of the contract, for one test alone."""
    return {"name": f"示例产品 {code}", "code": code}


def scope_of(code: str) -> dict[str, Any]:
    return {"products": [product(code)]}


def reference(told: dict[str, Any], index: int = -1) -> dict[str, Any]:
    """The reference to an entry that a command led to."""
    return ref(told, index)
