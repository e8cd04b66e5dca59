"""A gateway without threads: a command is committed and folded before it is answered; the partner moves by hand."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

import httpx
import orjson
from fastapi import FastAPI

from events.encoding.identifiers import Role
from events.pairing import Invitation
from infra.blobs.folder import BlobFolder
from infra.blobs.names import NamesFile
from infra.keys.sealer import Sealer
from infra.read_model.sql_read_model import SqlReadModel
from services.cmo_gateway.profile import PROFILE as CMO_PROFILE
from services.gateway.access.signing.confirming import Confirming, Enrolling, Policy
from services.gateway.access.tokens import TokenRequest, create_token
from services.gateway.api.app import create_app
from services.gateway.attachments.files import Files
from services.gateway.exchange.jobs import Answer, CommandJob
from services.gateway.exchange.listening import Follower, Moved
from services.gateway.exchange.pairing import check_partner, confirmation, fingerprint_of, new_relationship
from services.gateway.exchange.status import PartnerStatus, status_of
from services.gateway.profile import Profile
from services.gateway.projections.rebuilding import Projections
from services.mah_gateway.profile import PROFILE as MAH_PROFILE
from tests.services.exchange.world import NUMBER, Side, World, keys_of

PROFILES: Mapping[Role, Profile] = {Role.MAH: MAH_PROFILE, Role.CMO: CMO_PROFILE}


class SteppedGateway:
    """The engine's facade on one side of a world."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.profile = PROFILES[side.role]
        self.party = side.own
        self.clock, self.chance, self.alarms = side.clock, side.chance, side.alarms
        self.store = side.store
        folder = Path(side.url.removeprefix("sqlite:///")).with_suffix(".blobs")
        self.files = Files(side.store, BlobFolder(folder), NamesFile(folder))
        self.read_model = SqlReadModel(side.store)
        self.failed: list[str] = []
        self.jobs: list[CommandJob] = []
        self._turn = Lock()
        self._projections = Projections(
            side.store, self.read_model, self.failed.append, on_concluded=side.writer.conclude
        )
        self._moved = Moved()

    def submit(self, job: CommandJob, timeout: float = 30.0) -> Answer:
        with self._turn:  # one writer, whoever asks
            self.jobs.append(job)
            self.side.run(job)
            self.fold()
        return job.outcome.result(timeout)

    def fold(self) -> None:
        self._projections.catch_up()
        with self.read_model.reading() as rows:
            self._moved.move(rows.position())

    def status(self) -> Sequence[PartnerStatus]:
        return [status_of(channel, "") for channel in self.side.writer.channels.values()]

    def invite(self, partner_uscc: str, partner_name: str | None = None) -> bytes:
        del partner_name
        relationship = self.party.relationship_with(partner_uscc)
        if not self.side.writer.channels:
            keys = keys_of(relationship, self.side.role)
            self.side.keep(new_relationship(self.party, NUMBER, relationship, keys))
        return self.side.channel.stored.own_invitation

    def accept(self, invitation: bytes) -> str:
        parsed = Invitation.parse(invitation)
        check_partner(self.party, parsed)
        self.invite(parsed.party)
        self.side.keep(replace(self.side.channel.stored, partner_invitation=invitation))
        return fingerprint_of(self.side.channel.stored) or ""

    def rebuild(self) -> None:
        self._projections.rebuild()

    def confirm(
        self, relationship: int, actor: str, fingerprint: str, caller: str = "", key: str | None = None
    ) -> Answer:
        channel = self.side.writer.channels[relationship]
        return self.submit(confirmation(channel, actor, fingerprint, self.chance, caller=caller, key=key))

    def wait_projected(self, sequence: int, timeout: float) -> bool:
        return self._moved.wait(sequence, timeout)

    def changes(self) -> Follower:
        return self._moved.follow()

    def confirm_clock(self) -> None:
        self.side.guard.confirm()


