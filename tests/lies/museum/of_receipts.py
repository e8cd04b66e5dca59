"""Receipts of the holder about the manufacturer's journal."""

from events.journal.checkpoint import Checkpoint
from events.journal.receipt import Statement
from events.notes.note import SignatureLine, format_note, parse_note, sign_note
from tests.events.golden import edwards
from tests.events.golden.cast import CMO, MAH, POSIX_TIME
from tests.lies.museum.exhibit import GOOD, Exhibit, once, with_signature
from tests.lies.mutating.of_records import join_receipt, split_receipt
from tests.lies.originals import PAGES, frontier, receipt

PAGE, LAST = PAGES[1], PAGES[4]
RECEIPT = receipt(LAST)
CHECKPOINT, STATEMENT = split_receipt(RECEIPT)
TEXT = LAST.checkpoint.text()
STRANGER = SignatureLine("witness.example", bytes(4), bytes(64))
MALFORMED, SIGNATURE = "receipt.malformed", "receipt.signature_invalid"


def stated(**changes: object) -> bytes:
    """The statement of the receipt with other values, signed by the holder."""
    own = Checkpoint(MAH.origin, 2, frontier(2).root())
    fields: dict[str, object] = {
        "origin": own.origin,
        "size": own.size,
        "root": own.root,
        "partner_origin": CMO.origin,
        "held": LAST.end,
        "judged": LAST.end - 1,
        "rule_set": 1,
        **changes,
    }
    return sign_note(Statement(**fields).text(), MAH.journal)  # type: ignore[arg-type] # some are wrong on purpose


def with_lines(*lines: SignatureLine) -> bytes:
    return join_receipt(format_note(TEXT, lines), STATEMENT)


def _of(code: str | None, name: str, why: str, raw: bytes) -> Exhibit:
    return Exhibit("receipt", name, code, why, raw)


def good_receipts() -> list[Exhibit]:
    own, cosignature = parse_note(CHECKPOINT).signatures
    return [
        _of(GOOD, "of everything", "An honest receipt.", RECEIPT),
        _of(GOOD, "of nothing yet", "While the partner's journal is empty the first note has no bytes.", receipt(None)),
        _of(
            GOOD,
            "with a stranger's line",
            "Lines of unknown keys are passed over.",
            with_lines(own, cosignature, STRANGER),
        ),
        _of(GOOD, "lines in another order", "Lines of a note have no order.", with_lines(cosignature, own)),
        _of(
            GOOD, "its author's line twice", "The same line twice says nothing new.", with_lines(own, own, cosignature)
        ),
    ]


