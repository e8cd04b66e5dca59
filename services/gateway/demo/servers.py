"""What the two gateways stand on: the embedded wire and SQLite, or real Kafka and PostgreSQL, kept from run to run."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from events.encoding.identifiers import Role
from infra.keys.private_files import write_private
from infra.servers.choose import kafka_server, postgres_server
from services.gateway.demo.places import Places

_OTHERS_ENTER = 0o001


@dataclass(frozen=True, slots=True)
class Ground:
    """For each gateway the settings of its store and its wire, as environment variables."""

    settings: Mapping[Role, Mapping[str, str]]


@contextmanager
def ground(places: Places) -> Iterator[Ground]:
    """Give the gateways something to stand on, until the end of the block.

    Raises:
        InfraError: real servers are asked for, and there are none.
    """
    if not places.on_servers:
        yield Ground({role: {"COUNTERFOIL_WIRE": f"embedded:{places.wire_file.absolute()}"} for role in Role})
        return
    with kafka_server(_kept(places, "kafka")) as kafka, postgres_server(_kept(places, "postgresql")) as postgres:
        yield Ground({role: _on_servers(places, role, kafka, postgres) for role in Role})


def _on_servers(places: Places, role: Role, kafka: str, postgres: str) -> dict[str, str]:
    url = make_url(_database(postgres, f"counterfoil_demo_{role.value}"))
    settings = {"COUNTERFOIL_WIRE": f"kafka:{kafka}"}
    if url.password:
        secret = places.pair / f"{role.value}.store-password"
        write_private(secret, str(url.password).encode() + b"\n", replace=True)
        settings["COUNTERFOIL_STORE_PASSWORD_FILE"] = str(secret.absolute())
        url = url.set(password=None)
    return settings | {"COUNTERFOIL_STORE": url.render_as_string()}


def _database(server_url: str, name: str) -> str:
    """Return the URL of a gateway's database, made if it is not there."""
    plain = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _kept(places: Places, name: str) -> Path:
    """Return the folder of a server: in the demo's own, or, where its user may not go there, one that is remembered."""
    folder = places.server(name).absolute()
    if os.geteuid() != 0 or all(_may_enter(parent) for parent in folder.parent.parents):
        places.pair.chmod(0o711)  # the server's user passes through to its own folder
        places.root.chmod(0o711)
        return folder
    remembered = places.pair / f"{name}.folder"
    if remembered.exists() and Path(remembered.read_text().strip()).is_dir():
        return Path(remembered.read_text().strip())
    made = Path(tempfile.mkdtemp(prefix=f"counterfoil-demo-{name}-"))
    remembered.write_text(f"{made}\n")
    return made


def _may_enter(folder: Path) -> bool:
    return bool(folder.stat().st_mode & _OTHERS_ENTER)
