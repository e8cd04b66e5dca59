"""From stores, logs and wire to one verdict."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.checker.checks import ALL
from tests.checker.checks.shown_items import read_row
from tests.checker.client_log import Command, read_logs
from tests.checker.form.lines import read_line
from tests.checker.form.notes import parse_note, verify
from tests.checker.form.records import read_receipt
from tests.checker.gathered import Run, assemble
from tests.checker.stores.reading import read_store
from tests.checker.stores.rows import ROLES, StoreRows
from tests.checker.verdict import Verdict
from tests.checker.wire import Topic, read_topic

Pair = Mapping[str, StoreRows]
Topics = Mapping[str, Topic | None]

_REMEMBERING = (read_line, parse_note, read_receipt, verify, read_row)
_MOST_REMEMBERED = 20_000  # results between two verdicts; a single one may remember more


def check_stores(
    mah: str,
    cmo: str,
    logs: Sequence[Path] = (),
    wire: str | None = None,
    relationship: str | None = None,
    *,
    topics: Topics | None = None,
    wire_forgot: bool = False,
) -> Verdict:
    """Check a relationship of two stores, named or the only one that both have.

    `topics`: by the role that writes them, from whoever keeps a wire in memory, instead of `wire`. `wire_forgot`: the
    wire lost or reordered records that it had acknowledged, so what was read of it can no longer be told from it.

    Raises:
        UnreadableError: a store or the wire cannot be read. FormError: a log is in another form.
        ValueError: there is no such relationship, or more than one.
    """
    pair = shared({"mah": read_store(mah), "cmo": read_store(cmo)}, relationship)
    if wire is not None:
        topics = {role: read_topic(wire, topic_name(pair, role)) for role in ROLES}
    return judge(pair, read_logs(logs), topics, wire_forgot=wire_forgot)


def judge(
    pair: Pair, commands: Sequence[Command] = (), topics: Topics | None = None, *, wire_forgot: bool = False
) -> Verdict:
    """Check what was read."""
    verdict = Verdict()
    try:
        run = assemble(pair, commands, topics, wire_forgot=wire_forgot)
    except Exception as error:  # noqa: BLE001 - whatever a damaged store does to the reading of it, it is found
        verdict.fail("K4", f"the journals cannot be read: {type(error).__name__}: {error}")
        return verdict
    for name in ALL:
        _guarded(name, run, verdict)
    _forget()
    return verdict


def topic_name(pair: Pair, role: str) -> str:
    """Return the topic that a party writes (formats.md 1)."""
    return ".".join(("counterfoil", *pair["mah"].relationship, role))


def shared(stores: Mapping[str, Sequence[StoreRows]], wanted: str | None = None) -> Pair:
    """Return the relationship that both stores hold, each as its own side.

    Raises:
        ValueError: there is no such relationship, or more than one.
    """
    found = {
        "/".join(rows.relationship): {"mah": rows, "cmo": other}
        for rows in stores["mah"]
        for other in stores["cmo"]
        if rows.relationship == other.relationship and (rows.own_role, other.own_role) == ROLES
    }
    if wanted is not None:
        found = {name: pair for name, pair in found.items() if name == wanted}
    if len(found) != 1:
        raise ValueError(f"the two stores share {sorted(found) or 'no relationship'}; name one: --relationship MAH/CMO")
    return next(iter(found.values()))


def _guarded(name: str, run: Run, verdict: Verdict) -> None:
    """Run one check; what it could not even look at is a failure of it, and no end of the others."""
    try:
        ALL[name](run, verdict)
    except Exception as error:  # noqa: BLE001 - whatever a damaged store does to a check, it is found
        verdict.fail(name, f"the check could not go on: {type(error).__name__}: {error}")


def _forget() -> None:
    """Let go of what was remembered of this pair, if it is much: the same process may check hundreds of others."""
    for remembering in _REMEMBERING:
        if remembering.cache_info().currsize > _MOST_REMEMBERED:
            remembering.cache_clear()