def bad_receipts() -> list[Exhibit]:
    own, cosignature = parse_note(CHECKPOINT).signatures
    plain = SignatureLine(cosignature.name, cosignature.key_id, MAH.journal.sign(TEXT).signature)
    earlier = SignatureLine(cosignature.name, cosignature.key_id, bytes(8) + cosignature.signature[8:])
    other = split_receipt(receipt(PAGE))
    return [
        _of(
            MALFORMED,
            "first length too small",
            "The lengths are those of the two notes.",
            once(
                RECEIPT,
                b"%d %d\n" % (len(CHECKPOINT), len(STATEMENT)),
                b"%d %d\n" % (len(CHECKPOINT) - 1, len(STATEMENT)),
            ),
        ),
        _of(
            MALFORMED,
            "lengths that add up",
            "The border between the notes is where the lengths say, and there is none.",
            once(
                RECEIPT,
                b"%d %d\n" % (len(CHECKPOINT), len(STATEMENT)),
                b"%d %d\n" % (len(CHECKPOINT) + 1, len(STATEMENT) - 1),
            ),
        ),
        _of(
            MALFORMED,
            "a length of twenty digits",
            "No note is so long; nothing is reserved for it.",
            b"18446744073709551616 " + RECEIPT.partition(b" ")[2],
        ),
        _of(MALFORMED, "a length with a zero in front", "A number has one form.", b"0" + RECEIPT),
        _of(
            MALFORMED,
            "notes exchanged",
            "First the checkpoint, then the statement.",
            join_receipt(STATEMENT, CHECKPOINT),
        ),
        _of(
            MALFORMED,
            "the checkpoint of another receipt",
            "The statement names another size than its checkpoint.",
            join_receipt(other[0], STATEMENT),
        ),
        _of(
            MALFORMED,
            "the statement of another receipt",
            "The checkpoint is of another size than is stated.",
            join_receipt(CHECKPOINT, other[1]),
        ),
        _of(
            MALFORMED,
            "more judged than held",
            "Nothing is judged before it is held.",
            join_receipt(CHECKPOINT, stated(judged=14)),
        ),
        _of(MALFORMED, "held without a checkpoint", "What is held is shown.", join_receipt(b"", stated())),
        _of(
            MALFORMED,
            "a checkpoint of nothing held",
            "Nothing held, nothing shown.",
            join_receipt(CHECKPOINT, stated(held=0, judged=0)),
        ),
        _of(
            MALFORMED,
            "of another journal",
            "A receipt on this topic is of this topic's author.",
            join_receipt(CHECKPOINT, stated(origin=CMO.origin)),
        ),
        _of(
            MALFORMED,
            "about itself",
            "A receipt is about the partner's journal.",
            join_receipt(CHECKPOINT, stated(partner_origin=MAH.origin)),
        ),
        _of(
            MALFORMED,
            "conclusions of one byte",
            "Conclusions are the base64 of 32 bytes, or a hyphen.",
            join_receipt(CHECKPOINT, stated(conclusions="AA==")),
        ),
        _of(
            MALFORMED,
            "conclusions left empty",
            "Conclusions that were not computed are a hyphen.",
            join_receipt(CHECKPOINT, stated(conclusions="")),
        ),
        _of(
            MALFORMED,
            "a line more",
            "A statement has nine lines.",
            join_receipt(CHECKPOINT, sign_note(parse_note(STATEMENT).text + b"x\n", MAH.journal)),
        ),
        _of(
            SIGNATURE,
            "a value changed after signing",
            "The statement is signed.",
            join_receipt(CHECKPOINT, once(STATEMENT, b"\n12\n", b"\n11\n")),
        ),
        _of(
            SIGNATURE,
            "signed by the partner",
            "A receipt is stated by its author's journal key.",
            join_receipt(CHECKPOINT, with_signature(STATEMENT, CMO.journal.sign(parse_note(STATEMENT).text).signature)),
        ),
        _of(
            SIGNATURE,
            "S plus the group order",
            "S must lie below the group order.",
            join_receipt(
                CHECKPOINT, with_signature(STATEMENT, edwards.malleate(parse_note(STATEMENT).signatures[0].signature))
            ),
        ),
        _of(SIGNATURE, "not cosigned", "Its author's mirror key states that it holds the journal.", with_lines(own)),
        _of(
            SIGNATURE,
            "not signed by the journal's author",
            "The partner's own signature is under its checkpoint.",
            with_lines(cosignature),
        ),
        _of(
            SIGNATURE,
            "a signature as a cosignature",
            "A cosignature is a time and a signature by the mirror key.",
            with_lines(own, plain),
        ),
        _of(SIGNATURE, "another time", "The time is signed too.", with_lines(own, earlier)),
        _of(
            SIGNATURE,
            "a time beyond 2^63",
            "A cosignature's time is at most 2^63 - 1.",
            with_lines(
                own, SignatureLine(cosignature.name, cosignature.key_id, b"\xff" * 8 + cosignature.signature[8:])
            ),
        ),
        _of(
            SIGNATURE,
            "cosignature plus the group order",
            "S must lie below the group order here too.",
            with_lines(
                own,
                SignatureLine(
                    cosignature.name,
                    cosignature.key_id,
                    cosignature.signature[:8] + edwards.malleate(cosignature.signature[8:]),
                ),
            ),
        ),
        _of(
            SIGNATURE,
            "cosigned by the wrong mirror",
            "The mirror key of the journal's own author says nothing here.",
            with_lines(own, CMO.mirror.cosign(TEXT, POSIX_TIME)),
        ),
    ]


def receipts() -> list[Exhibit]:
    """All receipts of the museum."""
    return [*good_receipts(), *bad_receipts()]
