"""A story that clients of both sides tell together: a risk that suspends, a change, a result, a batch until it leaves.

Each step names what earlier ones led to. Whoever comes first takes the next step of his side; one that is refused,
because the partner's word has not come yet, is taken again by the next, under another key. When all is told, or one
step is refused too often, the story begins anew with other matters.
"""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

Told = dict[str, dict[str, Any]]
"""The answers of steps by their names."""

MOST_REFUSALS = 60
FILES = {sha256(content).hexdigest(): content for content in (b"record", b"tests")}

_DAY, _SITE = "2026-11-22", "S-1"
_QP = "qualified_person"


@dataclass(frozen=True)
class Step:
    """One step: by whom, in which role, where, and what is said; the mark stands in one place of it."""

    name: str
    party: str
    path: str
    body: Callable[["Story", str], Mapping[str, Any]]
    role: str = "qa_manager"


@dataclass
class Story:
    """How far it is told."""

    told: Told = field(default_factory=dict)
    number: str = field(default_factory=lambda: secrets.token_hex(4))
    times: int = 0  # how often it was told to its end
    _refusals: int = 0
    _is_taken: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, party: str) -> Step | None:
        """Return the next step, if it is this party's turn and nobody is at it."""
        with self._lock:
            step = STEPS[len(self.told)]
            if self._is_taken or step.party != party:
                return None
            self._is_taken = True
            return step

    def done(self, step: Step, answer: Mapping[str, Any], *, is_ok: bool) -> None:
        """Hear what became of a step that was taken."""
        with self._lock:
            self._is_taken = False
            if is_ok:
                self.told[step.name] = dict(answer)
                self._refusals = 0
            else:
                self._refusals += 1
            if len(self.told) == len(STEPS) or self._refusals > MOST_REFUSALS:
                self.times += len(self.told) == len(STEPS)
                self.told, self.number, self._refusals = {}, secrets.token_hex(4), 0

    def path(self, step: Step) -> str:
        """Return where a step is taken: `{risk}` is the item of the step `risk`."""
        return step.path.format(**{name: answer.get("item", "") for name, answer in self.told.items()})

    def ref(self, name: str, index: int = 0) -> dict[str, Any]:
        """Return the reference to an entry that a step led to."""
        event = self.told[name]["events"][index]
        return {each: event[each] for each in ("journal", "position", "leaf")}

    def product(self, kind: str) -> dict[str, str]:
        """Return a product of this story alone: nothing else is in its way."""
        return {"name": "注射液", "code": f"{kind}-{self.number}"}


def _signed(mark: str, meaning: str = "approved") -> dict[str, Any]:
    return {"signature": {"meaning": meaning, "reason": mark}}


def _risk(story: Story, mark: str) -> dict[str, Any]:
    return {"title": mark, "identified_at": _DAY, "scope": {"products": [story.product("R")]}}


def _suspension(story: Story, mark: str) -> dict[str, Any]:
    return {"reason": mark, "stopped_at": _DAY, "scope": {"products": [story.product("R")]}}


def _result(_story: Story, mark: str) -> dict[str, Any]:
    return {
        "title": mark,
        "result_kind": "oos",
        "test": "HPLC",
        "result": "94.80",
        "limits": "95.0–105.0",
        "suspected_at": _DAY,
    }


def _version(story: Story, mark: str) -> dict[str, Any]:
    scope = {"products": [story.product("B")], "sites": [_SITE]}
    version = {
        "title": "注射液",
        "version": "1.0",
        "document": "d" * 64,
        "effective_from": "2026-01-01",
        "scope": scope,
    }
    return version | _signed(mark)


def _process(story: Story, mark: str) -> dict[str, Any]:
    prescription = {"number": "RX-1", "version": "1.0", "document": "c" * 64}
    return {**_version(story, mark), "state": "commercial", "prescription": prescription}


def _made(story: Story, number: str) -> dict[str, Any]:
    return {
        "number": number,
        "product": story.product("B"),
        "purpose": "commercial",
        "line": "L-1",
        "site": _SITE,
    }


