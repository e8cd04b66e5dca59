"""Keys that are handed in to be registered, and invitations that carry them."""

import json
from typing import Any

from events.encoding.identifiers import Role
from events.pairing import format_label_key
from tests.events.golden import edwards
from tests.events.golden.cast import CMO, MAH, RELATIONSHIP
from tests.lies.museum.exhibit import GOOD, Exhibit
from tests.lies.mutating.of_proofs import vkey_of
from tests.lies.originals import invitation

CODE, BAD = "key.refused", "invitation.malformed"
SMALL = [edwards.encode(point) for point in edwards.small_order_points()]
ORDERS = (1, 8, 4, 8, 2, 8, 4, 8)  # of the multiples of a point of order eight
PUBLIC = CMO.journal.vkey.public
ORIGIN = CMO.origin


def _vkeys() -> list[Exhibit]:
    def vkey(name: str, code: str | None, why: str, text: str) -> Exhibit:
        return Exhibit("vkey", name, code, why, text.encode())

    small = "A key of order {} verifies signatures that anybody can make."
    return [
        *(
            vkey(f"the manufacturer's key {n}", GOOD, "An honest key.", text)
            for n, text in enumerate(CMO.keys.texts(), 1)
        ),
        *(
            vkey(f"small order, point {n}", CODE, small.format(ORDERS[n]), vkey_of("a", 1, raw))
            for n, raw in enumerate(SMALL)
        ),
        vkey("a cosigner of small order", CODE, "Mirror keys are checked alike.", vkey_of("a", 4, SMALL[1])),
        vkey(
            "y equal to the modulus",
            CODE,
            "A coordinate is written reduced.",
            vkey_of("a", 1, edwards.P.to_bytes(32, "little")),
        ),
        vkey("y of 2^255 - 1", CODE, "A coordinate is written reduced.", vkey_of("a", 1, b"\xff" * 31 + b"\x7f")),
        vkey("a sign on x of zero", CODE, "Zero has no sign.", vkey_of("a", 1, (1 | 1 << 255).to_bytes(32, "little"))),
        vkey(
            "no point of the curve", CODE, "There is no point with this y.", vkey_of("a", 1, (2).to_bytes(32, "little"))
        ),
        vkey("31 bytes", CODE, "An Ed25519 key has 32 bytes.", vkey_of("a", 1, PUBLIC[:-1])),
        vkey("33 bytes", CODE, "An Ed25519 key has 32 bytes.", vkey_of("a", 1, PUBLIC + b"\0")),
        vkey("a seal key of 32 bytes", CODE, "An ML-DSA-44 key has 1,312 bytes.", vkey_of("a", 6, PUBLIC)),
        vkey("type 2", CODE, "Nothing here signs so.", vkey_of("a", 2, PUBLIC)),
        vkey("type 255", CODE, "Nothing here signs so.", vkey_of("a", 255, PUBLIC)),
        vkey("another type under the same id", CODE, "The id is that of name, type and key.", _retyped()),
        vkey("renamed", CODE, "The id is that of name, type and key.", str(CMO.journal.vkey).replace("/cmo+", "/mah+")),
        vkey("id in capitals", CODE, "Hexadecimal digits are small.", _id_in_capitals()),
        vkey("no name", CODE, "A key has a name.", vkey_of("", 1, PUBLIC)),
        vkey("a space in its name", CODE, "No signature line could carry the name.", vkey_of("a b", 1, PUBLIC)),
        vkey(
            "a wide space in its name", CODE, "No signature line could carry the name.", vkey_of("a\u3000b", 1, PUBLIC)
        ),
        vkey("a line feed behind it", CODE, "Base64 must re-encode to itself.", vkey_of("a", 1, PUBLIC) + "\n"),
        vkey("nothing", CODE, "A vkey is name, id and key.", ""),
    ]


def _retyped() -> str:
    name, key_id, _ = vkey_of("a", 1, PUBLIC).split("+", 2)
    return f"{name}+{key_id}+{vkey_of('a', 4, PUBLIC).split('+', 2)[2]}"


