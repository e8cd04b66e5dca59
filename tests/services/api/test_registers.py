"""The registers of a relationship through the interface: versions of processes and standards."""

from typing import Any

import pytest

from tests.services.api.stepped import Pair, Person

SIGNATURE = {"meaning": "approved", "reason": "核对无误"}
SCOPE = {"products": [{"name": "注射用头孢曲松钠", "code": "CRO-1G"}]}
VERSION = {
    "title": "注射用头孢曲松钠",
    "version": "3.0",
    "document": "a" * 64,
    "effective_from": "2026-12-01",
    "scope": {**SCOPE, "sites": ["二车间"]},
    "signature": SIGNATURE,
}
PRESCRIPTION = {"number": "RX-1", "version": "2.1", "document": "c" * 64}


MORE: dict[str, dict[str, Any]] = {
    "process-versions": {"state": "commercial", "prescription": PRESCRIPTION},
    "standard-versions": {"pharmacopoeia": "中国药典 2025 年版"},
}


@pytest.mark.parametrize(
    ("plural", "number"), [("process-versions", "PRV-2026-0001"), ("standard-versions", "STV-2026-0001")]
)
def test_the_holder_approves_a_version_and_withdraws_it(
    pair: Pair, clerk: Person, holder: Person, plural: str, number: str
) -> None:
    stated = {**VERSION, **MORE[plural]}
    item = holder.does(f"/v1/{plural}", stated)["item"]
    pair.settle()
    approved = clerk.get(f"/v1/communications/{item}").json()
    early = clerk.post(f"/v1/{plural}", stated)
    holder.does(f"/v1/{plural}/{item}/withdrawal", {"reason": "新版生效", "until": "2027-01-31"})
    pair.settle()
    withdrawn = clerk.get(f"/v1/communications/{item}").json()

    assert (approved["number"], approved["category"], approved["state"]) == (
        number,
        plural.replace("-", "_"),
        "approved",
    )
    assert (approved["product"]["code"], approved["site"]) == ("CRO-1G", "二车间")
    assert (early.status_code, early.json()["code"]) == (403, "entry.wrong_author")
    assert (withdrawn["state"], withdrawn["closed"]["by"]) == ("withdrawn", "person/wang.wei")
