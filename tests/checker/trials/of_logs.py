"""Corruptions of what travelled on the wire and of what clients were told."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from tests.checker.trials.corruption import WIRE, Corruption, Trial, alter, flipped, log, remove, those
from tests.checker.trials.tables import Row

Line = dict[str, Any]


def _of(kind: str) -> Callable[[list[Row]], list[Row]]:
    return those(lambda row: row["kind"] == kind)


def _pages_sent_once(rows: list[Row]) -> list[Row]:
    """Pages that no other record repeats: of a repeat only its checkpoint is looked at."""
    ends = [_checkpoint(row) for row in rows if row["kind"] == "page"]
    return [row for row in rows if row["kind"] == "page" and _is_page(row) and ends.count(_checkpoint(row)) == 1]


def _is_page(row: Row) -> bool:
    return bool(row["value"].startswith(b"counterfoil/page/v1\n"))


def _checkpoint(row: Row) -> tuple[bytes, bytes]:
    """Return the origin and the size that a page's checkpoint names."""
    lines = row["value"].rpartition(b"\n\n")[0].rpartition(b"\n\n")[2].split(b"\n")
    return (lines[0], lines[1])


def _wire(name: str, where: Callable[[list[Row]], list[Row]], table: str = "record", /, **values: Any) -> Corruption:
    return alter(name, "K8", table, where, of=WIRE, **values)


def _some(trial: Trial, outcome: str, *, told: bool = True) -> Line:
    """Pick a command that ended so, and was told of events."""
    return trial.chance.choice(
        [line for line in trial.log if line["outcome"] == outcome and (line["events"] or not told)]
    )


def _told_of_another_event(trial: Trial) -> None:
    event = trial.chance.choice(_some(trial, "ok")["events"])
    event["leaf"] = b64encode(flipped(b64decode(event["leaf"]), trial.chance)).decode()


def _told_of_another_id(trial: Trial) -> None:
    event = trial.chance.choice(_some(trial, "ok")["events"])
    event["id"] = flipped(event["id"], trial.chance)


def _sent_to_the_other(trial: Trial) -> None:
    line = _some(trial, "ok")
    line["party"] = "cmo" if line["party"] == "mah" else "mah"


def _became(outcome: str, new: str, *, told: bool = True, **fields: Any) -> Callable[[Trial], None]:
    def edit(trial: Trial) -> None:
        _some(trial, outcome, told=told).update(fields, outcome=new)

    return edit


def _done_many_times(trial: Trial) -> None:
    _some(trial, "unknown", told=False)["mark"] = "eqms"


def _two_effects(trial: Trial) -> None:
    line, other = trial.chance.sample([line for line in trial.log if line["events"]], 2)
    trial.log.append({**line, "events": other["events"]})


def _two_keys(trial: Trial) -> None:
    line = _some(trial, "ok")
    trial.log.append({name: value for name, value in line.items() if name != "mark"} | {"key": "another"})


def _twin_mark(trial: Trial) -> None:
    """A mark that stands in two entries."""
    line = trial.chance.choice([line for line in trial.log if line["outcome"] == "ok" and "mark" in line])
    line["mark"] = "eqms"


LOGS = [
    _wire("a bit of a page on the wire", _pages_sent_once, value=flipped),
    _wire("a bit of a receipt on the wire", _of("receipt"), value=flipped),
    _wire("a page cut short on the wire", _of("page"), value=lambda raw, chance: raw[: chance.randrange(len(raw))]),
    _wire("a record of another kind", _of("page"), kind="rumour"),
    _wire("a record of no kind", _of("receipt"), kind=None),
    remove("a record went away", "K8", "record", those(bool), of=WIRE),
    _wire("the wire ends earlier", those(bool), "topic", end=lambda end, _: end - 1),
    _wire("the topic was made anew", those(bool), "topic", id=flipped),
    _wire("the topic has another name", those(bool), "topic", name=flipped),
    log("an acknowledged event that nobody has", "K2", _told_of_another_event),
    log("an acknowledged event under another id", "K2", _told_of_another_id),
    log("an acknowledged event in the other journal", "K2", _sent_to_the_other),
    log("an acknowledged command without trace", "K2", _became("fail", "ok", told=False)),
    log("an acknowledged command that was done many times", "K3", _twin_mark),
    log("a failed command that stands in the stores", "K3", _became("ok", "fail")),
    log("a failed command that the store remembers", "K3", _became("ok", "fail", events=[], mark="nowhere")),
    log("an unknown command that was done many times", "K3", _done_many_times),
    log("one key with two effects", "K6", _two_effects),
    log("two keys with one effect", "K6", _two_keys),
]
