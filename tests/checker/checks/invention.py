"""K4: nothing is in a store but what its author signed; hashes, verdicts and keys are what the bytes say."""

from collections.abc import Mapping
from itertools import product

from tests.checker.form.canonical import FormError, read_json
from tests.checker.form.lines import is_moment
from tests.checker.form.notes import parse_note
from tests.checker.gathered import Run, Side
from tests.checker.journal import Held, Journal
from tests.checker.keys import ROTATED, Keys, named_in
from tests.checker.replay import COMPUTED, MALFORMED, Replayed
from tests.checker.stores.rows import ROLES, other
from tests.checker.verdict import Verdict

CHECK = "K4"
REFUSED = "entry.refused.v1"
REFUSAL_MALFORMED = "refusal.malformed"
CODES = COMPUTED | {
    "entry.unknown_type",
    "entry.schema_invalid",
    "entry.wrong_author",
    "entry.wrong_subject",
    "entry.wrong_labels",
    "entry.not_permitted",
    "entry.wrong_state",
    "entry.wrong_reference",
}
_REPORTED = {
    "entry.wrong_revision": "K5",
    "entry.time_fell": "K5",
    "entry.seen_impossible": "K5",
    "entry.seen_withheld": "K5",
    "entry.duplicate_id": "K6",
}
"""Which check an entry fails that was accepted in spite of a reason; the others fail this one."""


def check(run: Run, verdict: Verdict) -> None:
    """Prove every page and every entry of each journal in each store."""
    _check_pairing(run, verdict)
    for side, role in product(run, ROLES):
        journal = side.journals[role]
        _check_signatures(side.role, journal, run.keys[role], verdict)
        for replayed in side.replays[role].entries:
            where = {"store": side.role, "journal": role, "position": replayed.held.position}
            _check_columns(replayed, verdict, where)
            _check_verdict(replayed, verdict, where)
        _check_types(side, role, verdict)
    for author, reader in run.pairs():
        for leaf in reader.by_leaf.keys() - author.by_leaf.keys():
            place = reader.by_leaf[leaf].position
            verdict.fail(CHECK, "the reader holds what the author does not", journal=author.role, position=place)


def _check_signatures(store: str, journal: Journal, keys: Keys, verdict: Verdict) -> None:
    ends = {page.size for page in journal.rows.pages}
    for page in journal.rows.pages:
        where = {"store": store, "journal": journal.role, "first": page.first}
        try:
            note = parse_note(page.note)
        except FormError as error:
            verdict.fail(CHECK, f"a page's note: {error}", **where)
            continue
        signed = len(note.signatures) == 1 and note.is_signed_by(keys.of_page(page.first))
        verdict.expect(CHECK, signed, "a page is not signed by the one key in force at its first entry", **where)
    for held in journal.accepted(ROTATED):
        last = held.position + 1 in ends
        verdict.expect(CHECK, last, "a rotation is not last in its page", store=store, position=held.position)


def _check_columns(replayed: Replayed, verdict: Verdict, where: Mapping[str, object]) -> None:
    """Compare what stands beside an entry with what its bytes say."""
    row, line = replayed.held.row, replayed.held.line
    verdict.expect(CHECK, row.leaf == line.leaf, "the leaf kept is not that of the head", **where)
    head = line.head or {}
    said = {name: head.get(name) for name in ("id", "type", "subject", "time", "seen")}
    said |= {"revision": replayed.revision, "order_major": replayed.order_major}
    kept = {name: getattr(row, name) for name in said}
    verdict.expect_alike(CHECK, said, kept, "a column is not what the bytes say", **where)


def _check_verdict(replayed: Replayed, verdict: Verdict, where: Mapping[str, object]) -> None:
    held, reasons = replayed.held, replayed.reasons
    code = held.row.code
    verdict.look(CHECK)
    if code is None:
        for reason in reasons:
            what = f"accepted, though {reason} {held.line.flaw or ''}".strip()
            verdict.fail(_REPORTED.get(reason, CHECK), what, **where)
        return
    if (code == REFUSAL_MALFORMED) != (held.line.type == REFUSED):
        verdict.fail(CHECK, f"refused as {code}, which is not for {held.line.type or 'bytes without a type'}", **where)
    elif code not in CODES and not code.startswith("gate.") and code != REFUSAL_MALFORMED:
        verdict.fail(CHECK, f"refused as {code}, which is no code", **where)
    elif code in COMPUTED and code not in reasons:
        verdict.fail(CHECK, f"refused as {code}, its bytes give {list(reasons)}", **where)
    elif held.line.flaw is not None and code not in (MALFORMED, REFUSAL_MALFORMED):
        verdict.fail(CHECK, f"refused as {code}, though malformed: {held.line.flaw}", **where)
    if held.row.violates:
        verdict.fail(CHECK, "both refused and marked as a violation", **where)


def _check_types(side: Side, role: str, verdict: Verdict) -> None:
    """Ask that an accepted entry is of a type that its reader has announced."""
    announced: set[str] = set()
    for held in side.journals[other(role)].accepted("gateway.announced.v1"):
        announced |= set((held.line.body or {}).get("events", []))
    for held in side.journals[role].accepted() if announced else ():
        if held.line.type not in announced:
            where = {"store": side.role, "journal": role, "position": held.position}
            verdict.fail(CHECK, f"accepted, though its reader never announced {held.line.type}", **where)


def _check_pairing(run: Run, verdict: Verdict) -> None:
    """Ask that all entries 0 and all invitations name the same keys (formats.md 8)."""
    for side in run:
        where = {"store": side.role}
        parties = {
            side.rows.own_role: side.rows.own_invitation,
            other(side.rows.own_role): side.rows.partner_invitation,
        }
        for role, raw in parties.items():
            _check_invitation(run, role, raw or b"", verdict, where)
        verdict.expect(CHECK, is_moment(side.rows.confirmed_at), "nobody confirmed the pairing", **where)
        for journal in side:
            _check_opening(run, journal.at.get(0), verdict, {**where, "journal": journal.role})


def _check_opening(run: Run, held: Held | None, verdict: Verdict, where: Mapping[str, object]) -> None:
    try:
        named = named_in(held.line.body if held is not None else None)
    except FormError as error:
        verdict.fail(CHECK, f"entry 0: {error}", **where)
        return
    parties = tuple(named.parties[role] for role in ROLES)
    same = named == run.named and parties == run.relationship
    verdict.expect(CHECK, same, "entry 0 names other keys or parties than the other side's", **where)


def _check_invitation(run: Run, role: str, raw: bytes, verdict: Verdict, where: Mapping[str, object]) -> None:
    try:
        said = read_json(raw)
        keys = (*said["keys"], said["label_key"])
        party = (said["party"], said["role"], said["relationship"], said["topic"])
    except (FormError, KeyError, TypeError) as error:
        verdict.fail(CHECK, f"the invitation of the {role} cannot be read: {error}", **where)
        return
    topic = ".".join(("counterfoil", *run.relationship, role))
    due = (run.named.parties[role], role, "/".join(run.relationship), topic)
    verdict.expect(CHECK, keys == run.named.keys[role], f"the invitation of the {role} names other keys", **where)
    verdict.expect(CHECK, party == due, f"the invitation of the {role} is of {party}", **where)
