"""Kafka without Docker: one broker in KRaft mode, with its own folder, that tests may kill, pause, wipe and restart."""

import signal
import subprocess
import tempfile
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.servers.errors import PortTakenError, ServerFailedError
from infra.servers.java import java, kafka_jars
from infra.servers.keeper import Plan
from infra.servers.kept import LOOPBACK, KeptServer, answers, free_ports, log_end, refuse_taken_ports, remove_folder

_TRIES = 3  # a free port may be taken between looking and listening
_READY = "Kafka Server started"
_FORMAT_SECONDS = 120


class NativeKafka:
    """A broker of its own. `start` may follow `kill` or `stop`: address and, unless wiped, records are the same.

    With `folder` its records outlive it there; otherwise it has a folder of its own that is removed in the end.
    """

    def __init__(self, *, port: int | None = None, folder: Path | None = None) -> None:
        self._fixed = port
        self._ports = (port or 0, 0)  # broker, controller
        self._java = java()
        self._jars = kafka_jars()
        self._is_kept = folder is not None
        self._folder = folder or Path(tempfile.mkdtemp(prefix="counterfoil-kafka-"))
        self._server: KeptServer | None = None

    @property
    def address(self) -> str:
        """Where clients connect first: host and port."""
        return f"{LOOPBACK}:{self._ports[0]}"

    @property
    def log(self) -> Path:
        """The broker's log file."""
        return self._folder / "kafka.log"

    def start(self) -> None:
        """Start the broker and wait until it takes connections.

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
                self._ports = (0, 0)
            else:
                return

    def kill(self) -> None:
        """End the broker without a chance to write anything down."""
        if self._server is not None:
            self._server.kill()
            self._server = None

    def stop(self) -> None:
        """End the broker in order."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def pause(self) -> None:
        """Let the broker hang: connections stay, nothing is answered."""
        self._running().signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a hanging broker go on."""
        self._running().signal(signal.SIGCONT)

    def wipe(self) -> None:
        """Forget every topic, as a broker does that lost its disk; only between `kill` or `stop` and `start`."""
        if self._server is not None:
            raise ServerFailedError("a running broker cannot be wiped; stop it first")
        remove_folder(self._folder / "data")

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
        if self._is_kept:
            self.stop()
            return
        self.kill()
        remove_folder(self._folder)

    def _running(self) -> KeptServer:
        if self._server is None:
            raise ServerFailedError("the broker is not running")
        return self._server

    def _start_once(self) -> None:
        if self._server is not None:
            raise ServerFailedError("the broker is running already")
        if 0 in self._ports:
            broker, controller = free_ports(2)
            self._ports = (self._fixed or broker, controller)
        refuse_taken_ports(self._ports)
        settings = self._folder / "server.properties"
        settings.write_text(self._settings())
        if not (self._folder / "data").exists():
            self._format(settings)
        self.log.unlink(missing_ok=True)
        command = [*self._program("-Xms256m", "-Xmx512m"), "kafka.Kafka", str(settings)]
        plan = Plan(command, str(self._folder), str(self.log), signal.SIGTERM, 20.0, keeps_folder=self._is_kept)
        server = KeptServer(plan)
        server.wait_until(self._is_ready, self._ports)
        self._server = server

    def _is_ready(self) -> bool:
        return self.log.exists() and _READY in self.log.read_text("utf-8", "replace") and answers(self.address)

    def _format(self, settings: Path) -> None:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = [*self._program("-Xmx128m"), "kafka.tools.StorageTool", "format"]
        command += [f"--cluster-id={cluster}", "--config", str(settings)]
        with self.log.open("wb") as log:
            said = subprocess.run(command, stdout=log, stderr=log, check=False, timeout=_FORMAT_SECONDS)  # noqa: S603 - ours
        if said.returncode != 0:
            raise ServerFailedError(f"its storage could not be formatted; {log_end(self.log)}")

    def _program(self, *options: str) -> list[str]:
        quick = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # a third less work until it is up
        return [str(self._java), *options, *quick, "-Djava.awt.headless=true", "-cp", f"{self._jars}/*"]

    def _settings(self) -> str:
        broker, controller = self._ports
        return "\n".join(
            f"{key}={value}"
            for key, value in broker_settings(
                listen=f"PLAINTEXT://{LOOPBACK}:{broker},CONTROLLER://{LOOPBACK}:{controller}",
                advertise=f"PLAINTEXT://{LOOPBACK}:{broker}",
                controller=f"{LOOPBACK}:{controller}",
                folder=str(self._folder / "data"),
            ).items()
        )


def broker_settings(*, listen: str, advertise: str, controller: str, folder: str) -> dict[str, str]:
    """Return what a single broker of ours is told, native or in a container."""
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": listen,
        "advertised.listeners": advertise,
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": folder,
        "auto.create.topics.enable": "false",
        # A killed broker is back in 2.4 s instead of 11.6 s: its old session must time out first.
        "broker.session.timeout.ms": "1000",
        "broker.heartbeat.interval.ms": "200",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "log.cleaner.dedupe.buffer.size": "8388608",  # no topic of ours is compacted; the default holds 128 MiB
    }
