"""Lies about proofs and pairing: paths, places, checkpoints of another size; keys and fields of an invitation."""

import json
from collections.abc import Callable
from hashlib import sha256
from random import Random
from typing import Any

from events.encoding.base64 import decode_base64, encode_base64
from events.errors import ProofError
from events.journal.proof import parse_proof
from events.pairing import format_label_key
from tests.events.golden import edwards
from tests.events.golden.cast import CMO, MAH, RELATIONSHIP
from tests.lies.mutating import of_notes
from tests.lies.mutating.mutation import Mutate, Mutations
from tests.lies.originals import LEAVES, PAGES, cosigned

_SMALL = tuple(edwards.encode(point) for point in edwards.small_order_points())
_UNREDUCED = ((edwards.P + 3).to_bytes(32, "little"), (1 | 1 << 255).to_bytes(32, "little"), b"\xff" * 32)


def path_changed(chance: Random, path: list[bytes]) -> list[bytes]:
    """Hashes dropped, added, doubled, swapped, turned round, of another length, or of something else."""
    made, at = list(path), chance.randrange(len(path) + 1)
    other = chance.choice((chance.choice(LEAVES), bytes(32), sha256(b"").digest(), *path))
    if made and chance.random() < 0.7:
        at = chance.randrange(len(made))
        del made[at]
    changes: tuple[Callable[[], list[bytes]], ...] = (
        lambda: made,
        lambda: [*made[:at], other, *made[at:]],
        lambda: path[::-1],
        lambda: [*path, *path],
        lambda: [*path, other],
        lambda: [other, *path],
        lambda: [each[:31] for each in path],
        lambda: [each + b"\0" for each in path],
        lambda: chance.sample(path, len(path)),
        lambda: path[:-1],
    )
    return chance.choice(changes)()


def _of_proof(change: Callable[[Random, int, list[bytes], bytes], tuple[object, list[bytes], bytes]]) -> Mutate:
    def mutate(chance: Random, raw: bytes) -> bytes | None:
        try:
            proof = parse_proof(raw.decode())
        except ProofError:
            return None
        index, hashes, note = change(chance, proof.index, list(proof.hashes), proof.note.raw)
        extra = [] if proof.extra is None else ["extra " + encode_base64(proof.extra)]
        lines = ["c2sp.org/tlog-proof@v1", *extra, f"index {index}", *map(encode_base64, hashes), ""]
        return ("\n".join(lines) + "\n").encode() + note

    return mutate


def _place(chance: Random, index: int, hashes: list[bytes], note: bytes) -> tuple[object, list[bytes], bytes]:
    return (
        chance.choice((index ^ 1, index + 1, index + 13, index ^ 2, index * 2 + 1, 2**53, f"0{index}", "")),
        hashes,
        note,
    )


def _path(chance: Random, index: int, hashes: list[bytes], note: bytes) -> tuple[object, list[bytes], bytes]:
    return index, path_changed(chance, hashes), note


def _both(chance: Random, index: int, hashes: list[bytes], note: bytes) -> tuple[object, list[bytes], bytes]:
    """The place of the node above, with the rest of the path."""
    del chance
    return index >> 1, hashes[1:], note


def _under_another(chance: Random, index: int, hashes: list[bytes], note: bytes) -> tuple[object, list[bytes], bytes]:
    others = [made for page in PAGES if (made := cosigned(page)) != note]
    return index, hashes, chance.choice((*others, chance.choice(PAGES).note))


def _note(chance: Random, index: int, hashes: list[bytes], note: bytes) -> tuple[object, list[bytes], bytes]:
    return index, hashes, _note_changed(chance, note)


def _note_changed(chance: Random, note: bytes) -> bytes:
    return chance.choice(list(of_notes.MUTATIONS.values()))(chance, note) or note[:-1]


def extra_changed(chance: Random, raw: bytes) -> bytes:
    """Bytes beside the proof that nobody vouches for, in the right form or not."""
    head, _, rest = raw.partition(b"\n")
    lines = (b"extra AAAA\n", b"extra \n", b"extra AA\n", b"extra AAAA\nextra AAAA\n", b"Extra AAAA\n", b"extra\n")
    return head + b"\n" + chance.choice(lines) + rest


PROOF: Mutations = {
    "another place": _of_proof(_place),
    "another path": _of_proof(_path),
    "from the node above": _of_proof(_both),
    "under another checkpoint": _of_proof(_under_another),
    "its note changed": _of_proof(_note),
    "extra changed": extra_changed,
}


def _of_json(change: Callable[[Random, dict[str, Any]], None]) -> Mutate:
    def mutate(chance: Random, raw: bytes) -> bytes:
        fields = json.loads(raw)
        change(chance, fields)
        return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")

    return mutate


def _hashes(chance: Random, fields: dict[str, Any]) -> None:
    path = [decode_base64(each) for each in fields["hashes"]]
    fields["hashes"] = list(map(encode_base64, path_changed(chance, path)))


def _turned_round(chance: Random, fields: dict[str, Any]) -> None:
    del chance
    fields["old"], fields["new"] = fields["new"], fields["old"]


