"""What looks like a fault and is none."""

from pathlib import Path

from tests.checker.run import check_stores
from tests.checker.trials.conftest import check_folder, on_trial
from tests.checker.trials.corruption import flipped
from tests.checker.verdict import Verdict


def check_forgetful(folder: Path) -> Verdict:
    mah, cmo = (f"sqlite:///{folder / name}.sqlite" for name in ("mah", "cmo"))
    return check_stores(mah, cmo, wire=f"embedded:{folder / 'wire.sqlite'}", wire_forgot=True)


def test_a_heart_that_beats_on_is_not_heard_in_vain(spoilt: Path) -> None:
    """Gateways are stopped one after the other, and read while they run."""
    with on_trial(spoilt, "heart") as trial:
        (cursor,) = trial.stores["mah"].rows("wire_cursor")
        trial.stores["mah"].change("wire_cursor", cursor, {"offset": cursor["offset"] - 1})

    verdict = check_folder(spoilt)

    assert verdict.ok, verdict.told()
    assert verdict.counts["wire"]["cmo"]["pending"] == 1


def test_of_a_wire_that_forgot_nobody_knows_what_was_read(spoilt: Path) -> None:
    with on_trial(spoilt, "forgetful") as trial:
        row = trial.one(trial.wire.rows("record", lambda row: row["kind"] == "receipt"))
        trial.wire.change("record", row, {"value": flipped(row["value"], trial.chance)})

    assert check_folder(spoilt).names == {"K8"}
    assert check_forgetful(spoilt).ok


def test_two_gateways_may_have_been_sent_the_same_key(spoilt: Path) -> None:
    with on_trial(spoilt, "keys") as trial:
        mah = next(line for line in trial.log if line["party"] == "mah" and line["outcome"] == "ok")
        cmo = next(line for line in trial.log if line.get("party") == "cmo" and line["outcome"] == "ok")
        mah["key"] = cmo["key"]
        trial.log.append({"key": mah["key"], "outcome": "fail", "events": [], "party": "mah"})

    verdict = check_folder(spoilt)

    assert verdict.ok, verdict.told()


def test_a_page_that_was_damaged_when_it_came_again_is_a_repeat(spoilt: Path) -> None:
    """Of what is held only the root is compared (formats.md 5.3)."""
    with on_trial(spoilt, "repeat") as trial:
        pages = trial.wire.rows("record", lambda row: row["kind"] == "page" and row["value"].startswith(b"counterfoil"))
        first = trial.one([page for page in pages if b"journal.taken.v1" in page["value"]])
        topic = next(each for each in trial.wire.rows("topic") if each["number"] == first["topic"])
        damaged = first["value"].replace(b"journal.taken.v1", b"journal.given.v1")
        trial.wire.add("record", {**first, "offset": topic["end"], "value": damaged})
        trial.wire.change("topic", topic, {"end": topic["end"] + 1})
        reader = trial.stores["cmo" if topic["name"].endswith(".mah") else "mah"]
        (cursor,) = reader.rows("wire_cursor")
        reader.change("wire_cursor", cursor, {"offset": cursor["offset"] + 1})

    verdict = check_folder(spoilt)

    assert verdict.ok, verdict.told()
