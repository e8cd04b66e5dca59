"""Corruptions with the keys at hand: signed words that contradict what is there. No flipped bit would do that."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from events.encoding.identifiers import Role
from events.journal.checkpoint import Checkpoint
from events.journal.receipt import Statement, make_receipt, parse_receipt
from events.notes.note import parse_note, sign_note
from tests.checker.trials.corruption import WIRE, Corruption, Trial, flipped
from tests.checker.trials.tables import Row, Tables
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.world import keys_of

KEYS = {role: keys_of(RELATIONSHIP, role) for role in Role}
ROLES = list(Role)


def _note_of_both(made: Callable[[bytes, Role], bytes]) -> Callable[[Trial], None]:
    """Put another note under a page of both stores; it is made of the one that is there and its author."""

    def change(trial: Trial) -> None:
        _, row = trial.pick("page", list)
        note = made(row["note"], ROLES[row["role"]])
        for tables, twin in trial.alike("page", row):
            tables.change("page", twin, {"note": note})

    return change


def _signed_by_the_other(note: bytes, author: Role) -> bytes:
    return sign_note(parse_note(note).text, KEYS[author.other].journal_signer)


def _signed_twice(note: bytes, _author: Role) -> bytes:
    return note + note.splitlines(keepends=True)[-1]


def _receipt(*, by_reader: bool = False, **lies: Any) -> Callable[[Trial], None]:
    """Replace the last receipt that one side has of the other by one that says otherwise.

    A lie may be made of the true value; `by_reader`: the party that it is for signed it itself.
    """

    def change(trial: Trial) -> None:
        author = trial.chance.choice(ROLES)
        told = {name: lie(trial) if callable(lie) else lie for name, lie in lies.items()}
        _replace(trial, author, author.other if by_reader else author, told)

    return change


def _replace(trial: Trial, author: Role, signer: Role, told: dict[str, Any]) -> None:
    tables = trial.stores[author.other.value]
    row = _last_receipt(tables, author)
    notes = (row["checkpoint_note"], row["statement_note"])
    raw = b"%d %d\n" % tuple(map(len, notes)) + b"".join(notes)
    said = parse_receipt(raw, *(RELATIONSHIP.origin(each) for each in (author, author.other)))
    fields = {name: getattr(said, name) for name in Statement.__dataclass_fields__} | told
    forged = make_receipt(
        statement=Statement(**fields),
        partner_note=said.checkpoint_note,
        posix_time=1795339900,
        signer=KEYS[signer].journal_signer,
        cosigner=KEYS[signer].mirror_cosigner,
    )
    made = {"checkpoint_note": forged.checkpoint_note, "statement_note": forged.statement_note}
    tables.change("receipt", row, made)


def _last_receipt(tables: Tables, author: Role) -> Row:
    return tables.rows("receipt", lambda row: row["author"] == ROLES.index(author))[-1]


def _another_hash(trial: Trial) -> bytes:
    return trial.chance.randbytes(32)


def _concluded(trial: Trial) -> str:
    return b64encode(trial.chance.randbytes(32)).decode()


def _both_concluded(trial: Trial) -> None:
    """Have both parties conclude the same, and something else than their rows come to."""
    same = {"conclusions": _concluded(trial)}
    for author in ROLES:
        _replace(trial, author, author, same)


def _second_history(trial: Trial) -> None:
    """Put a page on the wire whose checkpoint its author signed over another root."""
    author = trial.chance.choice(ROLES)
    (topic,) = trial.wire.rows("topic", lambda row: row["name"] == RELATIONSHIP.topic(author))
    pages = trial.wire.rows("record", lambda row: (row["topic"], row["kind"]) == (topic["number"], "page"))
    row = trial.one([page for page in pages if b"\n\n" in page["value"]])
    start, _, note = row["value"].partition(b"\n\n")
    origin, size, root = parse_note(note).lines()
    other = Checkpoint(origin, int(size), flipped(b64decode(root), trial.chance))
    signed = sign_note(other.text(), KEYS[author].journal_signer)
    trial.wire.change("record", row, {"value": start + b"\n\n" + signed})


def _rolled_back(trial: Trial) -> None:
    """Take an acknowledged event and what came after it out of both stores, as if it had never been."""
    tables = next(iter(trial.stores.values()))
    entries = {b64encode(row["leaf"]).decode(): row for row in tables.rows("entry")}
    told = [event["leaf"] for line in trial.log if line["outcome"] == "ok" for event in line["events"]]
    lost = entries[trial.chance.choice([leaf for leaf in told if leaf in entries])]
    pages = tables.rows("page", lambda row: row["role"] == lost["role"] and row["first"] <= lost["position"])
    first = max(row["first"] for row in pages)
    for each in trial.stores.values():
        rows = each.rows("entry", lambda row: row["role"] == lost["role"] and row["position"] >= first)
        each.remove("entry", *rows)
        each.remove("page", *each.rows("page", lambda row: row["role"] == lost["role"] and row["first"] >= first))


WORDS = [
    Corruption("a checkpoint signed by the other party", "K4", _note_of_both(_signed_by_the_other)),
    Corruption("a checkpoint signed twice", "K4", _note_of_both(_signed_twice)),
    Corruption("a receipt signed by the party that it is for", "K10", _receipt(by_reader=True)),
    Corruption("a receipt over another root of its author", "K10", _receipt(root=_another_hash)),
    Corruption("a receipt of another rule set", "K10", _receipt(rule_set=7)),
    Corruption("a receipt that has judged less", "K10", _receipt(judged=3)),
    Corruption("other conclusions from the same entries", "K7", _receipt(conclusions=_concluded)),
    Corruption("both conclude what their rows do not come to", "K7", _both_concluded),
    Corruption("two histories on the wire", "K10", _second_history, WIRE),
    Corruption("both stores lost the same acknowledged events", "K2", _rolled_back),
]
