"""The verdict: which checks held, and of each that did not a counterexample."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CHECKS = {
    "K1": "stores equal: entries, verdicts, pages, and roots at every page boundary",
    "K2": "every acknowledged command is in both stores",
    "K3": "no failed command is in a store, an unknown one at most once",
    "K4": "no invention: every entry under a valid signature and hash, its verdict the right one, keys as paired",
    "K5": "order: positions, local sequences, revisions, times and what was seen; no answer before its question",
    "K6": "exactly one effect of each event and command",
    "K7": "read models: equal on both sides, folded to the end, true to the journals",
    "K8": "conservation: everything taken in is applied, refused, a repeat, quarantined or pending, and nothing else",
    "K10": "evidence: receipts of both sides for everything, signatures and roots that fit, no second history",
}
NOT_CHECKED = {
    "K9": "gaps leave no record in the store",
    "K11": "attachments are not read; the gateways compare each file with its name when it comes",
    "K12": "skew is an alarm and leaves no record in the store",
}
MAX_TOLD = 5  # counterexamples of one check


@dataclass(slots=True)
class Verdict:
    """What was found. `look` counts what a check went through, `fail` keeps what contradicts it."""

    failures: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in CHECKS})
    failed: Counter[str] = field(default_factory=Counter)
    examined: Counter[str] = field(default_factory=Counter)
    counts: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether every check held."""
        return not self.failed

    @property
    def names(self) -> set[str]:
        """Return the checks that failed."""
        return set(self.failed)

    def look(self, check: str, count: int = 1) -> None:
        """Count what was examined."""
        self.examined[check] += count

    def fail(self, check: str, what: str, **where: Any) -> None:
        """Note a counterexample: a sentence, and the place."""
        self.failed[check] += 1
        if len(self.failures[check]) < MAX_TOLD:
            self.failures[check].append({"what": what, **where})

    def expect(self, check: str, holds: object, what: str, **where: Any) -> bool:
        """Note a counterexample unless something holds; return whether it does."""
        self.look(check)
        if not holds:
            self.fail(check, what, **where)
        return bool(holds)

    def expect_alike(
        self, check: str, due: Mapping[str, Any], kept: Mapping[str, Any], what: str, **where: Any
    ) -> None:
        """Note a counterexample unless everything that is due is kept so; the first that is not is told."""
        self.look(check, len(due))
        if due.items() <= kept.items():
            return
        name = next(name for name in due if name not in kept or kept[name] != due[name])
        self.fail(check, f"{what}: {name} is {kept.get(name)!r}, and should be {due[name]!r}", **where)

    def told(self) -> list[str]:
        """Return every counterexample that was kept, each as one line."""
        return [f"{name}: {failure}" for name, failures in self.failures.items() for failure in failures]

    def document(self) -> dict[str, Any]:
        """Return the verdict as JSON has it."""
        checks = {
            name: {
                "ok": not self.failed[name],
                "what": what,
                "examined": self.examined[name],
                "failed": self.failed[name],
                "counterexamples": self.failures[name],
            }
            for name, what in CHECKS.items()
        }
        return {"ok": self.ok, "checks": checks, "not_checked": NOT_CHECKED, "counts": self.counts}
