"""From two fresh gateways to two that exchange: pairing, people, calendars, quality agreement, communication list.

Each step is done once; what was done before a demo was ended or killed is not done again.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from services.gateway.cli.client import Client
from services.gateway.cli.errors import RefusedError, UnreachableError
from services.gateway.demo import documents
from services.gateway.demo.pair import Pair, Side
from services.gateway.demo.progress import Progress

BEIJING = ZoneInfo("Asia/Shanghai")
_PATIENCE_SECONDS = 120.0
_LOOK_SECONDS = 0.05
_Found = TypeVar("_Found")


class Stage:
    """What the steps of the demo are done with."""

    def __init__(self, pair: Pair, progress: Progress) -> None:
        self.pair, self.mah, self.cmo = pair, pair.mah, pair.cmo
        self._progress = progress

    def post(
        self, step: str, client: Client, path: str, body: object, *, when: Callable[[], object] | None = None
    ) -> Any:  # noqa: ANN401 - JSON
        """Give a command once, when something has come about; a gateway that is down is waited for."""

        def work(key: str) -> Any:  # noqa: ANN401 - JSON
            if when is not None:
                self.until(when)
            while True:
                try:
                    return client.post(path, body, key=key)
                except UnreachableError as error:
                    self.pair.again(error)

        return self._progress.once(step, work)

    def stated(self, step: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return what was first said in a step that holds a moment, so that it can be said again in the same words."""
        said: dict[str, Any] = self._progress.once(f"{step}-said", lambda _: body)
        return said

    def until(self, looking: Callable[[], _Found | None]) -> _Found:
        """Wait until something is there, and return it.

        Raises:
            UnreachableError: it did not come.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                found = looking()
            except UnreachableError as error:
                self.pair.again(error)
                continue
            except RefusedError:
                found = None  # not there yet
            if found:
                return found
            if time.monotonic() > deadline:
                raise UnreachableError(
                    "the partner's gateway does not show what was sent", hint="the logs in .demo/logs"
                )
            time.sleep(_LOOK_SECONDS)


def set_up(stage: Stage) -> None:
    """Do everything that two gateways need before the first event."""
    _pair(stage)
    for side in stage.pair.sides.values():
        _authorise(stage, side)
    calendar = _publish_calendars(stage)
    agreement = _agree(stage, "agreement", "/v1/agreements", documents.agreement())
    _agree(stage, "list", "/v1/communication-lists", documents.communication_list(agreement, calendar))


def _pair(stage: Stage) -> None:
    """Exchange invitations, compare the fingerprint, and confirm on both sides."""
    invitations = {
        side: stage.post(
            f"invite-{side.firm.role}", side.acting("admin"), "/v1/partners/invitations", {"partner_uscc": other.uscc}
        )
        for side, other in ((stage.mah, stage.cmo), (stage.cmo, stage.mah))
    }
    shown = {
        side.firm.role: stage.post(
            f"accept-{side.firm.role}", side.acting("admin"), "/v1/partners", invitations[other]
        )["fingerprint"]
        for side, other in ((stage.mah, stage.cmo), (stage.cmo, stage.mah))
    }
    if len(set(shown.values())) != 1:
        raise RefusedError("the fingerprints differ: {shown}", hint="rm -r .demo", shown=shown)
    for side in (stage.mah, stage.cmo):
        path = f"/v1/partners/{stage.mah.uscc}/{stage.cmo.uscc}/confirmation"
        body = {"fingerprint": shown[side.firm.role]}
        stage.post(f"confirm-{side.firm.role}", side.acting("admin"), path, body)
    for side in (stage.mah, stage.cmo):
        stage.until(lambda side=side: _partner(side)["paired"])  # type: ignore[misc] # its type is that of Side


def _partner(side: Side) -> dict[str, Any]:
    found: dict[str, Any] = side.manager.get("/v1/partners")["data"][0]
    return found


def _authorise(stage: Stage, side: Side) -> None:
    admin = side.acting("admin")
    for person in side.firm.people:
        step = f"{side.firm.role}-{person.id}"
        path = f"/v1/people/{person.id}"
        stage.post(f"authorise-{step}", admin, f"{path}/authorisations", {"roles": list(person.roles)})
        stage.post(f"name-{step}", admin, f"{path}/name", {"name": person.name})


def _publish_calendars(stage: Stage) -> dict[str, Any]:
    """Publish this year's and next year's working days on both sides; return the entry of this year."""
    year = datetime.now(BEIJING).year
    for side in (stage.cmo, stage.mah):
        for each in (year + 1, year):
            answer = stage.post(f"calendar-{side.firm.role}-{each}", side.manager, "/v1/calendars", {"year": each})
    return reference(answer)


def _agree(stage: Stage, name: str, path: str, draft: dict[str, Any]) -> dict[str, Any]:
    """Have a document drafted by the holder, signed by both and activated; return its draft."""
    drafted = stage.post(f"{name}-draft", stage.mah.manager, path, draft)
    document = drafted["document"]
    signing = {"signature": {"meaning": "approved", "reason": "已审阅全文，同意。"}}
    stage.post(f"{name}-sign-mah", stage.mah.acting("qualified_person"), f"{path}/{document}/signatures", signing)
    stage.post(
        f"{name}-sign-cmo",
        stage.cmo.acting("qualified_person"),
        f"{path}/{document}/signatures",
        signing,
        when=lambda: stage.cmo.manager.get(f"{path}/{document}"),
    )
    day = datetime.now(BEIJING).date().isoformat()
    activation = stage.stated(f"{name}-activate", {"effective_from": day, **signing})
    stage.post(
        f"{name}-activate",
        stage.mah.manager,
        f"{path}/{document}/activation",
        activation,
        when=lambda: _state(stage.mah.manager, path, document) == "signed",
    )
    stage.until(lambda: _state(stage.cmo.manager, path, document) == "activated")
    return reference(drafted)


def _state(client: Client, path: str, document: str) -> str:
    return str(client.get(f"{path}/{document}")["state"])


def reference(answer: dict[str, Any]) -> dict[str, Any]:
    """Return how others name the first entry that a command led to."""
    event = answer["events"][0]
    return {name: event[name] for name in ("journal", "position", "leaf")}


def now_stated() -> str:
    """Return this moment as a person in Beijing states it."""
    return datetime.now(UTC).astimezone(BEIJING).isoformat(timespec="milliseconds")
