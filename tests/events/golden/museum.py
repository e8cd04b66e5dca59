"""Bad samples, each made so that only one thing is wrong, with the reader that meets it and the code it must get."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

import orjson

from events.encoding.entry import Entry
from events.journal.checkpoint import Checkpoint
from events.journal.page import Page, make_page
from events.journal.proof import format_proof
from events.journal.receipt import Statement
from events.journal.tree import Frontier, inclusion_proof, node_hash
from events.notes.note import SignatureLine, format_note, sign_note
from events.notes.vkey import VerifierKey
from tests.events.golden import edwards
from tests.events.golden.cast import CMO, MAH, POSIX_TIME, entry, seed
from tests.events.journal.reader import HeldTree


@dataclass(frozen=True)
class Exhibit:
    """Bytes, how they are read (`line`, `page`, `receipt`, `resend`, `proof`, `vkey`, `label_key`), the code they get.

    Pages are the manufacturer's, receipts and requests the holder's; proofs are of entry 3 of four. `proof_of_node`
    hands in, as a head, the two leaves under a node.
    """

    name: str
    reader: str
    code: str
    raw: bytes


ENTRIES = [entry(number) for number in range(4)]
GOOD = ENTRIES[0]
FRONTIER = Frontier()
FRONTIER.extend(made.leaf for made in ENTRIES)
CHECKPOINT = Checkpoint(CMO.origin, 4, FRONTIER.root())
PAGE = make_page(CHECKPOINT, [made.line for made in ENTRIES], CMO.journal)
TEXT = CHECKPOINT.text()
TORSION = edwards.small_order_points()[1]


def line(body: bytes, good: Entry = GOOD) -> bytes:
    """A line whose body has the hash that its head names."""
    attributes = good.head.attributes() | {"bodyhash": b64encode(sha256(body).digest()).decode()}
    return orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS) + b"\t" + body


def page_with(note: bytes) -> bytes:
    return Page(CMO.origin, 0, PAGE.lines, note).encode()


def signed(signature: bytes, key: VerifierKey = CMO.journal.vkey) -> bytes:
    return format_note(TEXT, (SignatureLine(key.name, key.key_id, signature),))


def vkey(public: bytes, kind: int = 1, name: str = "a") -> bytes:
    raw = bytes([kind]) + public
    key_id = sha256(name.encode() + b"\n" + raw).digest()[:4].hex()
    return f"{name}+{key_id}+{b64encode(raw).decode()}".encode()


def receipt(held: int, judged: int, note: bytes) -> bytes:
    statement = Statement(
        origin=MAH.origin, size=0, root=bytes(32), partner_origin=CMO.origin, held=held, judged=judged, rule_set=1
    )
    text = sign_note(statement.text(), MAH.journal)
    return b"%d %d\n" % (len(note), len(text)) + note + text


def versions(text: str) -> tuple[bytes, bytes]:
    """A UUIDv7, and the same as if it were of version 4."""
    return text.encode(), (text[:14] + "4" + text[15:]).encode()


def spare_bits(note: bytes) -> bytes:
    """The note with a bit set that its base64 does not need."""
    at = note.rindex(b"=")
    return note[: at - 1] + bytes([note[at - 1] + 1]) + note[at:]


def salted(members: bytes) -> bytes:
    return line(b'{"salt":"' + b"0" * 32 + b'"' + members + b"}")


def lines() -> list[Exhibit]:
    """Entries that are refused."""
    head, body = GOOD.head_bytes, GOOD.body_bytes
    deep = b',"x":' + b'{"a":' * 32 + b"1" + b"}" * 32
    return [
        Exhibit(name, "line", "entry.malformed", raw)
        for name, raw in {
            "duplicate key": salted(b',"x":1,"x":1'),
            "keys not sorted": salted(b',"a":1'),
            "float": salted(b',"x":99.5'),
            "float without fraction": salted(b',"x":1.0'),
            "exponent": salted(b',"x":1e2'),
            "minus zero": salted(b',"x":-0'),
            "integer of 2^53": salted(b',"x":9007199254740992'),
            "integer of 2^64": salted(b',"x":18446744073709551616'),
            "NUL escaped": salted(b',"x":"\\u0000"'),
            "NUL raw": salted(b',"x":"\0"'),
            "lone surrogate escaped": salted(b',"x":"\\ud800"'),
            "lone surrogate in UTF-8": salted(b',"x":"\xed\xa0\x80"'),
            "needless escape": salted(b',"x":"\\u0041"'),
            "escape in capitals": salted(b',"x":"\\u001F"'),
            "overlong UTF-8": salted(b',"x":"\xc0\xaf"'),
            "nested to 33": salted(deep),
            "white space": salted(b',"x": 1'),
            "key in capitals": line(b'{"Salt":1,"salt":"' + b"0" * 32 + b'"}'),
            "byte order mark": line(b"\xef\xbb\xbf" + body),
            "body no object": line(b"[]"),
            "no salt": line(b"{}"),
            "salt in capitals": line(b'{"salt":"' + b"A" * 32 + b'"}'),
            "other body": head + b"\t" + ENTRIES[1].body_bytes,
            "two tabs": head + b"\t\t" + body,
            "carriage return": GOOD.line + b"\r",
            "no tab": head,
            "unknown attribute": head.replace(b'{"actor"', b'{"aa":1,"actor"') + b"\t" + body,
            "revision zero": head.replace(b'"revision":1', b'"revision":0') + b"\t" + body,
            "seen true": head.replace(b'"seen":2', b'"seen":true') + b"\t" + body,
            "UUID of version 4": head.replace(*versions(GOOD.head.id)) + b"\t" + body,
            "no such day": head.replace(b"2026-11-22", b"2026-11-31") + b"\t" + body,
            "head too large": head.replace(b'"id"', b'"cause":"' + b"x" * 8192 + b'","id"') + b"\t" + body,
        }.items()
    ]


def pages() -> list[Exhibit]:
    """Pages that go to quarantine."""
    malleated = edwards.malleate(CMO.journal.sign(TEXT).signature)
    torsion = edwards.sign_with_torsion(seed("cmo journal"), TEXT, TORSION)
    twice = format_note(TEXT, (CMO.journal.sign(TEXT), CMO.journal.sign(TEXT)))
    witnessed = format_note(TEXT, (CMO.journal.sign(TEXT), MAH.mirror.cosign(TEXT, POSIX_TIME)))
    raw = PAGE.encode()
    tabbed = raw.replace("— c".encode(), "—\tc".encode())
    empty = page_with(PAGE.note).replace(b"\n".join(PAGE.lines) + b"\n", b"")
    return [
        Exhibit("S with the group order added", "page", "page.signature_invalid", page_with(signed(malleated))),
        Exhibit("valid only with cofactor", "page", "page.signature_invalid", page_with(signed(torsion))),
        Exhibit("signature of zeros", "page", "page.signature_invalid", page_with(signed(bytes(64)))),
        Exhibit("signed by the partner", "page", "page.signature_invalid", page_with(sign_note(TEXT, MAH.journal))),
        Exhibit("two signature lines", "page", "page.malformed", page_with(twice)),
        Exhibit("signed and witnessed", "page", "page.malformed", page_with(witnessed)),
        Exhibit("no signature line", "page", "page.malformed", page_with(TEXT + b"\n")),
        Exhibit("base64 without padding", "page", "page.malformed", raw.replace(b"=\n", b"\n")),
        Exhibit("base64 with spare bits", "page", "page.malformed", page_with(spare_bits(PAGE.note))),
        Exhibit("size with a zero in front", "page", "page.malformed", raw.replace(b"\n4\n", b"\n04\n")),
        Exhibit("position with a zero in front", "page", "page.malformed", raw.replace(b"\n0\n", b"\n00\n")),
        Exhibit("position with a plus", "page", "page.malformed", raw.replace(b"\n0\n", b"\n+0\n")),
        Exhibit("position and size apart", "page", "page.malformed", raw.replace(b"\n0\n", b"\n1\n")),
        Exhibit("an empty line among entries", "page", "page.malformed", raw.replace(b"}\n{", b"}\n\n{", 1)),
        Exhibit("carriage returns", "page", "page.malformed", raw.replace(b"\n", b"\r\n")),
        Exhibit("nothing after the note's text", "page", "page.malformed", page_with(TEXT)),
        Exhibit("a tail after the note", "page", "page.malformed", raw + b"\0"),
        Exhibit("extension line", "page", "page.malformed", page_with(sign_note(TEXT + b"x\n", CMO.journal))),
        Exhibit("control character in the note", "page", "page.malformed", tabbed),
        Exhibit("version 2", "page", "page.malformed", raw.replace(b"page/v1", b"page/v2")),
        Exhibit("no entry", "page", "page.malformed", empty),
        Exhibit("of the partner's journal", "page", "page.wrong_journal", raw.replace(b"/cmo\n", b"/mah\n")),
        Exhibit("of the next generation", "page", "page.wrong_journal", raw.replace(b"/cmo\n", b"/cmo/2\n")),
    ]


def receipts() -> list[Exhibit]:
    """Receipts that go to quarantine."""
    note = sign_note(TEXT, CMO.journal)
    cosigned = format_note(TEXT, (CMO.journal.sign(TEXT), MAH.mirror.cosign(TEXT, POSIX_TIME)))
    uncosigned = receipt(4, 4, note)
    stranger = format_note(TEXT, (CMO.journal.sign(TEXT), CMO.mirror.cosign(TEXT, POSIX_TIME)))
    plain = SignatureLine(MAH.mirror.vkey.name, MAH.mirror.vkey.key_id, bytes(8) + CMO.journal.sign(TEXT).signature)
    good = receipt(4, 4, cosigned)
    return [
        Exhibit("not cosigned", "receipt", "receipt.signature_invalid", uncosigned),
        Exhibit("cosigned by another", "receipt", "receipt.signature_invalid", receipt(4, 4, stranger)),
        Exhibit(
            "a signature as cosignature",
            "receipt",
            "receipt.signature_invalid",
            receipt(4, 4, format_note(TEXT, (CMO.journal.sign(TEXT), plain))),
        ),
        Exhibit("judged beyond held", "receipt", "receipt.malformed", receipt(4, 5, cosigned)),
        Exhibit("held beyond the checkpoint", "receipt", "receipt.malformed", receipt(5, 4, cosigned)),
        Exhibit("held without checkpoint", "receipt", "receipt.malformed", receipt(4, 4, b"")),
        Exhibit("checkpoint without held", "receipt", "receipt.malformed", receipt(0, 0, cosigned)),
        Exhibit("length with a zero in front", "receipt", "receipt.malformed", b"0" + good),
        Exhibit("lengths beyond the end", "receipt", "receipt.malformed", good[:-1]),
        Exhibit("a tail", "receipt", "receipt.malformed", good + b"\n"),
        Exhibit("version 2", "receipt", "receipt.malformed", good.replace(b"receipt/v1", b"receipt/v2")),
    ]


def requests() -> list[Exhibit]:
    """Requests to send again that go to quarantine."""
    text = f"counterfoil/resend/v1\n{CMO.origin}\n0\n2026-11-22T09:30:44.123456Z\n".encode()
    good = sign_note(text, MAH.journal)
    code = "resend.malformed"
    return [
        Exhibit("signed by another", "resend", code, sign_note(text, CMO.journal)),
        Exhibit("text changed after signing", "resend", code, good.replace(b"\n0\n", b"\n1\n")),
        Exhibit("time with offset", "resend", code, sign_note(text.replace(b"Z\n", b"+00:00\n"), MAH.journal)),
        Exhibit("position negative", "resend", code, sign_note(text.replace(b"\n0\n", b"\n-1\n"), MAH.journal)),
        Exhibit("one line more", "resend", code, sign_note(text + b"x\n", MAH.journal)),
    ]


def proofs() -> list[Exhibit]:
    """Proofs that prove nothing."""
    note = sign_note(TEXT, CMO.journal)
    path = inclusion_proof(3, 4, HeldTree([made.leaf for made in ENTRIES]))
    good = format_proof(3, path, note)
    upper = Checkpoint(CMO.origin, 2, CHECKPOINT.root).text()
    node = node_hash(ENTRIES[2].leaf, ENTRIES[3].leaf)
    code = "proof.invalid"
    return [
        Exhibit("of another place", "proof", code, good.replace("index 3", "index 2").encode()),
        Exhibit("place beyond the size", "proof", code, good.replace("index 3", "index 7").encode()),
        Exhibit("path too short", "proof", code, format_proof(3, path[:-1], note).encode()),
        Exhibit("path too long", "proof", code, format_proof(3, [*path, bytes(32)], note).encode()),
        Exhibit("path turned round", "proof", code, format_proof(3, path[::-1], note).encode()),
        Exhibit("hash of 31 bytes", "proof", code, format_proof(3, [path[0][:-1], path[1]], note).encode()),
        Exhibit("signed by another", "proof", code, format_proof(3, path, sign_note(TEXT, MAH.journal)).encode()),
        Exhibit("version 2", "proof", code, good.replace("proof@v1", "proof@v2").encode()),
        Exhibit(
            "a node as a leaf",
            "proof_of_node",
            code,
            format_proof(0, [node], sign_note(upper, CMO.journal)).encode(),
        ),
    ]


def keys() -> list[Exhibit]:
    """Keys that are refused when they are registered."""
    good = CMO.journal.vkey.public
    small = [
        Exhibit(f"point {place} of small order", "vkey", "key.refused", vkey(edwards.encode(point)))
        for place, point in enumerate(edwards.small_order_points())
    ]
    unreduced = (edwards.P + 3).to_bytes(32, "little")
    others = {
        "y not reduced": vkey(unreduced),
        "y not reduced, with sign": vkey((edwards.P + 4 | 1 << 255).to_bytes(32, "little")),
        "sign on x of zero": vkey((1 | 1 << 255).to_bytes(32, "little")),
        "no point of the curve": vkey((2).to_bytes(32, "little")),
        "cosigner of small order": vkey(bytes(32), kind=4),
        "33 bytes": vkey(good + b"\0"),
        "31 bytes": vkey(good[:-1]),
        "unknown type": vkey(good, kind=2),
        "seal key too short": vkey(good, kind=6),
        "name with a space": vkey(good, name="a b"),
        "name empty": vkey(good, name=""),
        "key id of another key": str(CMO.journal.vkey).replace("/cmo+", "/mah+").encode(),
        "base64 of another alphabet": vkey(good).replace(b"/", b"_"),
        "base64 with a line feed": vkey(good) + b"\n",
    }
    label = "x25519+{}".format
    weak = {
        "X25519 zero": bytes(32),
        "X25519 one": b"\1" + bytes(31),
        "X25519 not reduced": unreduced,
        "X25519 with the high bit": good[:31] + bytes([good[31] | 0x80]),
    }
    return [
        *small,
        *(Exhibit(name, "vkey", "key.refused", raw) for name, raw in others.items()),
        *(
            Exhibit(name, "label_key", "key.refused", label(b64encode(raw).decode()).encode())
            for name, raw in weak.items()
        ),
    ]


EXHIBITS = [*lines(), *pages(), *receipts(), *requests(), *proofs(), *keys()]
