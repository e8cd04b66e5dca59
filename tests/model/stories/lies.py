"""What may be wrong in an entry, one thing at a time: its line, its head, its body, its place, what it refuses."""

import random
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Protocol

import orjson

from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role
from tests.events.golden.cast import RELATIONSHIP, uuid
from tests.model.stories.drafting import Draft, Json, Writer, journal_of, leaf_ref, moment
from tests.model.stories.protocol import NEWER


class Liar(Writer, Protocol):
    """A party with what it has said already; `now` in seconds."""

    now: int
    lines: list[bytes]

    @property
    def may_claim_the_unseen(self) -> bool: ...

    def attributes(self, chance: random.Random, draft: Draft) -> Json: ...


Lie = Callable[[Liar, random.Random, Draft], bytes | None]


def line_of(head: Json, body: Json, chance: random.Random) -> bytes:
    salted = orjson.dumps({"salt": chance.randbytes(16).hex(), **body}, option=orjson.OPT_SORT_KEYS)
    hashed = {"bodyhash": b64encode(sha256(salted).digest()).decode(), **head}
    return orjson.dumps(hashed, option=orjson.OPT_SORT_KEYS) + b"\t" + salted


def lie_about(party: Liar, chance: random.Random, draft: Draft) -> bytes | None:
    """Return a line like a draft's with one thing wrong in it, None when there is nothing to be wrong about."""
    return chance.choice(LIES)(party, chance, draft)


# In the head


def _another_head(party: Liar, chance: random.Random, draft: Draft) -> bytes:
    head = party.attributes(chance, draft)
    changes = [*_other_places(party, chance, head), *_other_words(party, chance, draft), *_bad_forms(chance, head)]
    return line_of(head | chance.choice(changes), draft.body, chance)


def _other_places(party: Liar, chance: random.Random, head: Json) -> list[Json]:
    """Another revision, time, `seen` or id than is due."""
    held = party.engine.size(party.role.other)
    changes: list[Json] = [
        {"revision": head["revision"] + 1},
        {"revision": max(1, head["revision"] - 1)},
        {"time": moment(party.now - 90_000)},
        {"seen": chance.randrange(held + 1)},
        {"seen": max(0, held - 1)},
    ]
    if party.may_claim_the_unseen:
        changes += [{"seen": held + chance.choice([1, 1, 2, 5, 10**6])}] * 3
    there = [past.head.id for role in Role for past in party.engine.past(role) if past.head is not None]
    return changes + ([{"id": chance.choice(there)}] * 2 if there else [])


def _other_words(party: Liar, chance: random.Random, draft: Draft) -> list[Json]:
    """Another type, author, actor or subject than would be right."""
    return [
        {"type": chance.choice(["deviation.exploded.v1", "change.proposed.v1", NEWER])},
        {"type": chance.choice(["deviation_review.asked.v1", "deviation.opened.v1", "journal.taken.v1"])},
        {"source": f"urn:uscc:{RELATIONSHIP.party(party.role.other)}"},
        {"relationship": f"{RELATIONSHIP.cmo}/{RELATIONSHIP.mah}"},
        {"actor": chance.choice(["person/nobody", "system/eqms", "person/qp", "nobody"])},
        {"subject": f"{draft.subject.partition('/')[0]}/{uuid(7)}", "revision": 1},
        {"subject": f"batch/{uuid(8)}", "revision": 1},
        {"cause": chance.choice(["import/abc/1", "", "x" * 8 * 1024])},
    ]


def _bad_forms(chance: random.Random, head: Json) -> list[Json]:
    tags = ["ab" * 16, f"{head.get('labels', 'ff' * 16)} {'ff' * 16}", f"{'ff' * 16} {'ab' * 16}"]
    return [
        {"labels": chance.choice(tags)},
        {chance.choice(["extra", "Extra"]): 1},
        {"specversion": "1.1"},
        {"time": "2026-02-30T09:30:44.123456Z"},
        {"revision": 0},
    ]


# In the body, and in the line


