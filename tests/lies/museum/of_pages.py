"""Pages of the manufacturer's journal, as they meet a holder that has some of it."""

from collections.abc import Sequence
from dataclasses import replace

from events.journal.checkpoint import Checkpoint
from events.journal.page import Page, make_page
from events.journal.tree import Frontier, leaf_hash, node_hash
from events.notes.note import SignatureLine, format_note, sign_note
from tests.events.golden import edwards
from tests.events.golden.cast import CMO, MAH, POSIX_TIME, entry, seed
from tests.lies.museum.exhibit import GOOD, Exhibit, once, with_signature
from tests.lies.originals import ENTRIES, LEAVES, PAGES, frontier

ONE, PAGE, LAST = PAGES[0], PAGES[1], PAGES[4]
TEXT = PAGE.checkpoint.text()
SMALL = [edwards.encode(point) for point in edwards.small_order_points()]
MALFORMED, SIGNATURE, ROOT = "page.malformed", "page.signature_invalid", "page.root_mismatch"


def grown(start: int, lines: Sequence[bytes]) -> Page:
    """A page of any lines behind the first entries of the journal, signed by its author."""
    tree: Frontier = frontier(start).copy()
    tree.extend(leaf_hash(line.partition(b"\t")[0]) for line in lines)
    return make_page(Checkpoint(CMO.origin, tree.size, tree.root()), lines, CMO.journal)


def page(name: str, code: str | None, why: str, made: Page | bytes, held: int = PAGE.first) -> Exhibit:
    return Exhibit("page", name, code, why, made if isinstance(made, bytes) else made.encode(), held)


def signed(signature: bytes) -> Page:
    return replace(PAGE, note=with_signature(PAGE.note, signature))


def good() -> list[Exhibit]:
    return [
        page("the first page", GOOD, "An honest page of one entry, for whoever holds nothing yet.", ONE, 0),
        page("the next page", GOOD, "An honest page of three entries, for whoever holds the one before them.", PAGE),
        page(
            "the last page", GOOD, "An honest page of six entries, with labels, causes and all kinds of text.", LAST, 7
        ),
    ]


def framing() -> list[Exhibit]:
    raw = PAGE.encode()
    return [
        page("CR LF", MALFORMED, "A line ends at LF and nowhere else.", raw.replace(b"\n", b"\r\n")),
        page("a tail of NUL", MALFORMED, "Nothing comes after the note.", raw + b"\0"),
        page("a second page behind it", MALFORMED, "One record is one page.", raw + LAST.encode()),
        page("cut in the note", MALFORMED, "A page that was cut short has no whole signature line.", raw[:-20]),
        page("cut in an entry", MALFORMED, "A page that was cut short has no checkpoint.", raw[:700]),
        page("no entry", MALFORMED, "A page is one or more entries.", replace(PAGE, lines=())),
        page(
            "an empty entry",
            MALFORMED,
            "The first empty line ends the entries: what follows is no checkpoint.",
            replace(PAGE, lines=(PAGE.lines[0], b"", *PAGE.lines[1:])),
        ),
        page("place with a zero in front", MALFORMED, "A number has one form.", once(raw, b"\n1\n{", b"\n01\n{")),
        page(
            "place in wide digits",
            MALFORMED,
            "A number has one form: digits of ASCII.",
            once(raw, b"\n1\n{", "\n１\n{".encode()),
        ),
        page(
            "size of seventeen digits",
            MALFORMED,
            "No size has more than sixteen digits.",
            once(raw, b"\n4\n", b"\n10000000000000004\n"),
        ),
        page(
            "one entry left out",
            MALFORMED,
            "Place, number of entries and size do not agree.",
            replace(PAGE, lines=PAGE.lines[1:]),
        ),
        page(
            "one entry twice",
            MALFORMED,
            "Place, number of entries and size do not agree.",
            replace(PAGE, lines=(*PAGE.lines, PAGE.lines[-1])),
        ),
        page("one entry too many", "page.too_large", "A page has at most 4,096 entries.", grown(1, [b"{}"] * 4097)),
    ]


def journals() -> list[Exhibit]:
    wrong = "page.wrong_journal"
    mah = make_page(Checkpoint(MAH.origin, 4, PAGE.checkpoint.root), PAGE.lines, MAH.journal)
    raw, own = PAGE.encode(), CMO.origin.encode()
    return [
        page("of the partner's journal", wrong, "Whole and rightly signed, on the wrong topic.", mah),
        page(
            "renamed in its header",
            wrong,
            "The header names another journal than the checkpoint.",
            raw.replace(own, own + b"/2", 1),
        ),
        page("of the next generation", wrong, "Generations are journals of their own.", raw.replace(own, own + b"/2")),
        page(
            "another journal's, renamed",
            SIGNATURE,
            "The name was written over; the signature is of another key.",
            mah.encode().replace(MAH.origin.encode(), own),
        ),
    ]


