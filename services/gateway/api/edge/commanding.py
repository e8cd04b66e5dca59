"""What every command request brings beside its body: key, dry run, how long to wait, and the item it is about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request
from fastapi.responses import Response

from events.encoding.identifiers import UUID, Role, uuid7
from events.stored.relationship import StoredRelationship
from services.gateway.access.signing.confirming import Confirming
from services.gateway.access.signing.errors import ConfirmationMissingError
from services.gateway.api.asked import signatures_in
from services.gateway.api.edge.answers import DEFAULT_WAIT, DryRun, Key, Wait, digest_of, submit
from services.gateway.api.edge.bodies import Given
from services.gateway.api.edge.callers import AnyCaller, Caller, TheGateway
from services.gateway.api.edge.relationships import one
from services.gateway.api.gateway import Gateway
from services.gateway.api.problems import Problem
from services.gateway.api.steps import REFUSALS, with_standing
from services.gateway.commands.asking import Asked
from services.gateway.commands.deviations import Target
from services.gateway.commands.matters import Matter
from services.gateway.exchange.jobs import CommandJob
from services.gateway.ports.store import Reading

_Found = TypeVar("_Found")

ItemId = Annotated[str, Path(pattern=f"^{UUID.pattern}$", description="the item's UUID")]


@dataclass(frozen=True, slots=True)
class Commanding:
    """One request that is to record something."""

    request: Request
    gateway: Gateway
    key: str
    dry_run: bool
    wait: int
    caller: Caller
    confirming: Confirming | None  # without one nobody signs

    def asked(self, caller: Caller, given: Given[Any], relationship: str | None = None) -> Asked:
        """Return who asks for what, in the relationship named, or in the only one."""
        with self.gateway.store.reading() as reading:
            stored = one(reading, relationship)
        return self._asked(caller, given, stored)

    def about(self, caller: Caller, item: str, given: Given[Any]) -> tuple[Asked, Target]:
        """Return who asks for what about which item.

        Raises:
            Problem: `not-found`: there is no such item; `ambiguous-id`: both parties have one.
        """
        with self.gateway.store.reading() as reading:
            stored, target = _find(reading, item)
        return self._asked(caller, given, stored), target

    def about_matter(self, caller: Caller, kind: str, item: str, given: Given[Any]) -> tuple[Asked, Matter]:
        """Return who asks for what about which matter of a kind.

        Raises:
            Problem: `not-found`: there is no such matter; `ambiguous-id`: several relationships have one.
        """
        with self.gateway.store.reading() as reading:
            found = [
                (stored, Matter(kind, item, owner))
                for stored in reading.relationships()
                for owner in owners_in(reading, stored.number, kind, [item]).values()
            ]
        stored, matter = _only(found, item)
        return self._asked(caller, given, stored), matter

    def among(self, asked: Asked, items: Collection[str]) -> Mapping[str, Target]:
        """Return which of these items there are in the relationship where something is asked."""
        with self.gateway.store.reading() as reading:
            return targets_in(reading, asked.relationship, items)

    def also_dry(self, *, dry_run: bool) -> "Commanding":
        """Return the request, dry if its body says so."""
        return replace(self, dry_run=self.dry_run or dry_run)

    def submit(self, job: CommandJob) -> Response:
        """Have the job done and answer.

        Raises:
            Problem: a wrong state, with the state and what would be allowed now.
        """
        try:
            return submit(self.gateway, job, 0 if self.dry_run else self.wait)
        except REFUSALS as error:
            raise with_standing(self.gateway, self.caller, job, error) from error

    def new_id(self) -> str:
        """Return a fresh UUID."""
        return uuid7(int(self.gateway.clock.now().timestamp() * 1000), self.gateway.chance(10))

    def _asked(self, caller: Caller, given: Given[Any], stored: StoredRelationship) -> Asked:
        self._confirm(caller, given)
        return Asked(
            relationship=stored.number,
            role=stored.own_role,
            actor=caller.actor,
            caller=caller.id,
            key=self.key,
            digest=digest_of(self.request, given.canonical),
            dry_run=self.dry_run,
        )

    def _confirm(self, caller: Caller, given: Given[Any]) -> None:
        """Have the signatures of a request confirmed, once for each key; a dry run signs nothing.

        Raises:
            AccessError: `signature-required`, `signature-invalid`.
        """
        signatures = signatures_in(given.value)
        if not signatures or self.dry_run or self._was_answered(caller):
            return
        if self.confirming is None:
            raise ConfirmationMissingError("this gateway knows nothing by which signatures are confirmed")
        sent = next((each.confirmation for each in signatures if each.confirmation is not None), None)
        self.confirming.confirm(caller.actor, None if sent is None else sent.confirmation())

    def _was_answered(self, caller: Caller) -> bool:
        key = (caller.id, self.key)
        with self.gateway.store.reading() as reading:
            return key in reading.remembered([key])


async def commanding(
    request: Request,
    gateway: TheGateway,
    caller: AnyCaller,
    key: Key,
    *,
    dry_run: DryRun = False,
    wait: Wait = DEFAULT_WAIT,
) -> Commanding:
    """Gather what a command request brings."""
    return Commanding(request, gateway, key, dry_run, wait, caller, request.app.state.confirming)


Commands = Annotated[Commanding, Depends(commanding)]


def targets_in(reading: Reading, relationship: int, items: Collection[str]) -> dict[str, Target]:
    """Return which of these deviations were opened in a relationship, and by whom."""
    owners = owners_in(reading, relationship, "deviation", items)
    return {item: Target(item, owner) for item, owner in owners.items()}


def owners_in(reading: Reading, relationship: int, kind: str, items: Collection[str]) -> dict[str, Role]:
    """Return which of these matters of a kind were opened in a relationship, and by whom; the holder's come first."""
    found: dict[str, Role] = {}
    for owner in Role:
        histories = reading.histories(relationship, owner, {f"{kind}/{item}" for item in items})
        for subject, history in histories.items():
            if any(entry.code is None for entry in history):
                found.setdefault(subject.partition("/")[2], owner)
    return found


def _find(reading: Reading, item: str) -> tuple[StoredRelationship, Target]:
    found = [
        (stored, target)
        for stored in reading.relationships()
        for target in targets_in(reading, stored.number, [item]).values()
    ]
    return _only(found, item)


def _only(found: Sequence[tuple[StoredRelationship, _Found]], item: str) -> tuple[StoredRelationship, _Found]:
    if not found:
        raise Problem("not-found", f"there is no item {item}")
    if len(found) > 1:
        raise Problem("ambiguous-id", "several relationships have an item with this id")
    return found[0]
