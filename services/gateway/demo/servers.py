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
from services.gateway.cli.errors import RefusedError
from services.gateway.demo.places import Places
from services.gateway.demo.progress import Progress

_OTHERS_ENTER = 0o001


@dataclass(frozen=True, slots=True)
class Ground:
    """For each gateway the settings of its store and its wire, as environment variables."""

    settings: Mapping[Role, Mapping[str, str]]


@contextmanager
def ground(places: Places, progress: Progress) -> Iterator[Ground]:
    """Give the gateways something to stand on, until the end of the block.

    Raises:
        InfraError: real servers are asked for, and there are none. RefusedError: what they held is gone.
    """
    if not places.on_servers:
        yield Ground({role: {"COUNTERFOIL_WIRE": f"embedded:{places.wire_file.absolute()}"} for role in Role})
        return
    kafka_folder = places.server("kafka").absolute()
    with kafka_server(kafka_folder) as kafka, postgres_server(_postgresql_folder(places)) as postgres:
        yield Ground({role: _on_servers(places, progress, role, kafka, postgres) for role in Role})


def _on_servers(places: Places, progress: Progress, role: Role, kafka: str, postgres: str) -> dict[str, str]:
    url = make_url(_database(postgres, f"counterfoil_demo_{progress.serial}_{role.value}", progress))
    settings = {"COUNTERFOIL_WIRE": f"kafka:{kafka}"}
    if url.password:
        secret = places.pair / f"{role.value}.store-password"
        write_private(secret, str(url.password).encode() + b"\n", replace=True)
        settings["COUNTERFOIL_STORE_PASSWORD_FILE"] = str(secret.absolute())
        url = url.set(password=None)
    return settings | {"COUNTERFOIL_STORE": url.render_as_string()}


def _database(server_url: str, name: str, progress: Progress) -> str:
    """Return the URL of a gateway's database, made for a demo that has done nothing yet.

    Raises:
        RefusedError: the demo has begun, but its database is gone.
    """
    plain = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            if not progress.is_new:
                raise _gone()
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _postgresql_folder(places: Places) -> Path:
    """Return the folder of the databases: in the demo's own, or, where its user may not go there, one kept elsewhere.

    Raises:
        RefusedError: the one kept elsewhere is gone.
    """
    folder = places.server("postgresql").absolute()
    if os.geteuid() != 0 or all(_may_enter(parent) for parent in places.root.absolute().parents):
        for passed in (places.root, places.pair):
            passed.chmod(0o711)  # the server's user passes through to its own folder
        return folder
    remembered = places.pair / "postgresql.folder"
    if not remembered.exists():
        remembered.write_text(tempfile.mkdtemp(prefix="counterfoil-demo-"), encoding="utf-8")
    elsewhere = Path(remembered.read_text(encoding="utf-8"))
    if not elsewhere.is_dir():
        raise _gone()
    return elsewhere


def _gone() -> RefusedError:
    return RefusedError("the databases of this demo are gone", hint="rm -r .demo/servers, and make demo again")


def _may_enter(folder: Path) -> bool:
    return bool(folder.stat().st_mode & _OTHERS_ENTER)
