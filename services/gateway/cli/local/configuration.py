"""`counterfoil config`: the settings as this process sees them, secrets left out."""

from typing import Annotated
from urllib.parse import urlsplit

import typer

from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.settings import PREFIX, Settings

ROOM = Room("config", "Settings of this machine's gateway.")

_SECRETS = frozenset({"passphrase", "alarm_webhook"})
_SET, _NOT_SET = "(set)", "(not set)"


@ROOM.local("show")
def show(
    session: Session,
    *,
    redacted: Annotated[bool, typer.Option("--redacted", help="Secrets are never shown; this says so.")] = True,
) -> None:
    """Show every setting, what it means and its value; never a secret."""
    del redacted
    rows = described(session.settings)
    if session.as_json:
        session.output.json({row["name"]: row["value"] for row in rows})
        return
    columns = ("name", "value", "description")
    session.output.table(columns, [[row[name] for name in columns] for row in rows])


def described(settings: Settings) -> list[dict[str, str]]:
    """Return name, value and meaning of each setting; of a secret only whether it is set."""
    return [
        {
            "name": f"{PREFIX}{name.upper()}",
            "value": _shown(name, getattr(settings, name)),
            "description": field.description or "",
        }
        for name, field in Settings.model_fields.items()
    ]


def _shown(name: str, value: object) -> str:
    if value is None or value == "":
        return _NOT_SET
    if name in _SECRETS:
        return _SET
    return without_password(str(value)) if name == "store" else str(value)


def without_password(url: str) -> str:
    """Return a URL with its password covered."""
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@") if password else url
