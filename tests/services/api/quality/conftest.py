"""The qualified persons of both sides, and the documents of the product, for every test of the quality core."""

from typing import Any

import pytest

from tests.services.api.quality.making import SIGNED, VERSION, ref
from tests.services.api.stepped import Pair, Person


@pytest.fixture
def qualified(pair: Pair) -> tuple[Person, Person]:
    """The qualified person of the manufacturer, and that of the holder."""
    for desk in (pair.cmo, pair.mah):
        admin = desk.as_("admin", "person/admin")
        admin.does("/v1/people/zhou.qp/authorisations", {"roles": ["qualified_person"]})
    pair.settle()
    made = [desk.as_("qualified_person", "person/zhou.qp") for desk in (pair.cmo, pair.mah)]
    return made[0], made[1]


@pytest.fixture
def documents(pair: Pair, holder: Person) -> dict[str, Any]:
    """Process and standard of the product, approved by the holder."""
    prescription = {"number": "RX-1", "version": "2", "document": "e" * 64}
    of_process = {**VERSION, "state": "commercial", "prescription": prescription, "signature": SIGNED}
    process = holder.does("/v1/process-versions", of_process)
    standard = holder.does("/v1/standard-versions", {**VERSION, "signature": SIGNED})
    pair.settle()
    return {"process_version": ref(process), "standard_version": ref(standard)}