def _unasked(story: Story, mark: str) -> dict[str, Any]:
    return {**_made(story, f"U-{story.number}"), "started_at": f"{_DAY}T09:00:00+08:00", "external_number": mark}


def _authorised(story: Story, mark: str) -> dict[str, Any]:
    documents = {"process_version": story.ref("process"), "standard_version": story.ref("standard")}
    return {**_made(story, f"B-{story.number}"), **documents, **_signed(mark)}


def _tested(_story: Story, mark: str) -> dict[str, Any]:
    result = {"test": mark, "result": "99.50", "unit": "%", "limits": "95.0–105.0", "verdict": "conforms"}
    return {"results": [result], "tested_at": _DAY}


def _released(_story: Story, mark: str) -> dict[str, Any]:
    kinds = dict(zip(FILES, ("batch_production_record", "batch_test_record"), strict=True))
    package = {
        "manifest": [{"kind": kind, "sha256": name} for name, kind in kinds.items()],
        "attachments": [{"sha256": each, "name": f"{each[:8]}.pdf", "size": len(FILES[each])} for each in FILES],
        "no_deviations": {"meaning": "released", "reason": "无偏差"},
    }
    return {**_signed(mark, "released"), "package": package}


def _left(_story: Story, _mark: str) -> dict[str, Any]:
    return {"quantity": {"amount": "10000", "unit": "支"}, "shipped_at": _DAY}


def _review(item: str) -> Callable[[Story, str], dict[str, Any]]:
    return lambda _story, mark: {"item": item, "verdict": "satisfactory", **_signed(mark, "reviewed")}


STEPS = (
    Step("risk", "cmo", "/v1/risks", _risk),
    Step(
        "major",
        "mah",
        "/v1/risks/{risk}/classification",
        lambda _story, mark: {"level": "major", "risk_kind": "quality", "rationale": mark},
    ),
    Step("suspension", "cmo", "/v1/suspensions", _suspension),
    Step("lifted", "cmo", "/v1/suspensions/{suspension}/lifting", lambda _story, mark: _signed(mark)),
    Step("process", "mah", "/v1/process-versions", _process),
    Step("standard", "mah", "/v1/standard-versions", _version),
    Step("lifted by both", "mah", "/v1/suspensions/{suspension}/lifting", lambda _story, mark: _signed(mark)),
    Step("result", "cmo", "/v1/oos-results", _result),
    Step("change", "cmo", "/v1/changes", lambda _story, mark: {"title": "更换供应商", "description": mark}),
    Step("batch", "cmo", "/v1/batches", _authorised),
    Step("start", "cmo", "/v1/batches/{batch}/start", lambda _story, _mark: {"started_at": f"{_DAY}T09:00:00+08:00"}),
    Step(
        "made",
        "cmo",
        "/v1/batches/{batch}/manufacturing",
        lambda _story, _mark: {"quantity": {"amount": "10000", "unit": "支"}, "completed_at": _DAY},
    ),
    Step("tested", "cmo", "/v1/batches/{batch}/tests", _tested),
    Step("unasked", "cmo", "/v1/batches/started", _unasked),
    Step("released", "cmo", "/v1/batches/{batch}/factory-release", _released, _QP),
    Step(
        "approval",
        "mah",
        "/v1/changes/{change}/approval",
        lambda story, mark: {"proposal": story.ref("change"), **_signed(mark)},
    ),
    *(
        Step(item, "mah", "/v1/batches/{batch}/reviews", _review(item))
        for item in ("test_results", "key_production_records", "deviation_control")
    ),
    Step(
        "marketing", "mah", "/v1/batches/{batch}/marketing-release", lambda _story, mark: _signed(mark, "released"), _QP
    ),
    Step("permitted", "mah", "/v1/batches/{batch}/dispatch-permission", lambda _story, mark: _signed(mark)),
    Step("left", "cmo", "/v1/batches/{batch}/dispatch", _left),
)
"""From first to last."""

UNMARKED = frozenset({"start", "made", "left"})
"""Steps that hold no text for a mark."""
