"""Write the golden samples and the museum of bad ones: fixed keys, no randomness, the same bytes on every run.

Run from the root of the project: `python -m tests.events.golden.make`. Readers in other languages may be tried on them.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment
from events.journal.checkpoint import Checkpoint
from events.journal.page import Page, make_page
from events.journal.proof import format_proof
from events.journal.receipt import Receipt, Statement, make_receipt
from events.journal.resend import make_resend
from events.journal.tree import Frontier, inclusion_proof
from events.labels import Labeller, derive_label_secret
from events.notes.note import format_note
from events.pairing import Invitation, fingerprint
from tests.events.golden.cast import CMO, MAH, POSIX_TIME, RELATIONSHIP, entry, uuid
from tests.events.golden.museum import EXHIBITS
from tests.events.journal.reader import HeldTree

FOLDER = Path(__file__).parent
LABELS = ("batch/B2026-001", "product/示例片", "line/L-01")

SECRET = derive_label_secret(MAH.label_private, CMO.keys.label_public, RELATIONSHIP)
ENTRIES = [
    entry(0),
    entry(1, cause=uuid(0), labels=Labeller(SECRET).tags(LABELS, uuid(1))),
    entry(2, body={"note": '控制字符\t\n\x1f与引号"\\/€😀', "count": 2**53 - 1, "none": None, "yes": True}),
    entry(3, actor="system/mes-adapter", seen=0, revision=2),
    entry(4),
]


def samples() -> Mapping[str, bytes]:
    """Return the good samples by file name."""
    page = _page()
    checkpoint = page.checkpoint
    cosigned = format_note(
        checkpoint.text(), (*page.signed_note.signatures, MAH.mirror.cosign(checkpoint.text(), POSIX_TIME))
    )
    path = inclusion_proof(3, 5, HeldTree([made.leaf for made in ENTRIES]))
    return {
        "entries.jsonl": b"".join(made.line + b"\n" for made in ENTRIES),
        "leaves.txt": b"".join(encode_base64(made.leaf).encode() + b"\n" for made in ENTRIES),
        "page.bin": page.encode(),
        "checkpoint.note": page.note,
        "cosigned.note": cosigned,
        "receipt.bin": _receipt(page).encode(),
        "receipt-empty.bin": _receipt(None).encode(),
        "resend.note": make_resend(CMO.origin, 2, parse_moment("2026-11-22T09:30:44.123456Z"), MAH.journal).encode(),
        "entry-3.tlog-proof": format_proof(3, path, cosigned).encode(),
        "vkeys.txt": _lines(*MAH.keys.texts(), *CMO.keys.texts(), MAH.keys.label_key, CMO.keys.label_key),
        "fingerprint.txt": _lines(
            fingerprint((*MAH.keys.vkeys, *CMO.keys.vkeys), (MAH.keys.label_key, CMO.keys.label_key))
        ),
        "labels.json": _labels(),
        "invitation.json": _invitation().dump(),
    }


def museum() -> bytes:
    """Return the museum of bad samples: what is read how, and with which code it must be refused."""
    exhibits = [
        {"name": shown.name, "reader": shown.reader, "code": shown.code, "bytes": encode_base64(shown.raw)}
        for shown in EXHIBITS
    ]
    return json.dumps(exhibits, indent=1).encode() + b"\n"


def write() -> None:
    """Write all samples beside this file."""
    for name, raw in samples().items():
        (FOLDER / "samples" / name).write_bytes(raw)
    (FOLDER / "museum.json").write_bytes(museum())


def _page() -> Page:
    frontier = Frontier()
    frontier.extend(made.leaf for made in ENTRIES)
    checkpoint = Checkpoint(CMO.origin, frontier.size, frontier.root())
    return make_page(checkpoint, [made.line for made in ENTRIES[1:]], CMO.journal)


def _receipt(page: Page | None) -> Receipt:
    frontier = Frontier()
    frontier.extend(made.leaf for made in ENTRIES[:2])
    statement = Statement(
        origin=MAH.origin,
        size=frontier.size,
        root=frontier.root(),
        partner_origin=CMO.origin,
        held=page.end if page else 0,
        judged=page.end - 1 if page else 0,
        rule_set=1,
        conclusions=encode_base64(frontier.root()) if page else "-",
    )
    return make_receipt(
        statement=statement,
        partner_note=page.note if page else b"",
        posix_time=POSIX_TIME,
        signer=MAH.journal,
        cosigner=MAH.mirror,
    )


def _labels() -> bytes:
    labeller = Labeller(SECRET)
    tags = [
        {"label": label, "k": labeller.key(label).hex(), "id": uuid(1), "tag": labeller.tags([label], uuid(1))[0]}
        for label in LABELS
    ]
    privates = {"mah": MAH.label_private.hex(), "cmo": CMO.label_private.hex()}
    document = {"private": privates, "relationship": str(RELATIONSHIP), "secret": SECRET.hex(), "tags": tags}
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


def _invitation() -> Invitation:
    return Invitation(
        party=RELATIONSHIP.cmo,
        role=Role.CMO,
        name="苏州示例制药有限公司",
        relationship=RELATIONSHIP,
        party_keys=CMO.keys,
        wire="kafka.example:9092",
        topic=RELATIONSHIP.topic(Role.CMO),
    )


def _lines(*lines: str) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


if __name__ == "__main__":
    write()
