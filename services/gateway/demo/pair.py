"""The two gateways of the demo: planned, begun on their own folders, started, watched and ended together."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from events.encoding.identifiers import Role
from infra.keys.party import Party
from infra.keys.private_files import write_private
from services.gateway.access.tokens import TokenRequest
from services.gateway.cli.client import Client
from services.gateway.cli.errors import CliError, UnreachableError
from services.gateway.cli.local.party import begin
from services.gateway.cli.local.tokens import new_token
from services.gateway.demo.cast import FIRMS, Firm, Person
from services.gateway.demo.places import Places
from services.gateway.demo.processes import GatewayProcess, Plan
from services.gateway.demo.servers import Ground
from services.gateway.settings import Settings, load_settings

HEARTBEAT_SECONDS = "1.0"  # a demo shows at once what the partner holds
_TOKEN_LIFETIME = timedelta(days=365)
_PATIENCE_SECONDS = 300.0
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Side:
    """One party of the demo: who it is and the gateway that serves it."""

    firm: Firm
    uscc: str
    settings: Settings
    process: GatewayProcess

    @property
    def client(self) -> Client:
        """Speaks with the gateway as the firm's manager."""
        return self.process.client

    def client_of(self, person: Person) -> Client:
        """Speak with the gateway as another person, with a token made for this run."""
        _, secret = new_token(self.settings, _request(person, timedelta(days=1)))
        return Client(self.process.plan.url, secret, language="zh")


class Pair:
    """Both sides."""

    def __init__(self, places: Places, ground: Ground, serial: str, ports: Mapping[Role, int]) -> None:
        """Write down parties and tokens where that was not done before; nothing runs yet."""
        self._places = places
        self.sides = {role: self._side(FIRMS[role], ground, serial, ports[role]) for role in Role}

    @property
    def mah(self) -> Side:
        """The holder."""
        return self.sides[Role.MAH]

    @property
    def cmo(self) -> Side:
        """The manufacturer."""
        return self.sides[Role.CMO]

    def start(self) -> None:
        """Start both gateways and wait until they answer."""
        for side in self.sides.values():
            side.process.start()

    def stop(self) -> None:
        """End both gateways."""
        for side in self.sides.values():
            side.process.stop()

    def attend(self) -> bool:
        """Look after both gateways; tell whether both answer."""
        return all([side.process.attend() for side in self.sides.values()])

    def wait(self) -> None:
        """Wait until both gateways answer again, whoever starts them.

        Raises:
            UnreachableError: one did not for long.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self.attend():
            if time.monotonic() > deadline:
                raise UnreachableError("a gateway did not come back", hint="the logs in .demo/logs")
            time.sleep(_LOOK_SECONDS)

    def again(self, _error: CliError) -> None:
        """Wait for both gateways before something is asked again."""
        time.sleep(_LOOK_SECONDS)
        self.wait()

    def told(self) -> dict[str, dict[str, Any]]:
        """Return what `demo.json` holds."""
        return {role.value: self._told(side) for role, side in self.sides.items()}

    def _told(self, side: Side) -> dict[str, Any]:
        process = side.process
        token = self._places.token(side.firm.role).read_text(encoding="ascii").strip()
        return {"url": process.plan.url, "token": token, "pid": process.pid, "start": process.plan.start}

    def _side(self, firm: Firm, ground: Ground, serial: str, port: int) -> Side:
        role, places = firm.role, self._places
        environment = {
            "COUNTERFOIL_DATA": str(places.data(role).absolute()),
            "COUNTERFOIL_PASSPHRASE_FILE": str(places.passphrase(role).absolute()),
            "COUNTERFOIL_LISTEN_PORT": str(port),
            "COUNTERFOIL_HEARTBEAT_SECONDS": HEARTBEAT_SECONDS,
            **ground.settings[role],
        }
        settings = load_settings(environment)
        uscc = firm.uscc(serial)
        begin(settings, role, Party(uscc, firm.name))
        plan = Plan(role, port, environment, places.data(role), places.log(role))
        client = Client(plan.url, self._token(settings, firm.manager, role), language="zh")
        return Side(firm, uscc, settings, GatewayProcess(plan, client, self._tell))

    def _token(self, settings: Settings, manager: Person, role: Role) -> str:
        """Return the manager's token, made the first time."""
        path = self._places.token(role)
        if not path.exists():
            _, secret = new_token(settings, _request(manager, _TOKEN_LIFETIME))
            write_private(path, f"{secret}\n".encode(), replace=False)
        return path.read_text(encoding="ascii").strip()

    def _tell(self) -> None:
        """Write `demo.json` anew: a process was started."""
        if len(getattr(self, "sides", {})) == len(Role):
            self._places.tell(self.told())


def _request(person: Person, lifetime: timedelta) -> TokenRequest:
    return TokenRequest(f"person/{person.id}", person.token_role, "demo", lifetime)


