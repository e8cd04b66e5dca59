"""Drafts about deviations: of their owner, and of the partner in its review."""

import random
from typing import Any

from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from tests.events.golden.cast import uuid
from tests.model.stories import drafting
from tests.model.stories.drafting import CLASSES, Draft, Json, Writer, an_actor, context_of, pick, steps_of, subjects

STEPS = ("classified", "investigated", "closed", "closed", "closed", "answered", "corrected", "batch_linked", "opened")
FIELDS = ("title", "class", "rationale", "cause", "text", "batches.0.number", "product.name", "line", "site")
ODD_FIELDS = ("salt", "signature.reason", "title.x", "nowhere", "No field")


def draft_about_deviation(party: Writer, chance: random.Random) -> Draft | None:
    """Mostly about the manufacturer's; from the quality core on the holder has some of its own."""
    is_about_the_cmos = chance.random() < 0.85
    return _of_owner(party, chance) if (party.role is Role.CMO) is is_about_the_cmos else _of_partner(party, chance)


def _of_owner(party: Writer, chance: random.Random) -> Draft | None:
    known = subjects(party, "deviation", party.role)
    if not known or (len(known) < 3 and chance.random() < 0.15):
        return Draft("deviation.opened.v1", f"deviation/{uuid(chance.randrange(10**6))}", *_opening(chance))
    subject = chance.choice(known[-2:])
    step = chance.choice(STEPS) if chance.random() < 0.5 else _next_step(party, subject)
    if step == "corrected":
        return _correction(party, chance, subject)
    if step == "opened":
        return Draft("deviation.opened.v1", subject, *_opening(chance))
    actor = an_actor(chance, "ma") if step == "closed" else an_actor(chance, "st", "ma")
    body = _owners_body(party, chance, step, subject)
    signed = {"signature": drafting.signature(actor)} if step == "closed" else {}
    return None if body is None else Draft(f"deviation.{step}.v1", subject, body | signed, actor)


def _owners_body(party: Writer, chance: random.Random, step: str, subject: str) -> Json | None:
    review, partner = subject.replace("deviation", "deviation_review"), party.role.other
    match step:
        case "classified":
            return {"class": chance.choice(CLASSES), "rationale": "按规程"}
        case "investigated":
            return {"cause": "磨损", "impact": "无", "conclusion": "更换"}
        case "answered":
            question = pick(party, chance, steps_of(party, partner, review, "asked"))
            return question and {"question": question, "text": "是的"}
        case "batch_linked":
            return {"batch": {"number": f"B-{chance.randrange(4)}"}}
    investigation = pick(party, chance, steps_of(party, party.role, subject, "investigated"))
    approval = pick(party, chance, steps_of(party, partner, review, "closure_approved"))
    named = {"approval": approval} if approval and chance.random() < 0.9 else {}
    return investigation and {"investigation": investigation, **named}


def _next_step(party: Writer, subject: str) -> str:
    """What leads on; a rejection of the last investigation leads back to another one."""
    investigated = steps_of(party, party.role, subject, "investigated")
    rejected = steps_of(party, party.role.other, subject.replace("deviation", "deviation_review"), "closure_rejected")
    if not steps_of(party, party.role, subject, "classified"):
        return "classified"
    is_due = not investigated or any(each.body.investigation.position == investigated[-1].position for each in rejected)
    return "investigated" if is_due else "closed"


def _opening(chance: random.Random) -> tuple[Json, str]:
    body: Json = {"number": f"D-{chance.randrange(99)}", "source": "eqms", "title": "压片机转速超出范围"}
    extras: Json = {
        "external_number": "E-1",
        "product": chance.choice([{"name": "片剂"}, {"name": "片剂", "code": "P-1"}]),
        "batches": [{"number": f"B-{chance.randrange(4)}"} for _ in range(chance.randrange(3))],
        "line": "L-1",
        "site": None,
        "occurred_at": "2026-11-21T08:00:00+08:00",
        "attachments": [{"sha256": "ab" * 32, "name": "照片.jpg", "size": 10}],
    }
    stated = {name: value for name, value in extras.items() if chance.random() < 0.3}
    return {**body, "detected_at": "2026-11-22", **stated}, an_actor(chance, "st", "in")


def _correction(party: Writer, chance: random.Random, subject: str) -> Draft | None:
    own = list(context_of(party).accepted(party.role, subject))
    if not own:
        return None
    past = chance.choice(own)
    there = [name for name in FIELDS if isinstance(_text_at(past, name), str)]
    field = chance.choice(there or FIELDS) if chance.random() < 0.8 else chance.choice([*FIELDS, *ODD_FIELDS])
    before = _text_at(past, field) if chance.random() < 0.9 else "别的"
    after = chance.choice(CLASSES) if field == "class" else chance.choice(["更正后", "B-9", None])
    changed = {"field": field, "before": before, "after": after}
    change = {name: value for name, value in changed.items() if value is not None}
    entry = drafting.ref_to(past) if chance.random() < 0.95 else drafting.wrong_ref(party, chance)
    body = {"entry": entry, "changes": [change], "reason": "笔误"}
    return Draft(f"{subject.partition('/')[0]}.corrected.v1", subject, body, an_actor(chance, "st", "ma"))


def _text_at(past: PastEvent, field: str) -> str | None:
    value: Any = past.body.model_dump()
    for step in field.split("."):
        if isinstance(value, list):
            value = value[int(step)] if step.isdecimal() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _of_partner(party: Writer, chance: random.Random) -> Draft | None:
    known = subjects(party, "deviation", party.role.other)
    if not known:
        return None
    matter = chance.choice(known[-2:])
    subject = matter.replace("deviation", "deviation_review")
    investigated = steps_of(party, party.role.other, matter, "investigated")
    decisions = ["closure_approved"] * 3 + ["closure_rejected"] * 2 if investigated else []
    step = chance.choice(["acknowledged", "asked", "corrected", *decisions])
    if step == "corrected":
        return _correction(party, chance, subject)
    if step in ("acknowledged", "asked"):
        entry = pick(party, chance, list(context_of(party).accepted(party.role.other, matter)))
        said = {"text": "为何？"} if step == "asked" else {}
        is_about = step == "acknowledged" or chance.random() < 0.5
        named = {"entry": entry} if is_about else {}
        body = {**said, **named}
        return None if None in body.values() else _drafted(step, subject, body, an_actor(chance, "st", "ma"))
    actor = an_actor(chance, "ma", "qp")
    rest = {"reason": "原因不明"} if step == "closure_rejected" else {"signature": drafting.signature(actor)}
    return _drafted(step, subject, {"investigation": pick(party, chance, investigated), **rest}, actor)


def _drafted(step: str, subject: str, body: Json, actor: str) -> Draft:
    return Draft(f"deviation_review.{step}.v1", subject, body, actor)
