"""Requests of the holder, and checkpoints that it has cosigned."""

from events.encoding.moments import parse_moment
from events.journal.resend import make_resend
from events.notes.note import SignatureLine, format_note, parse_note, sign_note
from tests.events.golden import edwards
from tests.events.golden.cast import CMO, MAH
from tests.lies.museum.exhibit import GOOD, Exhibit, once, with_signature
from tests.lies.museum.of_receipts import LAST, PAGE, STATEMENT, STRANGER, TEXT
from tests.lies.originals import cosigned

WHEN = parse_moment("2026-11-22T09:30:44.123456Z")


def requests() -> list[Exhibit]:
    """All requests of the museum."""
    good = make_resend(CMO.origin, 0, WHEN, MAH.journal).encode()
    text = parse_note(good).text
    code = "resend.malformed"

    def resigned(old: bytes, new: bytes) -> bytes:
        return sign_note(once(text, old, new), MAH.journal)

    return [
        Exhibit("resend", "from the beginning", GOOD, "An honest request.", good),
        Exhibit(
            "resend",
            "with a stranger's line",
            GOOD,
            "Lines of unknown keys are passed over.",
            good + f"{STRANGER}\n".encode(),
        ),
        Exhibit("resend", "place changed after signing", code, "A request is signed.", once(good, b"\n0\n", b"\n1\n")),
        Exhibit(
            "resend",
            "signed by the partner",
            code,
            "A request is signed by the one who asks.",
            sign_note(text, CMO.journal),
        ),
        Exhibit(
            "resend",
            "signed by the recovery key",
            code,
            "A recovery key can only revoke.",
            sign_note(text, MAH.recovery),
        ),
        Exhibit("resend", "a negative place", code, "Places count from 0.", resigned(b"\n0\n", b"\n-1\n")),
        Exhibit("resend", "time without its microseconds", code, "A time has one form.", resigned(b".123456Z", b"Z")),
        Exhibit("resend", "time with an offset", code, "A time is UTC and ends in Z.", resigned(b"Z\n", b"+00:00\n")),
        Exhibit("resend", "a line more", code, "A request has four lines.", sign_note(text + b"x\n", MAH.journal)),
        Exhibit("resend", "a receipt's statement", code, "Signed by the right key, and no request.", STATEMENT),
        Exhibit(
            "resend",
            "S plus the group order",
            code,
            "S must lie below the group order.",
            with_signature(good, edwards.malleate(parse_note(good).signatures[0].signature)),
        ),
    ]


def checkpoints() -> list[Exhibit]:
    """All cosigned checkpoints of the museum."""
    good = cosigned(LAST)
    own, cosignature = parse_note(good).signatures
    malformed, invalid = "note.malformed", "note.signature_invalid"

    def note(*lines: SignatureLine) -> bytes:
        return format_note(TEXT, lines)

    return [
        Exhibit("cosigned", "the last checkpoint", GOOD, "Signed by its author, cosigned by the partner.", good),
        Exhibit(
            "cosigned",
            "with a stranger's line",
            GOOD,
            "Lines of unknown keys are passed over.",
            note(STRANGER, own, cosignature),
        ),
        Exhibit("cosigned", "not cosigned", invalid, "Nobody has stated that it was held.", note(own)),
        Exhibit(
            "cosigned",
            "not signed",
            invalid,
            "A cosignature alone makes no checkpoint of its author's.",
            note(cosignature),
        ),
        Exhibit(
            "cosigned",
            "cosignature of another size",
            invalid,
            "What was cosigned is another checkpoint.",
            note(own, parse_note(cosigned(PAGE)).signatures[1]),
        ),
        Exhibit(
            "cosigned",
            "root changed",
            invalid,
            "The root is signed.",
            once(good, TEXT.split(b"\n")[2], b"A" * 43 + b"="),
        ),
        Exhibit(
            "cosigned",
            "no empty line",
            malformed,
            "A note is a text, an empty line and signature lines.",
            good.replace(b"\n\n", b"\n"),
        ),
        Exhibit(
            "cosigned",
            "root of 31 bytes",
            malformed,
            "A root has 32 bytes.",
            once(good, TEXT.split(b"\n")[2], b"A" * 40 + b"AA=="),
        ),
        Exhibit(
            "cosigned",
            "a control character",
            malformed,
            "A note has no control character but LF.",
            once(good, TEXT.split(b"\n")[0] + b"\n13", TEXT.split(b"\n")[0] + b"\t\n13"),
        ),
    ]
