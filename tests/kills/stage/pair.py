"""Two gateways on their own stores and one broker: begun, paired, with tokens for those who give commands."""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from events.encoding.identifiers import Role, uscc_check_character
from infra.keys.party import Party
from infra.servers.kept import LOOPBACK, free_ports
from services.gateway.access.tokens import TokenRequest
from services.gateway.cli.client import Client
from services.gateway.cli.local.party import begin
from services.gateway.cli.local.tokens import new_token
from services.gateway.settings import load_settings
from tests.kills.stage.gateways import PATIENCE_SECONDS, GatewayProcess, await_until

HEARTBEAT_SECONDS = 1.0  # the default is 5 s; what is promised in heartbeats is measured in these
ROLES = ("mah", "cmo")
PERSON = "killian"
ANSWER_SECONDS = 10.0


def other(role: str) -> str:
    """Return the partner's role."""
    return "cmo" if role == "mah" else "mah"


@dataclass(frozen=True)
class Side:
    """One party: its code, its process, its store, and its tokens."""

    role: str
    uscc: str
    process: GatewayProcess
    store: str
    tokens: Mapping[str, str]

    def client(self, role: str = "qa_manager") -> Client:
        """Speak with the gateway by the token of a role."""
        return Client(f"http://{LOOPBACK}:{self.process.port}", self.tokens[role])

    def partner(self) -> dict[str, Any]:
        """How the exchange stands, as partner health shows it."""
        row: dict[str, Any] = self.get("/v1/partners")["data"][0]
        return row

    def lag(self) -> int | None:
        """How many entries rows are behind."""
        lag: int | None = self.get("/v1/health").get("projection_lag")
        return lag

    def get(self, path: str) -> dict[str, Any]:
        """Return what the gateway says at a path; a look as cheap as this is taken often."""
        connection = HTTPConnection(LOOPBACK, self.process.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.tokens['qa_manager']}"})
            said: dict[str, Any] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return said


class Pair:
    """Both sides."""

    def __init__(self, folder: Path, broker: str, stores: Mapping[str, str]) -> None:
        """Begin both parties; nothing runs yet. An empty store URL is SQLite in the data folder."""
        ports = dict(zip(ROLES, free_ports(2), strict=True))
        self.folder, self.broker = folder, broker
        self.sides = {role: _begun(role, folder / role, broker, stores[role], ports[role]) for role in ROLES}

    @property
    def mah(self) -> Side:
        return self.sides["mah"]

    @property
    def cmo(self) -> Side:
        return self.sides["cmo"]

    def topic(self, role: str) -> str:
        """The topic that a party writes."""
        return f"counterfoil.{self.mah.uscc}.{self.cmo.uscc}.{role}"

    def start(self) -> None:
        """Start what does not run, and wait until both take commands."""
        down = [side.process for side in self.sides.values() if not side.process.is_alive]
        for process in down:
            process.start()
        for process in down:
            assert process.await_ready(), process.log_end()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start both, pair them, and end them at the end of the block, whatever state they are in."""
        try:
            self.start()
            self._make_pair()
            yield
        finally:
            for side in self.sides.values():
                side.process.kill()

    def _make_pair(self) -> None:
        admins = {role: side.client("admin") for role, side in self.sides.items()}
        files = {
            role: admins[role].post("/v1/partners/invitations", {"partner_uscc": self.sides[other(role)].uscc})
            for role in ROLES
        }
        shown = {role: admins[role].post("/v1/partners", files[other(role)])["fingerprint"] for role in ROLES}
        for role, admin in admins.items():
            path = f"/v1/partners/{self.mah.uscc}/{self.cmo.uscc}/confirmation"
            admin.post(path, {"fingerprint": shown[role]})
        for role, admin in admins.items():
            side = self.sides[role]
            await_until(lambda side=side: side.partner()["paired"], PATIENCE_SECONDS, "the pairing")  # type: ignore[misc]  # a Side
            admin.post(f"/v1/people/{PERSON}/authorisations", {"roles": ["qa_manager", "qualified_person"]})
            admin.close()


def _begun(role: str, folder: Path, broker: str, store: str, port: int) -> Side:
    folder.mkdir(parents=True)
    settings = {
        "COUNTERFOIL_DATA": str(folder / "data"),
        "COUNTERFOIL_WIRE": f"kafka:{broker}",
        "COUNTERFOIL_PASSPHRASE": secrets.token_hex(16),
        "COUNTERFOIL_LISTEN_PORT": str(port),
        "COUNTERFOIL_SIGNATURE_CONFIRMATION": "enrolled",  # and nobody is: to compare passwords is made to take long
        "COUNTERFOIL_HEARTBEAT_SECONDS": str(HEARTBEAT_SECONDS),
    }
    if store:
        settings["COUNTERFOIL_STORE"] = store
    loaded = load_settings(settings)
    uscc = _code(role)
    begin(loaded, Role(role), Party(uscc, f"示例 {role}"))
    tokens = {
        name: new_token(loaded, TokenRequest(f"person/{PERSON}", name, "kills"))[1]
        for name in ("admin", "qa_manager", "qualified_person")
    }
    process = GatewayProcess(role, port, settings, folder / "log")
    return Side(role, uscc, process, loaded.store_url(), tokens)


def _code(role: str) -> str:
    body = f"{'91330100' if role == 'mah' else '91320100'}MA5EX{secrets.token_hex(2).upper()}"
    return body + uscc_check_character(body)
