"""What people do about batches in the tests of the interface: bodies, and the steps up to a release."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

from events.encoding.identifiers import Role
from tests.services.api.stepped import Pair, Person
from tests.services.exchange.world import NUMBER

SIGNED = {"meaning": "approved", "reason": "核对无误"}
RELEASED = {"meaning": "released", "reason": "符合放行条件"}
REVIEWED = {"meaning": "reviewed", "reason": "审核完毕"}
PRODUCT = {"name": "注射用头孢曲松钠 1.0 g", "code": "CRO-1G"}
SCOPE = {"products": [PRODUCT], "sites": ["二车间"]}
QUANTITY = {"amount": "10000", "unit": "支"}
FILES = {sha256(content).hexdigest(): content for content in (b"one", b"two", b"six")}
RECORD, TESTS, INVESTIGATION = FILES
ITEMS = ("test_results", "key_production_records", "deviation_control")
VERSION = {
    "title": "头孢曲松钠",
    "version": "3.0",
    "document": "d" * 64,
    "effective_from": "2026-01-01",
    "scope": SCOPE,
}
RESULT = {"test": "含量", "result": "99.50", "unit": "%", "limits": "95.0–105.0", "verdict": "conforms"}
DEVIATION = {"title": "压片机转速超出范围", "detected_at": "2026-11-22T08:10:00+08:00"}


def ref(told: dict[str, Any], index: int = -1) -> dict[str, Any]:
    """The reference to an entry that a command led to."""
    event = told["events"][index]
    return {name: event[name] for name in ("journal", "position", "leaf")}


def batch(documents: dict[str, Any], number: str = "B2026-001", **changes: Any) -> dict[str, Any]:
    made = {"number": number, "product": PRODUCT, "purpose": "commercial", "line": "L-02", "site": "二车间"}
    return {**made, **documents, "signature": SIGNED, **changes}


def package(**changes: Any) -> dict[str, Any]:
    files = {RECORD: "batch_production_record", TESTS: "batch_test_record"}
    return {
        "manifest": [{"kind": kind, "sha256": sha256} for sha256, kind in files.items()],
        "attachments": [{"sha256": sha256, "name": f"{kind}.pdf", "size": 3} for sha256, kind in files.items()],
        "no_deviations": RELEASED,
        **changes,
    }


def make(pair: Pair, clerk: Person, documents: dict[str, Any], **changes: Any) -> str:
    """A batch is authorised, made and tested."""
    item = str(clerk.does("/v1/batches", batch(documents, **changes))["item"])
    clerk.does(f"/v1/batches/{item}/start", {"started_at": "2026-11-22T09:00:00+08:00"})
    finish(pair, clerk, item)
    return item


def finish(pair: Pair, clerk: Person, item: str) -> None:
    """The manufacturing of a batch ended, and it was tested."""
    clerk.does(f"/v1/batches/{item}/manufacturing", {"quantity": QUANTITY, "completed_at": "2026-11-22"})
    clerk.does(f"/v1/batches/{item}/tests", {"results": [RESULT], "tested_at": "2026-11-22"})
    pair.settle()


def factory_release(signature: dict[str, str] = RELEASED, **changes: Any) -> dict[str, Any]:
    return {"signature": signature, "package": package(**changes)}


def sends(person: Person) -> None:
    """The files of the package are brought to a gateway."""
    for name, content in FILES.items():
        headers = {**person.headers, "Idempotency-Key": str(uuid4())}
        answer = person.desk.http.request("PUT", f"/v1/blobs/{name}", content=content, headers=headers)
        assert answer.status_code in (200, 201), answer.text


def types(told: dict[str, Any]) -> list[str]:
    return [event["type"] for event in told["events"]]


def code_at(store: Any, role: Role, position: int) -> str | None:
    """The verdict that a store keeps of an entry."""
    with store.reading() as reading:
        return str(reading.entries_at(NUMBER, role, [position])[0].code)


def journal(store: Any, role: Role) -> list[Any]:
    """The entries of a journal in a store."""
    with store.reading() as reading:
        return list(reading.entries(NUMBER, role, 0, 1000))