def _another_body(party: Liar, chance: random.Random, draft: Draft) -> bytes:
    name = chance.choice(sorted(draft.body))
    body = {**draft.body, **chance.choice(_bad_values(chance, name, draft.body))}
    if chance.random() < 0.15:
        del body[name]
    return line_of(party.attributes(chance, draft), body, chance)


def _bad_values(chance: random.Random, name: str, body: Json) -> list[Json]:
    changes: list[Json] = [
        {"unheard_of": 1},
        {name: chance.choice([7, True, "  ", "", [], {}])},
        {name: None},
        {"attachments": [{"sha256": "AB", "name": "x", "size": 1}]},
        {"salt": chance.choice(["ab" * 8, 5])},
        {name: chance.choice([1.5, 2**53, -(2**53), 2**53 - 1, "\0", {"Key": 1}, "x" * 60_001])},
        {"unheard_of": "x" * 128 * 1024} if chance.random() < 0.1 else {},
    ]
    signed: list[Json] = [{"person": "somebody"}, {"meaning": "liked"}, {"at": "gestern"}, {"reason": ""}]
    return changes + ([{"signature": body["signature"] | chance.choice(signed)}] * 2 if "signature" in body else [])


def _another_line(party: Liar, chance: random.Random, draft: Draft) -> bytes:
    line = line_of(party.attributes(chance, draft), draft.body, chance)
    head, _, body = line.partition(b"\t")
    bad_bodies = [body + b" ", body[:-3], body.replace(b'"salt"', b'"salu"'), b"[]", b'{"a":' * 40 + b"1" + b"}" * 40]
    bad_lines = [
        head + b" \t" + body,
        head,
        body,
        b"",
        line.replace(b'"seen":', b'"seen":0'),
        line.replace(b"{", b'{"actor":"person/ad",', 1),
        line.replace(b'"specversion":"1.0"', b'"specversion":1.0'),
        line[:40] + b"\xff" + line[41:],
        line.replace(b":", b": ", 1),
    ]
    return chance.choice([*bad_lines, *(head + b"\t" + bad for bad in bad_bodies)])


def _the_same_again(party: Liar, chance: random.Random, _draft: Draft) -> bytes | None:
    """The very same bytes at a later place."""
    said = party.lines[-6:] if chance.random() < 0.7 else party.lines
    return chance.choice(said) if said else None


# In what is refused


def _another_refusal(party: Liar, chance: random.Random, _draft: Draft) -> bytes | None:
    """Refuse what was accepted, what was judged before, what is not there, the same twice, or a refusal."""
    partners = party.engine.past(party.role.other)
    if not partners:
        return None
    chosen = chance.sample(partners, min(len(partners), chance.choice([1, 1, 2])))
    refused: list[Json] = [{**leaf_ref(each), "code": "entry.wrong_state", "detail": ""} for each in chosen]
    if chance.random() < 0.15:
        refused.append(refused[0])
    bad: list[Json] = [
        {"leaf": encode_base64(b"9" * 32)},
        {"position": refused[0]["position"] + chance.choice([1, 100])},
        {"code": chance.choice(["refusal.malformed", "because"])},
        {"detail": None},
    ]
    refused[0].update(chance.choice(bad) if chance.random() < 0.6 else {})
    if chance.random() < 0.1:
        refused.clear()
    actor = chance.choice(["system/gateway", "person/st", "person/ad"])
    draft = Draft("entry.refused.v1", journal_of(party), {"refused": refused}, actor)
    return line_of(party.attributes(chance, draft) | _at_times(party, chance), draft.body, chance)


def _at_times(party: Liar, chance: random.Random) -> dict[str, Any]:
    seen = {"seen": max(0, party.engine.size(party.role.other) - 1)} if chance.random() < 0.1 else {}
    return seen | ({"revision": 99} if chance.random() < 0.1 else {})


LIES: tuple[Lie, ...] = (
    *[_another_head] * 4,
    *[_another_body] * 2,
    *[_another_refusal] * 2,
    _another_line,
    _the_same_again,
)
