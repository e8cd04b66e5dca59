"""Drafts of the protocol itself: the opening of every story, people, calendars, keys, and what follows a refusal."""

import random
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from domain.judging.history import REFUSED
from events.catalogue.registry import ANNOUNCED
from events.encoding.identifiers import Role
from events.pairing import fingerprint, format_label_key
from tests.events.golden.cast import CMO, MAH, RELATIONSHIP
from tests.model.stories import drafting
from tests.model.stories.drafting import PEOPLE, Draft, Drafter, Json, Writer, an_actor, journal_of, leaf_ref, moment

SIDES: Json = {
    each.role.value: {
        "uscc": RELATIONSHIP.party(each.role),
        "name": f"{each.role.value} 示例",
        "keys": each.keys.texts(),
        "label_key": each.keys.label_key,
    }
    for each in (MAH, CMO)
}
OTHER_KEY = format_label_key(X25519PrivateKey.from_private_bytes(b"7" * 32).public_key().public_bytes_raw())
NEWER = "deviation.opened.v2"
"""A type of the future; announced too early."""


# The opening, step by step


def _opened(party: Writer, chance: random.Random) -> Draft:
    sides: Json = {role: dict(side) for role, side in SIDES.items()}
    if chance.random() < 0.01:  # other keys than the partner compared
        sides["cmo"]["label_key"] = OTHER_KEY
    keys = [key for side in sides.values() for key in side["keys"]]
    shown = fingerprint(keys, [side["label_key"] for side in sides.values()])
    if chance.random() < 0.01:
        shown = shown[::-1]
    body = {"generation": 1, "previous": None, **sides, "fingerprint": shown}
    return Draft("relationship.opened.v1", drafting.relationship_of(party), body, "person/ad")


def _announced(party: Writer, chance: random.Random) -> Draft:
    events = [*ANNOUNCED[:3], *([NEWER] if chance.random() < 0.1 else [])]
    rule_set = chance.choices((1, 2, 3), (45, 50, 5))[0]
    body: Json = {"rule_set": rule_set, "events": events, "software": "1.0.0"}
    return Draft("gateway.announced.v1", drafting.relationship_of(party), body, "system/gateway")


def _authorised(person: str) -> Drafter:
    def draft(party: Writer, chance: random.Random) -> Draft:
        since = chance.choice([-5] * 15 + [100_000])
        return Draft("person.authorised.v1", journal_of(party), _roles(person, since, None), "person/ad")

    return draft


def _roles(person: str, since: int, until: int | None) -> Json:
    to = None if until is None else moment(until)
    return {"person": person, "roles": [PEOPLE[person]], "from": moment(since), "to": to}


OPENING: dict[str, Drafter] = {
    "open": _opened,
    "announce": _announced,
    **{person: _authorised(person) for person in PEOPLE},
}


# What may follow


def draft_of_protocol(party: Writer, chance: random.Random) -> Draft | None:
    name = chance.choice(list(BODIES))
    body = BODIES[name](party, chance)
    if body is None:
        return None
    about = drafting.relationship_of(party) if name == "gateway.announced" else journal_of(party)
    is_persons = name.startswith(("person.", "body."))
    actor = an_actor(chance, "ad") if is_persons else chance.choice(["system/gateway", "person/ad"])
    return Draft(f"{name}.v1", about, body, actor)


def _person_of_roles(_party: Writer, chance: random.Random) -> Json:
    until = chance.choice([None, None, 10**6, -10])
    person = chance.choice(list(PEOPLE))
    body = _roles(person, chance.choice([-5, 0, 10**5]), until)
    return body | ({"person": "nobody"} if chance.random() < 0.1 else {})


def _person_named(_party: Writer, chance: random.Random) -> Json:
    return {"person": chance.choice(list(PEOPLE)), "name": "李娜"}


def _taken(party: Writer, chance: random.Random) -> Json:
    return {"size": party.engine.size(party.role.other) + (chance.random() < 0.1)}


def _calendar(_party: Writer, chance: random.Random) -> Json:
    days: Json = {"days_off": ["2026-10-01"], "make_up_workdays": [], "provisional": chance.random() < 0.5}
    return {"calendar": "CN", "version": chance.randrange(1, 4), "year": 2026, **days}


def _erased(party: Writer, chance: random.Random) -> Json | None:
    own = party.engine.past(party.role)
    named = [past for past in own if past.name == "person.named.v1" or chance.random() < 0.1]
    return {**leaf_ref(chance.choice(named)), "reason": "请求", "legal_basis": "个人信息保护法"} if named else None


def _keys(party: Writer, _chance: random.Random) -> Json:
    side = MAH if party.role is Role.MAH else CMO
    return {"keys": side.keys.texts()[:1], "mirror_from": party.engine.size(party.role.other)}


BODIES: dict[str, Callable[[Writer, random.Random], Json | None]] = {
    "person.authorised": _person_of_roles,
    "person.withdrawn": _person_of_roles,
    "person.named": _person_named,
    "journal.taken": _taken,
    "calendar.published": _calendar,
    "body.erased": _erased,
    "gateway.announced": lambda party, chance: _announced(party, chance).body,
    "key.rotated": _keys,
}


def draft_about_refusal(party: Writer, chance: random.Random) -> Draft | None:
    """Dispute a refusal of the partner's, or settle a dispute; late, bare and wrong refusals are among the lies."""
    refusals = [past for role in Role for past in party.engine.past(role) if past.name == REFUSED and past.code is None]
    if not refusals:
        return None
    past = chance.choice(refusals if chance.random() < 0.5 else refusals[-2:])
    named = chance.choice(past.body.refused)
    entry = {"position": named.position, "leaf": named.leaf}
    if past.role is not party.role and chance.random() < 0.4:
        body: Json = {"refusal": leaf_ref(past), "entry": entry, "reason": "判断有误"}
        return Draft("refusal.disputed.v1", journal_of(party), body, chance.choice(["person/ma", "system/gateway"]))
    actor = an_actor(chance, "ma")
    signed = {"signature": drafting.signature(actor)} if chance.random() < 0.5 else {}
    stands = (named.position % 3 > 0) == (chance.random() < 0.9)  # both mostly say alike
    body = {"entry": entry, "stands": stands, "reason": "已商定", **signed}
    return Draft("dispute.settled.v1", journal_of(party), body, actor)
