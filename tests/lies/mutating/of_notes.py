"""Lies about signatures: malleated, of small order, of another key, name, type or text, more of them, or none."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from random import Random

from events.notes.note import SignatureLine
from events.notes.signers import NoteSigner
from tests.events.golden import edwards
from tests.events.golden.cast import CMO, MAH, POSIX_TIME, seed
from tests.lies.mutating.mutation import SIGNATURE, Mutate, Mutations, one_of, replaced
from tests.lies.originals import NOTES

_SMALL = tuple(edwards.encode(point) for point in edwards.small_order_points())
_TORSION = edwards.small_order_points()[1]
_SIGNERS = (CMO.journal, MAH.journal, CMO.recovery, MAH.recovery)
_VKEYS = tuple(key for party in (CMO, MAH) for key in party.keys.vkeys)
_STATEMENTS = (b"counterfoil/receipt/v1\n", b"counterfoil/resend/v1\n")
_SIGNATURE_BYTES = 64


def line(name: str, value: bytes) -> bytes:
    """A signature line as it stands in a note."""
    return f"— {name} ".encode() + b64encode(value) + b"\n"


def text_before(raw: bytes, at: int) -> bytes:
    """The text that the signature line at a place signs: a statement from its first line, else a checkpoint."""
    signed = raw[: raw.rfind(b"\n\n", 0, at) + 1]
    starts = [start for magic in _STATEMENTS if (start := signed.rfind(magic)) >= 0]
    if starts and b"\n\n" not in signed[max(starts) :]:
        return signed[max(starts) :]
    return b"\n".join(signed.split(b"\n")[-4:])


def _of_value(change: Callable[[Random, bytes], bytes]) -> Mutate:
    """Change what one signature line encodes: key id (4), perhaps a time (8), signature (64)."""

    def mutate(chance: Random, raw: bytes) -> bytes | None:
        found = one_of(chance, SIGNATURE, raw)
        if found is None:
            return None
        return replaced(raw, found, line(found[1].decode(), change(chance, b64decode(found[2]))))

    return mutate


def _with_signature(value: bytes, signature: bytes) -> bytes:
    return value[:-_SIGNATURE_BYTES] + signature


def s_plus_l(chance: Random, value: bytes) -> bytes:
    del chance
    return _with_signature(value, edwards.malleate(value[-_SIGNATURE_BYTES:]))


def another_r(chance: Random, value: bytes) -> bytes:
    """R with its sign turned, or not reduced, or of small order."""
    r, s = bytearray(value[-64:-32]), value[-32:]
    if chance.random() < 0.3:
        r[31] ^= 0x80
        return _with_signature(value, bytes(r) + s)
    return _with_signature(value, chance.choice((*_SMALL, (edwards.P + 1).to_bytes(32, "little"))) + s)


def nothing_signed(chance: Random, value: bytes) -> bytes:
    signature = chance.choice((bytes(64), b"\xff" * 64, chance.choice(_SMALL) + bytes(32)))
    return _with_signature(value, signature)


def value_of_another_length(chance: Random, value: bytes) -> bytes:
    return chance.choice((value[:4], value[:-1], value + b"\0", value[:5], value + value[4:], value[:-64], value[4:]))


def time_changed(chance: Random, value: bytes) -> bytes:
    """Another time under the same signature; of a plain signature: one put in front."""
    times = (0, 1, POSIX_TIME, POSIX_TIME + 1, 2**63 - 1, 2**63, 2**64 - 1)
    rest = value[12:] if len(value) == 76 else value[4:]
    return value[:4] + chance.choice(times).to_bytes(8, "big") + rest


def time_left_out(chance: Random, value: bytes) -> bytes:
    """A cosignature as if it were a plain signature."""
    del chance
    return value[:4] + value[12:] if len(value) == 76 else value[:4] + value[4:][::-1]


def key_id_changed(chance: Random, value: bytes) -> bytes:
    ids = [key.key_id for key in _VKEYS if key.key_id != value[:4]]
    return chance.choice((*ids, bytes(4))) + value[4:]


def of_another_key(chance: Random, raw: bytes) -> bytes | None:
    """The right text, name and key id; the signature of somebody else."""
    found = one_of(chance, SIGNATURE, raw)
    if found is None:
        return None
    value, text = b64decode(found[2]), text_before(raw, found.start())
    signers = [signer for signer in _SIGNERS if signer.vkey.key_id != value[:4]]
    signature = chance.choice(signers).sign(text).signature
    return replaced(raw, found, line(found[1].decode(), _with_signature(value, signature)))


def with_torsion(chance: Random, raw: bytes) -> bytes | None:
    """Valid only for a reader that clears the cofactor."""
    found = one_of(chance, SIGNATURE, raw)
    if found is None:
        return None
    party = "cmo" if found[1].endswith(b"/cmo") else "mah"
    signature = edwards.sign_with_torsion(seed(f"{party} journal"), text_before(raw, found.start()), _TORSION)
    return replaced(raw, found, line(found[1].decode(), _with_signature(b64decode(found[2]), signature)))


def of_another_text(chance: Random, raw: bytes) -> bytes | None:
    """The same key, name and id; the signature of another checkpoint."""
    found = one_of(chance, SIGNATURE, raw)
    if found is None:
        return None
    value = b64decode(found[2])
    texts = [note.text for note in NOTES if note.text not in raw]
    if not texts:
        return None
    text = chance.choice(texts)
    made = MAH.mirror.cosign(text, POSIX_TIME) if len(value) == 76 else _signer_named(found[1]).sign(text)
    return replaced(raw, found, line(found[1].decode(), made.key_id + made.signature))


def name_changed(chance: Random, raw: bytes) -> bytes | None:
    """Another name; its key id perhaps as well."""
    found = one_of(chance, SIGNATURE, raw)
    if found is None:
        return None
    key = chance.choice([key for key in _VKEYS if key.name.encode() != found[1]])
    value = b64decode(found[2])
    return replaced(raw, found, line(key.name, (key.key_id if chance.random() < 0.5 else value[:4]) + value[4:]))


def type_changed(chance: Random, raw: bytes) -> bytes | None:
    """A mirror key that signs where a journal key should, or the other way round: right keys, wrong kind."""
    found = one_of(chance, SIGNATURE, raw)
    if found is None:
        return None
    text, party = text_before(raw, found.start()), CMO if found[1].startswith(CMO.origin.encode()) else MAH
    if found[1].endswith(b"/mirror"):
        made = party.journal.sign(text)
        return replaced(raw, found, line(found[1].decode(), made.key_id + made.signature))
    made = party.mirror.cosign(text, POSIX_TIME)
    return replaced(raw, found, line(found[1].decode(), b64decode(found[2])[:4] + made.signature))


def no_signature(chance: Random, raw: bytes) -> bytes | None:
    found = one_of(chance, SIGNATURE, raw)
    return None if found is None else replaced(raw, found, b"")


def dash_changed(chance: Random, raw: bytes) -> bytes | None:
    found = one_of(chance, SIGNATURE, raw)
    dashes = ("-", "–", "--", "―", "")
    return None if found is None else replaced(raw, found, chance.choice(dashes).encode() + found[0][3:])


def line_added(chance: Random, raw: bytes) -> bytes | None:
    """One signature line more: of a stranger, of the same key, valid or not, before or behind."""
    found = one_of(chance, SIGNATURE, raw)
    if found is None:
        return None
    text = text_before(raw, found.start())
    stranger = str(SignatureLine("stranger.example", bytes(4), bytes(64))).encode() + b"\n"
    other = f"{chance.choice(_SIGNERS).sign(text)}\n".encode()
    broken = line(found[1].decode(), b64decode(found[2])[:-1] + b"\0")
    added = chance.choice((stranger, other, broken, found[0]))
    return replaced(raw, found, chance.choice((found[0] + added, added + found[0])))


def _signer_named(name: bytes) -> NoteSigner:
    return CMO.journal if name == CMO.origin.encode() else MAH.journal


MUTATIONS: Mutations = {
    "S with the group order added": _of_value(s_plus_l),
    "another R": _of_value(another_r),
    "nothing signed": _of_value(nothing_signed),
    "signature of another length": _of_value(value_of_another_length),
    "time of a cosignature changed": _of_value(time_changed),
    "cosignature as a signature": _of_value(time_left_out),
    "key id changed": _of_value(key_id_changed),
    "signed by another key": of_another_key,
    "valid only with cofactor": with_torsion,
    "signature of another text": of_another_text,
    "key name changed": name_changed,
    "key of another type": type_changed,
    "signature left out": no_signature,
    "dash changed": dash_changed,
    "signature line added": line_added,
}
