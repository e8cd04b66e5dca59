"""K6: each event and each command has exactly one effect. Equal ids within a context are found in `invention`."""

from tests.checker.client_log import shown
from tests.checker.form.canonical import FormError, read_json
from tests.checker.gathered import Run, Side
from tests.checker.journal import places_in
from tests.checker.verdict import Verdict

CHECK = "K6"


def check(run: Run, verdict: Verdict) -> None:
    """Compare keys, remembered answers and external numbers with the entries that they stand for."""
    _check_keys(run, verdict)
    for side in run:
        _check_remembered(side, verdict)
        _check_external(side, verdict)


def _check_keys(run: Run, verdict: Verdict) -> None:
    """Ask that a key had one effect however often it was sent, and that no event is the effect of two."""
    told: dict[tuple[str | None, str], tuple[tuple[str, bytes], ...]] = {}
    owner: dict[bytes, tuple[str | None, str]] = {}
    for command in run.commands:
        verdict.look(CHECK)
        if not command.events or command.outcome != "ok":
            continue
        named = (command.party, command.key)
        if told.setdefault(named, command.events) != command.events:
            verdict.fail(CHECK, "one key had two effects", key=command.key, log=command.where)
        for _, leaf in command.events:
            if owner.setdefault(leaf, named) != named:
                verdict.fail(CHECK, "one event is the effect of two keys", key=command.key, leaf=shown(leaf))


def _check_remembered(side: Side, verdict: Verdict) -> None:
    """Ask that every entry that a remembered answer names is in the journal, at its place."""
    for answer in side.rows.answers:
        where = {"store": side.role, "key": answer.key}
        try:
            said = read_json(answer.answer)
        except FormError as error:
            verdict.fail(CHECK, f"a remembered answer: {error}", **where)
            continue
        known = 200 <= answer.status < 600
        verdict.expect(CHECK, known, f"a remembered answer with status {answer.status}", **where)
        for place in places_in(said):
            journal = side.journals.get(place.get("journal", side.role))
            held = journal.at.get(place["position"]) if journal is not None else None
            there = held is not None and shown(held.line.leaf) == place["leaf"]
            verdict.expect(CHECK, there, "a remembered answer names an entry that is not there", **where)


def _check_external(side: Side, verdict: Verdict) -> None:
    """Ask that every external number stands for one subject that the own journal opened under it."""
    opened: dict[str, list[tuple[object, object]]] = {}
    for held in side.own.accepted():
        body = held.line.body or {}
        if "external_number" in body:
            opened.setdefault(held.subject, []).append((body.get("source"), body["external_number"]))
    subjects: set[str] = set()
    for row in side.rows.external:
        where = {"store": side.role, "number": row.number}
        there = (row.source, row.number) in opened.get(row.subject, [])
        verdict.expect(CHECK, there, f"an external number of {row.subject}, which was not opened under it", **where)
        verdict.expect(CHECK, row.subject not in subjects, f"a second external number of {row.subject}", **where)
        subjects.add(row.subject)
