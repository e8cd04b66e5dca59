"""`counterfoil health`: whether a gateway answers and is ready; for people and for containers without curl."""

from services.gateway.cli.errors import RefusedError
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session

ROOM = Room("", "")


@ROOM.remote("health")
def health(session: Session) -> None:
    """Ask the gateway whether it is ready; exit code 1 if it is not, 3 if it does not answer."""
    ready, said = session.client.readiness()
    if session.as_json:
        session.output.json(said)
    else:
        session.output.pairs({name: value for name, value in said.items() if value is not None})
    if not ready:
        raise RefusedError("the gateway is not ready", hint="the log of the gateway")
