"""The two gateways of the demo: planned, begun on their own folders, started, watched and ended together."""

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from events.encoding.identifiers import Role
from infra.keys.party import Party
from infra.keys.private_files import write_private
from services.gateway.access.tokens import TokenRequest
from services.gateway.cli.client import Client
from services.gateway.cli.errors import CliError, UnreachableError
from services.gateway.cli.local.party import begin
from services.gateway.cli.local.signers import new_password
from services.gateway.cli.local.tokens import new_token
from services.gateway.demo.cast import FIRMS, Firm
from services.gateway.demo.places import Places
from services.gateway.demo.processes import GatewayProcess, Plan
from services.gateway.demo.servers import Ground
from services.gateway.settings import Settings, load_settings

HEARTBEAT_SECONDS = "1.0"  # a demo shows at once what the partner holds
SHOWN_TOKEN = "qa_manager"  # noqa: S105 - the role of the token in demo.json
_LIFETIME = timedelta(days=365)
_PATIENCE_SECONDS = 300.0
_LOOK_SECONDS = 0.2


class Side:
    """One party of the demo: who it is and the gateway that serves it."""

    def __init__(
        self, firm: Firm, uscc: str, settings: Settings, places: Places, environment: Mapping[str, str]
    ) -> None:
        """Write down the party; nothing runs yet."""
        self.firm, self.uscc = firm, uscc
        self._settings = settings
        self._places = places
        self._clients: dict[str, Client] = {}
        begin(settings, firm.role, Party(uscc, firm.name))
        self.plan = Plan(firm.role, settings.listen_port, environment, settings.data, places.log(firm.role))

    @property
    def manager(self) -> Client:
        """Speaks with the gateway as the firm's manager, by the token that others are told."""
        return self.acting(SHOWN_TOKEN)

    def acting(self, role: str) -> Client:
        """Speak with the gateway as whoever has a role."""
        if role not in self._clients:
            password = self.signing_password(role)
            self._clients[role] = Client(
                self.plan.url, self.token(role), language="zh", confirm=lambda: {"password": password}
            )
        return self._clients[role]

    def token(self, role: str) -> str:
        """Return the token of whoever has a role, made the first time."""
        path = self._places.token(self.firm.role, role)
        if not path.exists():
            request = TokenRequest(f"person/{self.firm.holder_of(role).id}", role, "demo", _LIFETIME)
            _, secret = new_token(self._settings, request)
            write_private(path, f"{secret}\n".encode(), replace=False)
        return path.read_text(encoding="ascii").strip()

    def signing_password(self, role: str) -> str:
        """Return what whoever has a role confirms signatures with; the person is enrolled the first time."""
        person = self.firm.holder_of(role).id
        path = self._places.signing_password(self.firm.role, person)
        if not path.exists():
            password = secrets.token_hex(12)
            new_password(self._settings, person, password)
            write_private(path, f"{password}\n".encode(), replace=False)
        return path.read_text(encoding="ascii").strip()

    @property
    def people(self) -> dict[str, dict[str, str]]:
        """Who acts in which role, and by what: the others beside the manager."""
        return {
            role: {"person": person.id, "token": self.token(role), "signing_password": self.signing_password(role)}
            for person in self.firm.people
            for role in person.roles
        }


class Pair:
    """Both sides and the processes that serve them."""

    def __init__(self, places: Places, ground: Ground, serial: str, ports: Mapping[Role, int]) -> None:
        """Write down parties and tokens where that was not done before; nothing runs yet."""
        self._places = places
        self.sides = {role: _side(places, ground, serial, FIRMS[role], ports[role]) for role in Role}
        self._processes = {
            role: GatewayProcess(side.plan, side.manager, self._tell) for role, side in self.sides.items()
        }

    @property
    def mah(self) -> Side:
        """The holder."""
        return self.sides[Role.MAH]

    @property
    def cmo(self) -> Side:
        """The manufacturer."""
        return self.sides[Role.CMO]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start both gateways at once, wait until they answer, and end them at the end of the block.

        Raises:
            RefusedError: a port is taken, or a gateway ended. UnreachableError: it took too long.
        """
        processes = self._processes.values()
        try:
            for process in processes:
                process.begin()
            for process in processes:
                process.wait()
            self._tell()
            yield
        finally:
            for process in processes:
                process.ask_to_end()
            for process in processes:
                process.stop()

    def attend(self) -> bool:
        """Look after both gateways; tell whether both answer.

        Raises:
            RefusedError: the disk is full, so that they cannot work.
        """
        self._places.refuse_full_disk()
        answering = [process.attend() for process in self._processes.values()]
        return all(answering)

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
        return {
            role.value: {
                "url": side.plan.url,
                "token": side.token(SHOWN_TOKEN),
                "signing_password": side.signing_password(SHOWN_TOKEN),
                "people": side.people,
                "pid": self._processes[role].pid,
                "start": side.plan.start,
            }
            for role, side in self.sides.items()
        }

    def _tell(self) -> None:
        """Write `demo.json` anew: a process was started."""
        if hasattr(self, "_processes"):
            self._places.tell(self.told())


def _side(places: Places, ground: Ground, serial: str, firm: Firm, port: int) -> Side:
    role = firm.role
    environment = {
        "COUNTERFOIL_DATA": str(places.data(role).absolute()),
        "COUNTERFOIL_PASSPHRASE_FILE": str(places.passphrase(role).absolute()),
        "COUNTERFOIL_LISTEN_PORT": str(port),
        "COUNTERFOIL_HEARTBEAT_SECONDS": HEARTBEAT_SECONDS,
        **ground.settings[role],
    }
    return Side(firm, firm.uscc(serial), load_settings(environment), places, environment)
