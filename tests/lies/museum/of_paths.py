"""Proofs of one entry, and that a journal begins with an earlier one."""

import json
from hashlib import sha256

from events.encoding.base64 import encode_base64
from events.journal.checkpoint import Checkpoint
from events.journal.proof import format_proof
from events.journal.tree import consistency_proof, inclusion_proof, leaf_hash, node_hash
from events.notes.note import sign_note
from tests.events.golden.cast import CMO, MAH
from tests.events.journal.reader import HeldTree
from tests.lies.museum.exhibit import GOOD, Exhibit
from tests.lies.originals import ENTRIES, LEAVES, PAGES, consistency, cosigned, proof

LAST = PAGES[4]
NOTE = cosigned(LAST)
INDEX = 5
LEAF = LEAVES[INDEX]
PATH = inclusion_proof(INDEX, LAST.end, HeldTree(LEAVES))
CODE = "proof.invalid"
OLD, NEW = PAGES[1], PAGES[4]
HASHES = consistency_proof(OLD.end, NEW.end, HeldTree(LEAVES))


def _of(name: str, code: str | None, why: str, text: str, leaf: bytes = LEAF) -> Exhibit:
    return Exhibit("proof", name, code, why, text.encode(), leaf=leaf)


def _proofs() -> list[Exhibit]:
    good = format_proof(INDEX, PATH, NOTE)
    head = ENTRIES[INDEX].head_bytes
    node = node_hash(LEAVES[4], LEAVES[5])
    inner = leaf_hash(LEAVES[4] + LEAVES[5])
    return [
        _of("of the sixth entry", GOOD, "An honest proof, with a cosignature.", good),
        _of(
            "with extra data",
            GOOD,
            "Extra data is carried, and vouched for by nobody.",
            format_proof(INDEX, PATH, NOTE, b"extra"),
        ),
        _of(
            "of the only entry",
            GOOD,
            "Under a tree of one leaf the path is empty.",
            proof(0, PAGES[0]).decode(),
            LEAVES[0],
        ),
        _of("of another entry", CODE, "The path leads from one leaf alone.", good, LEAVES[4]),
        _of(
            "of its neighbour's place",
            CODE,
            "The place says on which side each hash stands.",
            good.replace("index 5", "index 4"),
        ),
        _of("of a place beyond the tree", CODE, "There is no such leaf.", good.replace("index 5", "index 13")),
        _of("place with a zero in front", CODE, "A number has one form.", good.replace("index 5", "index 05")),
        _of(
            "a hash left out",
            CODE,
            "The path is as long as the tree is high there.",
            format_proof(INDEX, PATH[:-1], NOTE),
        ),
        _of("a hash too many", CODE, "Nothing stands above the root.", format_proof(INDEX, [*PATH, bytes(32)], NOTE)),
        _of("hashes turned round", CODE, "The path begins at the leaf.", format_proof(INDEX, PATH[::-1], NOTE)),
        _of(
            "one hash changed",
            CODE,
            "Another hash leads to another root.",
            format_proof(INDEX, [LEAVES[0], *PATH[1:]], NOTE),
        ),
        _of("a hash of 31 bytes", CODE, "A hash has 32 bytes.", format_proof(INDEX, [PATH[0][:31], *PATH[1:]], NOTE)),
        _of("sixty-five hashes", CODE, "No tree is so high.", format_proof(INDEX, [bytes(32)] * 65, NOTE)),
        _of(
            "under an earlier checkpoint",
            CODE,
            "The tree of that size has another root.",
            format_proof(INDEX, PATH, cosigned(PAGES[3])),
        ),
        _of(
            "under the partner's checkpoint",
            CODE,
            "It is no proof about this journal.",
            format_proof(INDEX, PATH, sign_note(Checkpoint(MAH.origin, 13, LAST.checkpoint.root).text(), MAH.journal)),
        ),
        _of(
            "under no signature",
            CODE,
            "A checkpoint that its author did not sign proves nothing.",
            format_proof(INDEX, PATH, sign_note(LAST.checkpoint.text(), MAH.journal)),
        ),
        _of(
            "the node above as the leaf",
            CODE,
            "Leaves and nodes are hashed with different prefixes.",
            format_proof(INDEX >> 1, PATH[1:], NOTE),
            inner,
        ),
        _of(
            "without the prefix of leaves",
            CODE,
            "A leaf is the hash of zero and the head.",
            good,
            sha256(head).digest(),
        ),
        _of("of another version", CODE, "Its first line says what it is.", good.replace("proof@v1", "proof@v2")),
        Exhibit("proof", "no UTF-8", CODE, "A proof is text.", good.encode().replace(b"index", b"ind\xffx"), leaf=LEAF),
        _of(
            "not cosigned",
            CODE,
            "The reader asked for the partner's cosignature.",
            format_proof(INDEX, PATH, LAST.note),
        ),
        Exhibit(
            "proof",
            "a node that is a leaf",
            CODE,
            "The hash of a node is no entry's leaf at the node's place.",
            format_proof(2, PATH[1:], NOTE).encode(),
            leaf=node[::-1],
        ),
    ]


def _beginning(
    name: str, code: str | None, why: str, hashes: list[bytes], *, old: bytes = OLD.note, new: bytes = NEW.note
) -> Exhibit:
    fields = {"old": old.decode(), "new": new.decode(), "hashes": list(map(encode_base64, hashes))}
    return Exhibit("consistency", name, code, why, json.dumps(fields, ensure_ascii=False).encode())


def _beginnings() -> list[Exhibit]:
    fork = sign_note(Checkpoint(CMO.origin, OLD.end, bytes(32)).text(), CMO.journal)
    return [
        Exhibit(
            "consistency", "four in thirteen", GOOD, "The later journal begins with the earlier.", consistency(OLD, NEW)
        ),
        Exhibit(
            "consistency",
            "seven in thirteen",
            GOOD,
            "Also where the earlier tree is not whole.",
            consistency(PAGES[3], NEW),
        ),
        _beginning("no hash", CODE, "Two sizes need a path between them.", []),
        _beginning("a hash left out", CODE, "The path is too short.", HASHES[:-1]),
        _beginning("a hash too many", CODE, "The path is too long.", [*HASHES, bytes(32)]),
        _beginning("hashes turned round", CODE, "The path goes upwards.", HASHES[::-1]),
        _beginning("one hash changed", CODE, "Another hash leads to another root.", [LEAVES[0], *HASHES[1:]]),
        _beginning("turned round", CODE, "No journal begins with a later one.", HASHES, old=NEW.note, new=OLD.note),
        _beginning(
            "two histories",
            CODE,
            "Signed at the same size with another root: not the beginning of this journal.",
            HASHES,
            old=fork,
        ),
        _beginning(
            "not signed by its author",
            CODE,
            "Anybody can write a checkpoint.",
            HASHES,
            old=sign_note(OLD.checkpoint.text(), MAH.journal),
        ),
    ]


def paths() -> list[Exhibit]:
    """All proofs of the museum."""
    return [*_proofs(), *_beginnings()]