def _id_in_capitals() -> str:
    """Of a name whose key id has a letter in it."""
    name = next(name for name in map("a{}".format, range(99)) if not vkey_of(name, 1, PUBLIC).split("+")[1].isdecimal())
    _, key_id, encoded = vkey_of(name, 1, PUBLIC).split("+", 2)
    return f"{name}+{key_id.upper()}+{encoded}"


def _label_keys() -> list[Exhibit]:
    weak = {
        "zero": (bytes(32), "Its secret is zero, whoever the partner is."),
        "one": (b"\1" + bytes(31), "A point of small order."),
        "minus one": ((edwards.P - 1).to_bytes(32, "little"), "A point of small order."),
        "not reduced": ((edwards.P + 9).to_bytes(32, "little"), "A coordinate is written reduced."),
        "with its high bit": ((9 | 1 << 255).to_bytes(32, "little"), "A second way to write one key."),
        "31 bytes": (bytes(range(31)), "An X25519 key has 32 bytes."),
    }
    return [
        Exhibit("label_key", "the manufacturer's", GOOD, "An honest label key.", CMO.keys.label_key.encode()),
        *(Exhibit("label_key", name, CODE, why, format_label_key(raw).encode()) for name, (raw, why) in weak.items()),
        Exhibit("label_key", "without its prefix", CODE, "It begins with x25519+.", CMO.keys.label_key[7:].encode()),
    ]


def _invitations() -> list[Exhibit]:
    honest = invitation().dump()

    def changed(title: str, why: str, code: str | None = BAD, /, **fields: Any) -> Exhibit:
        raw = json.dumps({**json.loads(honest), **fields}, ensure_ascii=False, indent=2).encode()
        return Exhibit("invitation", title, code, why, raw)

    keys = CMO.keys.texts()
    renamed = vkey_of(f"{ORIGIN}/recovery", 1, PUBLIC)
    turned = f"{RELATIONSHIP.cmo}/{RELATIONSHIP.mah}"
    other_label = "Its fingerprint is another one: two people who compare it see that."
    return [
        Exhibit("invitation", "the manufacturer's", GOOD, "An honest invitation.", honest),
        changed("another name", "The name is shown to a person and vouched for by nobody.", GOOD, name="另一家公司"),
        changed("the partner's label key", other_label, "pairing.fingerprint_differs", label_key=MAH.keys.label_key),
        changed(
            "a key of small order",
            "A weak key is not registered.",
            keys=[*keys[:4], vkey_of(f"{ORIGIN}/recovery", 1, SMALL[1])],
        ),
        changed("a label key of small order", "A weak key is not registered.", label_key=format_label_key(bytes(32))),
        changed("one raw key, two names", "One raw key has one name and one type.", keys=[*keys[:4], renamed]),
        changed("keys in another order", "Each key stands in its place.", keys=keys[::-1]),
        changed("four keys", "A party has five keys.", keys=keys[:4]),
        changed(
            "the partner's keys", "Keys are named after the journal of the one who invites.", keys=MAH.keys.texts()
        ),
        changed("the other role", "The party has the other role in this relationship.", role="mah"),
        changed(
            "the relationship turned round", "With the roles swapped it is another relationship.", relationship=turned
        ),
        changed("the partner's topic", "A party writes its own topic.", topic=RELATIONSHIP.topic(Role.MAH)),
        changed("a code with a wrong check character", "GB 32100-2015.", party=RELATIONSHIP.cmo[:-1] + "0"),
        changed("a field more", "Nothing unknown is in an invitation.", extra="x"),
        changed("a name of 401 characters", "A text has at most 400 characters.", name="x" * 401),
        changed("a line feed in its name", "What is shown to a person is printable.", name="a\nb"),
        Exhibit(
            "invitation",
            "a field twice",
            BAD,
            "Nobody can tell which of the two is meant.",
            honest.rstrip()[:-2] + b',\n  "role": "cmo"\n}',
        ),
        Exhibit("invitation", "a byte order mark", BAD, "It is JSON from its first byte on.", b"\xef\xbb\xbf" + honest),
        Exhibit("invitation", "cut short", BAD, "It is no JSON.", honest[:-40]),
    ]


def keys() -> list[Exhibit]:
    """All keys and invitations of the museum."""
    return [*_vkeys(), *_label_keys(), *_invitations()]
