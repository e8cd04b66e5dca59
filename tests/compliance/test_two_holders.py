"""One manufacturer, two holders, one generic name: nothing is mixed up, and neither learns of the other: (X)."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from events.encoding.identifiers import Role
from tests.attack.two_partners import desk_of, paired, running
from tests.compliance.citing import cites
from tests.compliance.contract import product
from tests.services.api.quality.making import SIGNED
from tests.services.api.stepped import Person

GENERIC = "注射用头孢曲松钠"


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Person, list[str]]]:
    """Somebody of the manufacturer, and its relationship with each of two holders."""
    folder = tmp_path_factory.mktemp("holders")
    with ExitStack() as ending:
        sides = ((Role.CMO, 0), (Role.MAH, 1), (Role.MAH, 2))
        cmo, *holders = (desk_of(ending.enter_context(running(folder, *side))) for side in sides)
        names = [paired(cmo, holder) for holder in holders]
        admin = cmo.as_("admin", "person/admin")
        for name in names:
            for person, role in (("admin", "admin"), ("li.na", "qa_manager")):
                asked = {"relationship": name, "roles": [role]}
                admin.does(f"/v1/people/{person}/authorisations", asked)
        yield cmo.as_("qa_manager"), names


@cites(
    "(X)",
    "Where the same contract manufacturer accepts contract manufacturing of drugs with the same generic name from "
    "multiple MAHs ... the management of key materials, intermediate products, and finished drug products shall be "
    "mutually independent to avoid confusion",
)
@pytest.mark.parametrize("lot_kind", ["key_material", "intermediate", "finished_product"])
def test_a_lot_of_one_holders_product_goes_into_no_product_of_another_with_the_same_generic_name(
    clerk: tuple[Person, list[str]], lot_kind: str
) -> None:
    person, (first, second) = clerk
    lot = {
        "number": lot_kind,
        "material": "头孢曲松钠",
        "generic_name": GENERIC,
        "lot_kind": lot_kind,
        "signature": SIGNED,
    }
    person.does("/v1/lots", {**lot, "relationship": first, "product": product("P-1")})

    refused = person.post("/v1/lots", {**lot, "relationship": second, "product": product("P-2")})

    assert (refused.status_code, refused.json()["code"]) == (409, "segregation.breach")
    assert first.partition("/")[0] not in refused.text
