"""Batches made under the holder's documents and of their own lots, so that nothing is mixed up: (I), (X)."""

from typing import Any

from tests.compliance.citing import cites
from tests.compliance.contract import product, reference, scope_of
from tests.services.api.quality.making import PRODUCT, QUANTITY, SIGNED, VERSION, batch, factory_release, make, types
from tests.services.api.stepped import Pair, Person

LOT = {
    "number": "M-1",
    "material": "头孢曲松钠",
    "lot_kind": "key_material",
    "generic_name": "注射用头孢曲松钠",
    "signature": SIGNED,
}


@cites(
    "(I)",
    "organize manufacturing in accordance with national drug standards and the prescriptions and manufacturing "
    "processes approved by the drug regulatory authorities",
)
def test_a_batch_is_authorised_only_under_a_process_and_a_standard_that_the_holder_approved(
    pair: Pair, clerk: Person, documents: dict[str, Any]
) -> None:
    alone = clerk.post("/v1/batches", batch({"standard_version": documents["standard_version"]}, "I-1"))
    no_process = {**documents, "process_version": documents["standard_version"]}
    other = clerk.post("/v1/batches", batch(no_process, "I-1"))
    own = clerk.post("/v1/standard-versions", {**VERSION, "signature": SIGNED})

    told = clerk.does("/v1/batches", batch(documents, "I-1"))
    pair.settle()

    assert (alone.status_code, own.json()["code"]) == (422, "entry.wrong_author")
    assert (other.status_code, other.json()["code"]) == (422, "evidence.not_found")
    assert types(told) == ["batch.authorised.v1"]


@cites("(I)", "the prescriptions and manufacturing processes approved by the drug regulatory authorities")
def test_a_batch_is_not_released_if_its_process_was_not_effective_for_its_product_when_it_was_made(
    pair: Pair, clerk: Person, holder: Person, makers_qp: Person, documents: dict[str, Any]
) -> None:
    approval = {**VERSION, "signature": SIGNED, "scope": {**scope_of("P-OLD"), "sites": ["二车间"]}}
    standard = holder.does("/v1/standard-versions", approval)
    pair.settle()
    under = {**documents, "standard_version": reference(standard)}

    item = make(pair, clerk, under, number="I-2", product=product("P-OLD"))
    withdrawn = {"reason": "新版生效", "until": "2026-10-31"}
    holder.does(f"/v1/standard-versions/{standard['item']}/withdrawal", withdrawn)
    pair.settle()
    refused = makers_qp.post(f"/v1/batches/{item}/factory-release", factory_release())
    another = clerk.post("/v1/batches", batch(under, "I-2-2", product=product("P-OLD")))

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/release-blocked")
    assert (another.status_code, another.json()["code"]) == (409, "batch.document_withdrawn")
    assert clerk.get("/v1/standard-versions", product="P-OLD", on="2026-11-22").json()["data"] == []


@cites("(I)", "organize manufacturing in accordance with national drug standards")
def test_work_on_a_batch_that_nobody_authorised_is_recorded_as_a_violation(clerk: Person) -> None:
    started = batch({}, "I-3", started_at="2026-11-22T09:00:00+08:00")
    del started["signature"]

    told = clerk.does("/v1/batches/started", started)
    worked = clerk.does(
        f"/v1/batches/{told['item']}/manufacturing", {"quantity": QUANTITY, "completed_at": "2026-11-22"}
    )

    assert [each["events"][0]["violates"] for each in (told, worked)] == [True, True]


@cites(
    "(X)",
    "the management of key materials, intermediate products, and finished drug products shall be mutually independent",
)
def test_a_key_material_belongs_to_one_product_and_goes_into_no_other(clerk: Person, documents: dict[str, Any]) -> None:
    allocated = clerk.does("/v1/lots", {**LOT, "product": product("OTHER")})
    foreign = clerk.post("/v1/lots", {**LOT, "product": PRODUCT, "number": "M-2", "owner": "91000000000000003W"})

    mixed = clerk.post("/v1/batches", batch(documents, "X-1", lots=[reference(allocated)]))

    assert (foreign.status_code, foreign.json()["code"]) == (409, "segregation.breach")
    assert (mixed.status_code, mixed.json()["code"]) == (409, "segregation.breach")
    assert clerk.post("/v1/batches", batch(documents, "X-1")).status_code == 201


@cites("(X)", "to avoid confusion and ensure traceability")
def test_a_lot_that_went_into_another_product_all_the_same_is_recorded_as_a_violation(
    clerk: Person, documents: dict[str, Any]
) -> None:
    lot = clerk.does("/v1/lots", {**LOT, "number": "M-3", "product": product("OTHER")})["item"]
    opening = reference(clerk.does("/v1/batches", batch(documents, "X-2")))

    used = {"opening": opening, "used_at": "2026-11-22T10:00:00+08:00"}
    told = clerk.does(f"/v1/lots/{lot}/uses", {**used, "batch": {"number": "X-2"}})

    assert told["events"][0]["violates"] is True


@cites("(X)", "to avoid confusion and ensure traceability")
def test_a_batch_that_was_split_off_is_not_released_while_what_it_was_split_from_has_an_open_deviation(
    pair: Pair, clerk: Person, makers_qp: Person, documents: dict[str, Any]
) -> None:
    whole = clerk.does("/v1/batches", batch(documents, "X-4"))["item"]
    part = {"number": "X-4A", "quantity": QUANTITY}
    clerk.does(f"/v1/batches/{whole}/splits", {"parts": [part], "reason": "分两批包装"})
    item = make(pair, clerk, documents, number="X-4A")
    opening = {"title": "x", "detected_at": "2026-11-22", "batches": [{"number": "X-4"}]}
    deviation = clerk.does("/v1/deviations", opening)["item"]

    refused = makers_qp.post(f"/v1/batches/{item}/factory-release", factory_release())

    number = clerk.get(f"/v1/communications/{deviation}").json()["number"]
    assert (refused.status_code, refused.json()["code"]) == (409, "release.factory_blocked")
    assert number in refused.json()["detail"]


@cites("(X)", "to avoid confusion and ensure traceability")
def test_batch_numbers_that_look_alike_or_are_missing_are_flagged(clerk: Person, documents: dict[str, Any]) -> None:
    code = product("SERIES")
    for number in ("S2026-001", "S2026-003", "S2O26-003"):
        clerk.does("/v1/batches", batch(documents, number, product=code))

    series = clerk.get("/v1/batches/series").json()["data"]

    assert ["S2026-003", "S2O26-003"] in [pair for row in series for pair in row["look_alikes"]]
    assert ["S2026-002"] in [gap["missing"] for row in series for gap in row["gaps"]]
