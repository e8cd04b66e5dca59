"""One manufacturer, two holders, one generic name: nothing is mixed up, and neither learns of the other: (X)."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from events.encoding.identifiers import Role
from tests.attack.serving import wait_until
from tests.attack.two_partners import desk_of, paired, running
from tests.compliance.citing import cites
from tests.compliance.contract import product
from tests.services.api.quality.making import SIGNED, batch, ref
from tests.services.api.stepped import Person

GENERIC = "注射用头孢曲松钠"


@dataclass(frozen=True)
class TwoHolders:
    """Somebody of the manufacturer, its relationship with each of two holders, and somebody of each of them."""

    clerk: Person
    names: list[str]
    holders: list[Person]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoHolders]:
    """Three gateways, paired."""
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
        yield TwoHolders(cmo.as_("qa_manager"), names, [holder.as_("qa_manager") for holder in holders])


@cites(
    "(X)",
    "Where the same contract manufacturer accepts contract manufacturing of drugs with the same generic name from "
    "multiple MAHs ... the management of key materials, intermediate products, and finished drug products shall be "
    "mutually independent to avoid confusion",
)
@pytest.mark.parametrize("lot_kind", ["key_material", "intermediate", "finished_product"])
def test_a_lot_of_one_holders_product_goes_into_no_product_of_another_with_the_same_generic_name(
    two: TwoHolders, lot_kind: str
) -> None:
    person, (first, second) = two.clerk, two.names
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


@cites("(X)", "to avoid confusion and ensure traceability")
@cites("(XIII)", "shall not conceal the real situation or provide false materials")
def test_that_one_holders_lot_went_into_a_batch_of_another_is_recorded_for_that_holder_and_marked_on_both_sides(
    two: TwoHolders,
) -> None:
    person, (first, second), holder = two.clerk, two.names, two.holders[1]
    lot = {"number": "M-MIXED", "material": "头孢曲松钠"}
    allocation = {**lot, "generic_name": GENERIC, "lot_kind": "key_material", "signature": SIGNED}
    person.does("/v1/lots", {**allocation, "relationship": first, "product": product("P-1")})
    started = {**batch({}, "MIXED-1", product=product("P-2")), "started_at": "2026-11-22T09:00:00+08:00"}
    del started["signature"]
    made = person.does("/v1/batches/started", {**started, "relationship": second})
    happened = {"opening": ref(made, 0), "batch": {"number": "MIXED-1"}, "used_at": "2026-11-22T10:00:00+08:00"}

    unnamed = person.post("/v1/lots/used", {**happened, "relationship": second})
    told = person.does("/v1/lots/used", {**happened, **lot, "relationship": second})
    found = {"description": "发现混用", "found_at": "2026-11-22", "batches": [{"number": "MIXED-1"}]}
    breach = person.does("/v1/lots/breached", {**found, **lot, "relationship": second})

    assert unnamed.status_code == 422
    assert [(event["type"], event["violates"]) for event in told["events"]] == [
        ("lot.used.v1", True),
        ("deviation.opened.v1", False),
    ]
    assert breach["item"] == told["item"]
    at = f"/v1/communications/{told['item']}"
    wait_until(lambda: holder.get(at).status_code == 200 and holder.get(at).json()["state"] == "breached")
    asked = {"relationship": second, "category": "lots"}
    rows = [row for each in (person, holder) for row in each.get("/v1/communications", **asked).json()["data"]]
    assert [(row["violates"], row["number"], row["batches"]) for row in rows] == [
        (True, "M-MIXED", [{"number": "MIXED-1"}])
    ] * 2
    opened = holder.get(f"/v1/events/{told['events'][1]['id']}").text
    assert "gate.segregation" in opened
    assert first.partition("/")[0] not in opened
