"""When all is quiet: the wait until both sides hold the same, and the checker's verdict on it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from tests.end_to_end.one_demo import environment
from tests.kills.stage.gateways import await_until
from tests.kills.stage.load import Load
from tests.kills.stage.pair import HEARTBEAT_SECONDS, Pair, Side, other

DRAIN_SECONDS = 120.0  # reliability.md asks for 30 after the last kill, of a machine that does nothing else
CHECKS = ("K1", "K2", "K3", "K4", "K5", "K7", "K8", "K10")


@dataclass
class Outcome:
    """What the checker found, and how long the pair took until it was at rest."""

    drained_seconds: float
    document: dict[str, Any]

    @property
    def failed(self) -> dict[str, Any]:
        """The checks that do not hold, with their counterexamples."""
        return {name: check for name, check in self.document["checks"].items() if not check["ok"]}


def settled(pair: Pair, load: Load) -> Outcome:
    """Wait until both gateways are at rest and ask the checker; traffic has stopped and nothing is broken any more.

    A gateway that owes its partner a `journal.taken` rests only when it has written it: a verdict on stores that grew
    meanwhile says nothing.
    """
    drained = _rest(pair)
    while True:
        before = _sizes(_snapshot(pair))
        document = _checked(pair, load)
        if _sizes(_snapshot(pair)) == before:
            break
        _rest(pair)
    assert set(CHECKS) <= set(document["checks"])
    return Outcome(drained, document)


def _rest(pair: Pair) -> float:
    """Wait until both are at rest; return the seconds."""
    return await_until(lambda: is_at_rest(pair), DRAIN_SECONDS, lambda: f"at rest: {standing(pair)}")


def assert_settles(pair: Pair, load: Load) -> Outcome:
    """Wait for rest and ask that every check holds."""
    outcome = settled(pair, load)
    assert outcome.failed == {}, outcome.failed
    assert outcome.document["counts"]["commands"].get("ok", 0) > 0
    assert [side.role for side in pair.sides.values() if _tells_a_secret(side)] == []
    assert [differing for side in pair.sides.values() if (differing := _differing(side))] == []
    return outcome


def _differing(side: Side) -> str:
    """Return what `projections diff` says of rows that are not what a fold from entry 0 comes to; empty if all are."""
    program = "from services.gateway.cli.main import run; raise SystemExit(run(['projections', 'diff', '--json']))"
    environ = {**environment(), **side.process.settings}
    said = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False)
    return "" if said.returncode == 0 else f"{side.role}: {said.stdout}{said.stderr}"


def _tells_a_secret(side: Side) -> bool:
    """Tell whether a token or the passphrase stands in what a gateway wrote to its log in all its lives."""
    log = side.process.log.read_bytes() if side.process.log.exists() else b""
    return any(
        secret.encode() in log for secret in (*side.tokens.values(), side.process.settings["COUNTERFOIL_PASSPHRASE"])
    )


def _checked(pair: Pair, load: Load) -> dict[str, Any]:
    """Return the checker's verdict; it runs as a program of its own, as anybody would run it."""
    stores = ["--mah", pair.mah.store, "--cmo", pair.cmo.store]
    command = [sys.executable, "-m", "tests.checker", *stores, "--client-log", str(load.log)]
    said = subprocess.run(
        [*command, "--wire", f"kafka:{pair.broker}", "--json"], capture_output=True, text=True, check=False
    )
    assert said.returncode in (0, 1), said.stderr
    document: dict[str, Any] = json.loads(said.stdout)
    return document


def is_at_rest(pair: Pair) -> bool:
    """Tell whether both have heard that the other holds everything, and show it."""
    first = _snapshot(pair)
    if first is None or not all(_is_quiet(pair.sides[role], first) for role in first):
        return False
    await_until(lambda: _has_heard(pair, first), 6 * HEARTBEAT_SECONDS, "heartbeats")
    return _sizes(_snapshot(pair)) == _sizes(first)


def standing(pair: Pair) -> str:
    """Return how the exchange stands on both sides, for an error's text."""
    return str(_snapshot(pair))


def _snapshot(pair: Pair) -> dict[str, dict[str, Any]] | None:
    try:
        return {role: side.partner() for role, side in pair.sides.items()}
    except (OSError, HTTPException, ValueError, LookupError):
        return None


def _is_quiet(side: Side, found: dict[str, dict[str, Any]]) -> bool:
    own, partner = found[side.role], found[other(side.role)]
    heard = own["heard"] or {}
    return (
        own["waiting"] == own["waiting_pages"] == 0
        and own["missing_from"] is None
        and not own["wire_error"]
        and own["held"] == partner["own_size"] == heard.get("size")
        and heard.get("held") == own["own_size"]
        and side.lag() == 0
    )


def _has_heard(pair: Pair, first: dict[str, dict[str, Any]]) -> bool:
    """Tell whether a heartbeat of each arrived since."""
    found = _snapshot(pair)
    return found is not None and all(found[role]["heard"]["at"] > first[role]["heard"]["at"] for role in first)


def _sizes(found: dict[str, dict[str, Any]] | None) -> object:
    return None if found is None else {role: (row["own_size"], row["held"]) for role, row in found.items()}