def _another_size(chance: Random, fields: dict[str, Any]) -> None:
    fields[chance.choice(("old", "new"))] = chance.choice(PAGES).note.decode()


def _one_note(chance: Random, fields: dict[str, Any]) -> None:
    name = chance.choice(("old", "new"))
    fields[name] = _note_changed(chance, fields[name].encode()).decode("utf-8", "replace")


CONSISTENCY: Mutations = {
    "another path": _of_json(_hashes),
    "turned round": _of_json(_turned_round),
    "another size": _of_json(_another_size),
    "its note changed": _of_json(_one_note),
}


def vkey_of(name: str, kind: int, public: bytes) -> str:
    """A vkey whose key id is right, of any bytes."""
    value = bytes([kind]) + public
    key_id = sha256(name.encode() + b"\n" + value).digest()[:4].hex()
    return f"{name}+{key_id}+{encode_base64(value)}"


def key_registered(chance: Random, raw: bytes) -> bytes | None:
    """A key of small order, not canonical, of another length or of no known type, with a key id that is right."""
    name, _, encoded = raw.decode().split("+", 2)
    value = decode_base64(encoded)
    publics = (*_SMALL, *_UNREDUCED, value[1:-1], value[1:] + b"\0", b"")
    weak = value[:1] if value[0] != 6 else b"\1"
    made = (
        vkey_of(name, weak[0], chance.choice(publics)),
        vkey_of(name, chance.choice((0, 2, 3, 5, 7, 255)), value[1:]),
    )
    return chance.choice(made).encode()


VKEY: Mutations = {"key that may not be registered": key_registered}


def _weak_key(chance: Random, fields: dict[str, Any]) -> None:
    at = chance.randrange(5)
    name = fields["keys"][at].split("+")[0]
    kind = (1, 6, 4, 6, 1)[at]
    fields["keys"][at] = vkey_of(name, kind, chance.choice((*_SMALL, *_UNREDUCED)))


def _weak_label_key(chance: Random, fields: dict[str, Any]) -> None:
    fields["label_key"] = format_label_key(chance.choice((*_UNREDUCED, bytes(32), b"\1" + bytes(31), bytes(31))))


def _other_label_key(chance: Random, fields: dict[str, Any]) -> None:
    """A label key of somebody else: nothing is wrong with it, and the fingerprint is another one."""
    fields["label_key"] = chance.choice((MAH.keys.label_key, format_label_key(chance.randbytes(31) + b"\0")))


def _other_keys(chance: Random, fields: dict[str, Any]) -> None:
    """Keys of others, or the own ones in other places."""
    keys = fields["keys"]
    at, other = chance.sample(range(5), 2)
    keys[at] = chance.choice((keys[other], MAH.keys.texts()[at], keys[at].replace("/cmo", "/cmo/2")))
    if chance.random() < 0.2:
        fields["keys"] = chance.choice((keys[:4], keys * 2, [], keys[::-1], dict.fromkeys(keys), [1, 2, 3, 4, 5]))


def _renamed_key(chance: Random, fields: dict[str, Any]) -> None:
    """A raw key under the name of another place, with a key id that is right: one raw key, two names."""
    at, other = chance.choice(((0, 4), (4, 0), (1, 3), (3, 1)))
    name, value = fields["keys"][at].split("+")[0], decode_base64(fields["keys"][other].split("+", 2)[2])
    fields["keys"][at] = vkey_of(name, value[0], value[1:])


def _field(chance: Random, fields: dict[str, Any]) -> None:
    name = chance.choice(sorted(fields))
    turned = f"{RELATIONSHIP.cmo}/{RELATIONSHIP.mah}"
    texts = (
        "",
        "mah",
        "cmo",
        RELATIONSHIP.mah,
        turned,
        RELATIONSHIP.topic(MAH.role),
        CMO.origin,
        "x" * 401,
        "a\nb",
        "\ud800",
    )
    fields[name] = chance.choice((*texts, None, 1, True, [], {}, fields[chance.choice(sorted(fields))]))


def _fields(chance: Random, fields: dict[str, Any]) -> None:
    name = chance.choice(sorted(fields))
    value = fields.pop(name)
    if chance.random() < 0.7:
        fields[chance.choice((name.upper(), name + " ", "__proto__", "кeys", "extra"))] = value


def field_twice(chance: Random, raw: bytes) -> bytes:
    fields = json.loads(raw)
    name = chance.choice(sorted(fields))
    return raw.rstrip()[:-1].rstrip() + b"," + json.dumps({name: fields[name]}, ensure_ascii=False).encode()[1:]


INVITATION: Mutations = {
    "weak key": _of_json(_weak_key),
    "weak label key": _of_json(_weak_label_key),
    "another label key": _of_json(_other_label_key),
    "other keys": _of_json(_other_keys),
    "one raw key, two names": _of_json(_renamed_key),
    "another value": _of_json(_field),
    "another field": _of_json(_fields),
    "field twice": field_twice,
}
