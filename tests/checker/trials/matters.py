"""A chapter of the good run: the matters between a risk and a release, each a few steps of the way."""

from typing import Any

from domain.commands import TakeStep, take_step
from domain.signing.rules import meanings_of
from events.catalogue.bodies import EventRef
from tests.checker.trials.client import MANAGER, Client, by
from tests.domain.language import signature
from tests.events.catalogue.sampling import sample
from tests.services.exchange.world import World

MADE, UNASKED, RISK, OOS, CHANGE, PROCESS, STANDARD = (f"0193572e-0000-7000-8000-0000000000b{at}" for at in range(7))
BATCH = "B2026-101"
SCOPE = {"products": [{"code": "CRO-1G", "name": "注射用头孢曲松钠 1.0 g"}], "batches": [{"number": BATCH}]}


def make_a_batch(world: World, mah: Client, cmo: Client) -> None:
    """Authorise, make and split a batch that an OOS touches; one is started that nobody authorised: a violation."""
    documents = {
        f"{kind}_version": _step(mah, f"{kind}_version.approved", item, effective_from="2026-11-01").model_dump()
        for kind, item in (("process", PROCESS), ("standard", STANDARD))
    }
    world.settle()
    named = {"positions": {mah.side.role: [each["position"] for each in documents.values()]}}
    authorised = _step(cmo, "batch.authorised", MADE, needs=named, **documents, lots=None, parents=None)
    _step(cmo, "batch.started", MADE, authorisation=authorised.model_dump(), parents=None)
    _step(cmo, "batch.manufactured", MADE)
    _step(cmo, "batch.split", MADE)
    _step(cmo, "batch.started", UNASKED, number="B2026-102", authorisation=None, parents=None)
    world.settle().beat()


def find_fault(world: World, mah: Client, cmo: Client) -> None:
    """Suspect a result, raise a risk, propose a change: the partner asks, the owner corrects and links."""
    suspected = _step(cmo, "oos.suspected", OOS, scope=SCOPE)
    raised = _step(mah, "risk.raised", RISK, deviation=None, scope=SCOPE)
    _step(cmo, "change.proposed", CHANGE, scope=SCOPE)
    world.settle()
    _step(mah, "oos_review.asked", OOS, text="哪些批次？", entry=suspected.model_dump())
    _step(cmo, "risk_review.acknowledged", RISK, entry=raised.model_dump())
    changes = [{"field": "scope.batches.0.number", "before": BATCH, "after": "B2026-103"}]
    _step(cmo, "oos.corrected", OOS, entry=suspected.model_dump(), changes=changes)
    _step(cmo, "oos.batch_linked", OOS, batch={"number": "B2026-102"})
    world.settle().beat()


def _step(client: Client, name: str, item: str, *, needs: dict[str, Any] | None = None, **said: Any) -> EventRef:
    """Take a step with the body of the catalogue's sample, some fields said otherwise or left out (None)."""
    type_ = f"{name}.v1"
    kind = name.partition(".")[0]
    body = {**sample(type_), **said}
    if "signature" in body:
        body["signature"] = signature(MANAGER, min(meanings_of(type_))).model_dump()
    values = {field: value for field, value in body.items() if field != "salt" and value is not None}
    own, owners = f"{kind}/{item}", f"{kind.removesuffix('_review')}/{item}"
    wanted = {"subjects": [own], "partner_subjects": [owners], **(needs or {})}
    if kind == "batch":
        wanted["batches"] = [values]
    key = f"{name} {item}"
    return client.ask(key, by(take_step, TakeStep(type_, own, values), MANAGER), wanted, actor=MANAGER)[0]
