"""Corruptions of the exchange: pairing, receipts, quarantine, the place on the wire, answers, external numbers."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.checker.trials.corruption import (
    Corruption,
    Trial,
    add,
    alter,
    flipped,
    flipped_signature,
    raised,
    remove,
    remove_all,
    those,
)
from tests.checker.trials.tables import Row, Tables

ROLES = ("mah", "cmo")
_ANY = those(bool)
_SHOWN = those(lambda row: row["checkpoint_note"])
_ANSWERED = those(lambda row: b'"position"' in row["answer"])


def _another_key(raw: bytes, chance: Random) -> bytes:
    """Return an invitation with a character of one of its keys changed."""
    said: dict[str, Any] = json.loads(raw)
    place = chance.randrange(len(said["keys"]) + 1)
    if place == len(said["keys"]):
        said["label_key"] = flipped(said["label_key"], chance)
    else:
        said["keys"][place] = flipped(said["keys"][place], chance)
    return json.dumps(said).encode()


def _last_word_lost(trial: Trial) -> None:
    """Take away what one side has of the other's receipts for its last entries."""
    store = trial.chance.choice(ROLES)
    tables = trial.stores[store]
    rows = tables.rows("receipt", lambda row: row["author"] == 1 - ROLES.index(store))
    most = max(row["held"] for row in rows)
    tables.remove("receipt", *(row for row in rows if row["held"] == most))


def _uncosigned(trial: Trial) -> None:
    """Put the page's own checkpoint in the place of a cosigned one."""
    tables, row = trial.pick("receipt", _SHOWN)
    (page,) = tables.rows("page", lambda page: (page["role"], page["size"]) == (1 - row["author"], row["held"]))
    tables.change("receipt", row, {"checkpoint_note": page["note"]})


def _statement_of_another(*, own: bool) -> Callable[[Trial], None]:
    """Put the statement of another receipt, of the same author or of the other, in the place of one."""

    def change(trial: Trial) -> None:
        tables, row = trial.pick("receipt", _ANY)
        others = tables.rows("receipt", lambda each: (each["author"] == row["author"]) == own and each != row)
        tables.change("receipt", row, {"statement_note": trial.one(others)["statement_note"]})

    return change


def _waiting_page(trial: Trial, _tables: Tables) -> Row:
    return {"relationship": 1, "first": 400, "digest": trial.chance.randbytes(32), "value": b"a page"}


def _read_less(trial: Trial) -> None:
    """Move the place on the wire back, to before something that is no mere heartbeat."""
    tables, row = trial.pick("wire_cursor", _ANY)
    tables.change("wire_cursor", row, {"offset": trial.chance.randrange(row["offset"] - 20)})


def _other_place(raw: bytes, chance: Random) -> bytes:
    """Return an answer in which the first place that is named is another."""
    before, name, after = raw.partition(b'"position":')
    return before + name + b"%d" % chance.randrange(1, 9) + after.lstrip()


def _two_numbers(_trial: Trial, tables: Tables) -> Row:
    row = tables.rows("external_number")[0]
    return {**row, "number": "QMS/8"}


def _receipt(name: str, where: Any = _ANY, **values: Any) -> Corruption:
    return alter(name, "K10", "receipt", where, **values)


def _set_aside(name: str, **values: Any) -> Corruption:
    return alter(f"{name} of what was set aside", "K8", "quarantine", _ANY, **values)


EXCHANGE = [
    # Pairing
    alter("an own invitation with another key", "K4", "relationship", _ANY, own_invitation=_another_key),
    alter("a partner's invitation with another key", "K4", "relationship", _ANY, partner_invitation=_another_key),
    alter("no invitation of the partner", "K4", "relationship", _ANY, partner_invitation=None),
    alter("an invitation that is none", "K4", "relationship", _ANY, own_invitation=lambda raw, _: raw[1:]),
    alter("nobody confirmed", "K4", "relationship", _ANY, confirmed_at=None),
    # Receipts
    Corruption("the last receipts went away", "K10", _last_word_lost),
    remove_all("every receipt went away", "K10", "receipt"),
    _receipt("a bit of a receipt's statement", statement_note=flipped),
    _receipt("a bit of a statement's signature", statement_note=flipped_signature),
    _receipt("a bit of a cosignature", _SHOWN, checkpoint_note=flipped_signature),
    _receipt("a bit of a receipt's checkpoint", _SHOWN, checkpoint_note=flipped),
    alter("a bit of a seal", "K10", "seal", _ANY, note=flipped),
    alter("a seal's size", "K10", "seal", _ANY, size=lambda size, chance: raised(size, chance) + 1000),
    _receipt("no checkpoint", _SHOWN, checkpoint_note=b""),
    Corruption("no cosignature", "K10", _uncosigned),
    _receipt("the own size beside a receipt", size=lambda size, chance: raised(size, chance) + 1000),
    _receipt("the size held beside a receipt", held=lambda size, chance: raised(size, chance) + 1000),
    _receipt("the size judged beside a receipt", judged=lambda size, chance: raised(size, chance) + 1000),
    _receipt("the rule set beside a receipt", rule_set=raised),
    _receipt("the time beside a receipt", at="yesterday"),
    Corruption("the statement of another receipt", "K10", _statement_of_another(own=True)),
    Corruption("the statement of the other author", "K10", _statement_of_another(own=False)),
    # Quarantine and what waits
    remove("something set aside went away", "K8", "quarantine", _ANY),
    remove_all("everything set aside went away", "K8", "quarantine", "quarantine_total"),
    _set_aside("a bit", value=flipped),
    _set_aside("the digest", digest=flipped),
    _set_aside("the code", code="page.ugly"),
    _set_aside("the kind", kind=""),
    _set_aside("the time", at=""),
    _set_aside("the number", number=lambda number, chance: number + 10 * raised(0, chance)),
    alter("the count of what was set aside", "K8", "quarantine_total", _ANY, count=flipped),
    alter("the bytes of what was set aside", "K8", "quarantine_total", _ANY, bytes=flipped),
    add("a page that still waits", "K8", "held_page", _waiting_page),
    Corruption("read less of the wire", "K8", _read_less),
    alter("read more than there is", "K8", "wire_cursor", _ANY, offset=raised),
    alter("read another topic of the name", "K8", "wire_cursor", _ANY, topic_id=flipped),
    # Answers and external numbers
    alter("an answer that names another entry", "K6", "answer", _ANSWERED, answer=_other_place),
    alter("an answer that is none", "K6", "answer", _ANY, answer=lambda raw, _: raw[1:]),
    alter("an answer with no status", "K6", "answer", _ANY, status=20),
    alter("an external number of another matter", "K6", "external_number", _ANY, subject=flipped),
    alter("another external number", "K6", "external_number", _ANY, number=flipped),
    alter("an external number of another system", "K6", "external_number", _ANY, source="erp"),
    add("two external numbers of one matter", "K6", "external_number", _two_numbers, store="cmo"),
]
