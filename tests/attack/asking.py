"""Every call of the interface, made from its own description, about the things of one relationship."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import httpx

from services.cmo_gateway.profile import PROFILE
from services.gateway.api.addresses import ADDRESSES
from services.gateway.api.app import create_app
from services.gateway.api.matters import request_model, type_of
from tests.attack.two_partners import SIGNATURE, Ids
from tests.events.catalogue.sampling import sample
from tests.services.api.stepped import Person
from tests.services.api.test_documents import AGREEMENT, list_rows

ENDLESS = "/v1/stream"
_MARKED = {"title": "x", "detected_at": "2026-11-22"}
_REASONED = {"signature": SIGNATURE}
_PACKAGE = {"manifest": [{"kind": "batch_test_record", "sha256": "a" * 64}]}

BODIES: dict[str, Any] = {
    "AcknowledgementAsked": {},
    "ActivationAsked": {"effective_from": "2026-11-01", **_REASONED},
    "AgreementAsked": AGREEMENT,
    "AnswerAsked": {"text": "x"},
    "ApprovalAsked": _REASONED,
    "BatchAsked": {"number": "B1"},
    "CalendarAsked": {"year": 2026},
    "ClassificationAsked": {"class": "minor", "rationale": "x"},
    "ClosureAsked": _REASONED,
    "ConfirmationAsked": {"fingerprint": "0000"},
    "RenewalAsked": {"codes": True, "confirmation": {"password": "x"}},
    "SigningSecretAsked": {"codes": True},
    "CorrectionAsked": {"changes": [{"field": "title", "after": "y"}], "reason": "x"},
    "DeviationAsked": _MARKED,
    "DocumentSignatureAsked": _REASONED,
    "ImportAsked": {
        "source": "eqms",
        "file": {"name": "f.csv", "sha256": "0" * 64},
        "rows": [{"row": 1, "fields": _MARKED}],
    },
    "FactoryReleaseAsked": {**_REASONED, "package": _PACKAGE},
    "InvestigationAsked": {"cause": "x", "impact": "x", "conclusion": "x"},
    "LaterPackageAsked": {**_PACKAGE, "reason": "x"},
    "ListAsked": {"rows": list_rows()},
    "NameAsked": {"name": "x"},
    "QuestionAsked": {"text": "x"},
    "RejectionAsked": {"reason": "x"},
    "RequestModel": {},
    "RolesAsked": {"roles": ["auditor"]},
    "TokenAsked": {"actor": "system/x", "role": "integrator"},
}
"""A body for each model that does not name its relationship otherwise; a new model needs its line here."""


def _bodies_of_matters() -> Iterator[tuple[str, Any]]:
    """A good body for each model of the quality core, from the sample of its event."""
    for address in ADDRESSES:
        openings = [(name, None, True) for name in address.openings.values()]
        steps = [(*names, False) for names in address.steps.values()]
        for own, review, is_opening in (*openings, *steps):
            type_ = type_of(address.kind, own) if own else type_of(address.kind, str(review), review=True)
            model = request_model(type_, opens=is_opening, numbered=bool(address.prefix))
            known = {field.validation_alias or name for name, field in model.model_fields.items()}
            values = {name: value for name, value in sample(type_.name).items() if name in known}
            yield model.__name__, values | (_REASONED if "signature" in model.model_fields else {})


BODIES |= dict(_bodies_of_matters())

QUERIES = {"/v1/timeline": {"batch": "B1"}}
"""What a call must be asked with."""

PUBLIC = {"name": "roles", "type_name": "head.v1", "slug": "internal"}
PLACES = {"role": "cmo", "first": "0", "number": "1", "person": "everybody"}


@dataclass(frozen=True)
class Call:
    """One call of the description."""

    method: str
    path: str
    parameters: tuple[str, ...]  # of path and query
    model: str
    has_relationship: bool  # in its body

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def names_one(self) -> bool:
        """Tell whether it says which relationship it is about, by an id or by name; the rest is about all."""
        named = {"item", "document", "event_id", "mah", "token_id", "sha256", "relationship"} & {*self.parameters}
        return bool(named) or self.has_relationship or self.model.startswith("Invitation")

    @property
    def is_bulk(self) -> bool:
        return self.model in ("AcknowledgementsAsked", "CorrectionsAsked")

    def ask(self, person: Person, ids: Ids) -> httpx.Response:
        """Make the call about the things of a relationship; a command is dry where that is possible."""
        headers = {**person.headers, "Idempotency-Key": f"k-{self.name}-{ids.item}".replace(" ", "-")}
        query = {"relationship": ids.relationship} if "relationship" in self.parameters else {}
        query |= QUERIES.get(self.path, {})
        if "dry_run" in self.parameters:
            query["dry_run"] = "true"
        body = {"json": self.body(ids)} if self.model else {}
        return person.desk.http.request(self.method, self.path_for(ids), headers=headers, params=query or None, **body)

    def path_for(self, ids: Ids) -> str:
        """Return the path with the ids of a relationship."""
        return self.path.format(**self._places(ids))

    def body(self, ids: Ids) -> Any:
        if self.model == "InvitationAsked":
            return {"partner_uscc": ids.mah}
        if self.model == "InvitationGiven":
            words = ("format", "party", "role", "name", "label_key", "wire", "topic")
            return {**dict.fromkeys(words, "x"), "relationship": ids.relationship, "keys": []}
        if self.is_bulk:
            change = BODIES["CorrectionAsked"] if self.model == "CorrectionsAsked" else {}
            return {"relationship": ids.relationship, "items": [{"item": ids.item, **change}]}
        own = {"relationship": ids.relationship} if self.has_relationship else {}
        return {**BODIES[self.model], **own}

    def _places(self, ids: Ids) -> dict[str, str]:
        document = ids.agreement if "agreements" in self.path else ids.listing
        item = ids.matters.get(self.path.removeprefix("/v1/").partition("/")[0], ids.item)
        known = {"item": item, "document": document, "event_id": ids.event, "token_id": ids.token, "sha256": ids.file}
        return {**PUBLIC, **PLACES, **known, "mah": ids.mah, "cmo": ids.cmo}


def calls() -> Iterator[Call]:
    """Every call that ends, in the order of the description."""
    document = create_app(SimpleNamespace(profile=PROFILE)).openapi()
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path == ENDLESS:
                continue
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            model = body.get("schema", {}).get("$ref", "").rpartition("/")[2]
            names = tuple(each["name"] for each in operation.get("parameters", ()) if each["in"] != "header")
            has = "relationship" in schemas.get(model, {}).get("properties", {}) and model != "InvitationGiven"
            yield Call(method.upper(), path, names, model, has)
