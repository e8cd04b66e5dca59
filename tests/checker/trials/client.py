"""A client of one side of a story: it sends commands and writes down what it was told."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from domain.drafts import Draft
from domain.errors import DomainError
from events.catalogue.bodies import EventRef
from events.encoding.base64 import encode_base64
from events.stored.intake import ExternalNumber
from events.stored.journal import StoredEntry
from services.gateway.exchange.errors import EngineError
from services.gateway.exchange.jobs import CommandJob, Decision, Situation
from tests.services.exchange.world import NUMBER, Side

SYSTEM, MANAGER = "system/eqms", "person/qa_manager"

Decide = Callable[[Situation], list[Draft]]


@dataclass
class Client:
    """Sends commands to one side; `log` has a line for each (tests/checker/README.md)."""

    side: Side
    log: list[dict[str, Any]] = field(default_factory=list)

    def ask(
        self,
        key: str,
        decide: Decide,
        needs: Mapping[str, Any] = MappingProxyType({}),
        *,
        mark: str | None = None,
        external: Sequence[ExternalNumber] = (),
        is_lost: bool = False,
        actor: str = SYSTEM,
    ) -> list[EventRef]:
        """Have a command done; `is_lost`: the answer never came."""

        def decision(situation: Situation) -> Decision:
            return Decision(decide(situation), _told, external=external)

        job = CommandJob(NUMBER, actor, decision, caller="client", key=key, digest=key.encode(), **needs)
        self.side.run(job)
        said: dict[str, Any] = {"key": key, "outcome": "ok", "events": [], "party": self.side.role.value}
        try:
            said["events"] = json.loads(job.outcome.result(0).body)["events"]
        except (DomainError, EngineError):
            said["outcome"] = "fail"
        events = said["events"]
        if is_lost:
            said |= {"outcome": "unknown", "events": []}
        said["events"] = [{"id": event["id"], "leaf": event["leaf"]} for event in said["events"]]
        self.log.append(said if mark is None else {**said, "mark": mark})
        return [EventRef(journal=self.side.role.value, position=at["position"], leaf=at["leaf"]) for at in events]

    def do(self, key: str, decide: Callable[..., list[Draft]], command: object, **asked: Any) -> EventRef:
        """Have a command of the domain done by the manager; return its last event."""
        needs = asked.pop("needs", {})
        return self.ask(key, by(decide, command, MANAGER), needs, actor=MANAGER, **asked)[-1]


def by(decide: Callable[..., list[Draft]], command: object, actor: str = SYSTEM) -> Decide:
    """Return a decision of the domain on a command."""
    return lambda now: decide(command, now.context, actor, now.at)


def _told(entries: Sequence[StoredEntry]) -> dict[str, Any]:
    events = [{"id": entry.id, "position": entry.position, "leaf": encode_base64(entry.leaf)} for entry in entries]
    return {"events": events, "sequence": entries[-1].sequence if entries else None}