@dataclass
class Http:
    """Asks an application without a network."""

    app: FastAPI

    def request(self, method: str, path: str, **asked: Any) -> httpx.Response:
        return asyncio.run(self._request(method, path, **asked))

    def get(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("GET", path, **asked)

    def post(self, path: str, **asked: Any) -> httpx.Response:
        return self.request("POST", path, **asked)

    async def _request(self, method: str, path: str, **asked: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return await client.request(method, path, **asked)


@dataclass
class Desk:
    """One side's interface, and people who use it."""

    gateway: SteppedGateway
    http: Http

    def token(self, role: str, actor: str = "person/li.na") -> str:
        request = TokenRequest(actor, role, "test", timedelta(days=1))
        made = create_token(self.gateway.store, request, self.gateway.clock.now(), self.gateway.chance)
        return made.secret

    def as_(self, role: str, actor: str = "person/li.na") -> "Person":
        return Person(self, self.token(role, actor))


@dataclass
class Person:
    """Somebody with a token."""

    desk: Desk
    secret: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.desk.http.get(path, params=query or None, headers=self.headers)

    def post(self, path: str, body: Any, *, key: str | None = None, **query: Any) -> httpx.Response:
        headers = {**self.headers, "Idempotency-Key": key or str(uuid4()), "Content-Type": "application/json"}
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        return self.desk.http.post(path, content=raw, params=query or None, headers=headers)

    def put(self, path: str, content: Any, headers: dict[str, str] | None = None, **query: Any) -> httpx.Response:
        """Upload bytes as they are."""
        given = {**self.headers, **(headers or {})}
        return self.desk.http.request("PUT", path, content=content, params=query or None, headers=given)

    def puts(self, path: str, body: Any) -> httpx.Response:
        headers = {**self.headers, "Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
        return self.desk.http.request("PUT", path, content=orjson.dumps(body), headers=headers)

    def delete(self, path: str) -> httpx.Response:
        return self.desk.http.request("DELETE", path, headers={**self.headers, "Idempotency-Key": str(uuid4())})

    def does(self, path: str, body: Any, **query: Any) -> dict[str, Any]:
        """Give a command that succeeds."""
        answer = self.post(path, body, **query)
        assert answer.status_code in (200, 201), answer.text
        told: dict[str, Any] = answer.json()
        return told


@dataclass
class Pair:
    """Both sides' interfaces in one world."""

    world: World
    mah: Desk
    cmo: Desk

    @property
    def desks(self) -> tuple[Desk, Desk]:
        return self.mah, self.cmo

    def settle(self) -> None:
        """Let everything travel and be folded."""
        self.world.settle()
        for desk in self.desks:
            desk.gateway.fold()

    def beat(self) -> None:
        """Let both hearts beat."""
        self.world.beat()
        for desk in self.desks:
            desk.gateway.fold()


def desk_of(side: Side, policy: Policy = Policy.ENROLLED) -> Desk:
    """One side's interface; of people who were given nothing to sign with no confirmation is asked."""
    gateway = SteppedGateway(side)
    return Desk(gateway, Http(app_of(gateway, policy)))


def app_of(gateway: Any, policy: Policy = Policy.ENROLLED) -> FastAPI:
    """The application of a gateway, with a sealing key of its own; its routes are made once for all tests."""
    sealer = Sealer(b"sealing key of the tests, 32 B..")
    confirming = Confirming(gateway.store, gateway.clock, sealer, policy)
    enrolling = Enrolling(gateway.store, sealer, gateway.chance)
    app = create_app(gateway, confirming=confirming, enrolling=enrolling)
    app.router.routes = _made_once.setdefault(gateway.profile.role, app).router.routes
    return app


_made_once: dict[Role, FastAPI] = {}  # making what stands behind two hundred routes takes longer than most tests


def pair_of(world: World, policy: Policy = Policy.ENROLLED) -> Pair:
    return Pair(world, desk_of(world.mah, policy), desk_of(world.cmo, policy))