def signatures() -> list[Exhibit]:
    own = CMO.journal.sign(TEXT)
    cosigned = format_note(TEXT, (own, MAH.mirror.cosign(TEXT, POSIX_TIME)))
    mirror = SignatureLine(own.name, own.key_id, CMO.mirror.cosign(TEXT, POSIX_TIME).signature)
    torsion = edwards.sign_with_torsion(seed("cmo journal"), TEXT, edwards.small_order_points()[1])
    turned = bytearray(own.signature)
    turned[31] ^= 0x80
    spare = PAGE.note.replace(b"=\n", b"=\n", 1)
    at = spare.rindex(b"=")
    return [
        page(
            "S plus the group order",
            SIGNATURE,
            "S must lie below the group order, or one signature has two forms.",
            signed(edwards.malleate(own.signature)),
        ),
        page("valid only with the cofactor", SIGNATURE, "Ed25519 is checked without cofactor.", signed(torsion)),
        page("R turned round", SIGNATURE, "The sign of R belongs to what is signed.", signed(bytes(turned))),
        page(
            "R of small order, S zero",
            SIGNATURE,
            "Valid only under a key of small order.",
            signed(SMALL[0] + bytes(32)),
        ),
        page("signature of zeros", SIGNATURE, "Nothing was signed.", signed(bytes(64))),
        page("signature cut short", SIGNATURE, "A signature has 64 bytes.", signed(own.signature[:-1])),
        page(
            "signed by the partner",
            SIGNATURE,
            "The right name and key id, the signature of another key.",
            signed(MAH.journal.sign(TEXT).signature),
        ),
        page(
            "signature of another checkpoint",
            SIGNATURE,
            "The right key; it signed another size of the journal.",
            signed(LAST.signed_note.signatures[0].signature),
        ),
        page(
            "a cosignature in its place",
            SIGNATURE,
            "A mirror key signs no page.",
            replace(PAGE, note=format_note(TEXT, [mirror])),
        ),
        page(
            "key id of another key",
            SIGNATURE,
            "No line is of the key in force.",
            replace(PAGE, note=format_note(TEXT, [SignatureLine(own.name, MAH.journal.vkey.key_id, own.signature)])),
        ),
        page(
            "signed twice",
            MALFORMED,
            "The note of a page has exactly one signature line.",
            replace(PAGE, note=format_note(TEXT, (own, own))),
        ),
        page(
            "signed and cosigned",
            MALFORMED,
            "The note of a page has exactly one signature line.",
            replace(PAGE, note=cosigned),
        ),
        page("not signed", MALFORMED, "A note has a signature line.", replace(PAGE, note=TEXT + b"\n")),
        page(
            "base64 with spare bits",
            MALFORMED,
            "Base64 must re-encode to itself.",
            replace(PAGE, note=spare[: at - 1] + bytes([spare[at - 1] + 1]) + spare[at:]),
        ),
        page(
            "base64 without padding",
            MALFORMED,
            "Base64 must re-encode to itself.",
            PAGE.encode().replace(b"=\n", b"\n"),
        ),
        page(
            "an extension line",
            MALFORMED,
            "A checkpoint here has three lines.",
            replace(PAGE, note=sign_note(TEXT + b"extension\n", CMO.journal)),
        ),
        page(
            "a hyphen for the dash",
            MALFORMED,
            "A signature line begins with an em dash.",
            PAGE.encode().replace("— ".encode(), b"- "),
        ),
    ]


def trees() -> list[Exhibit]:
    one, other = LEAVES[1], LEAVES[2]
    node = make_page(
        Checkpoint(CMO.origin, 2, node_hash(LEAVES[0], node_hash(one, other))), [b"\x01" + one + other], CMO.journal
    )
    doubled = make_page(
        Checkpoint(CMO.origin, 3, grown(1, [ENTRIES[1].line]).checkpoint.root), [ENTRIES[1].line] * 2, CMO.journal
    )
    return [
        page(
            "entries turned round", ROOT, "The order of the entries is signed.", replace(PAGE, lines=PAGE.lines[::-1])
        ),
        page(
            "an entry exchanged",
            ROOT,
            "Another entry than the one that was signed.",
            replace(PAGE, lines=(*PAGE.lines[:2], entry(77).line)),
        ),
        page(
            "one letter of a head",
            ROOT,
            "Every byte of a head is signed.",
            replace(PAGE, lines=(PAGE.lines[0].replace(b"li.na", b"li.no"), *PAGE.lines[1:])),
        ),
        page(
            "another root, signed",
            ROOT,
            "Signed by its author, and not what the entries lead to.",
            make_page(Checkpoint(CMO.origin, 4, bytes(32)), PAGE.lines, CMO.journal),
        ),
        page("a node as a leaf", ROOT, "Leaves and nodes are hashed with different prefixes.", node),
        page("the last leaf doubled", ROOT, "A tree of RFC 6962 doubles no leaf: three leaves are not two.", doubled),
        page(
            "a page that begins below what is held",
            "page.overlap",
            "Held entries are never replaced: it is asked for again.",
            PAGES[1],
            2,
        ),
        page(
            "a page that begins beyond what is held",
            "waits",
            "Nothing is wrong with it: what is missing is asked for.",
            LAST,
            4,
        ),
        page(
            "its front left out",
            "waits",
            "Its place is not signed, only its end: it must wait until it fits.",
            replace(PAGE, first=2, lines=PAGE.lines[1:]),
        ),
        page(
            "a body exchanged",
            "entry.malformed",
            "Heads are signed; a head names the hash of its body.",
            replace(PAGE, lines=(PAGE.lines[0].partition(b"\t")[0] + b"\t" + ENTRIES[0].body_bytes, *PAGE.lines[1:])),
        ),
        page(
            "a body left out",
            "entry.malformed",
            "Without its tab and body an entry is not whole.",
            replace(PAGE, lines=(PAGE.lines[0].partition(b"\t")[0], *PAGE.lines[1:])),
        ),
        page(
            "a line that is no entry",
            "entry.malformed",
            "Under an honest signature, and still no entry.",
            grown(1, [b"{}\t{}"]),
        ),
    ]


def pages() -> list[Exhibit]:
    """All pages of the museum."""
    return [*good(), *framing(), *journals(), *signatures(), *trees()]
