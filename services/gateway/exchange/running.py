"""The threads of a running gateway: one writer, one reader and one publisher for each partner, projections, the heart.

Each only calls the step of its part again and again; a simulator calls the same steps in one thread.
"""

import gc
import queue
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

import structlog

from infra.errors import InfraError
from services.gateway.exchange.errors import EngineError, RetryLaterError, StoppedError
from services.gateway.exchange.jobs import IncomingJob, Job
from services.gateway.exchange.writing.writer import Writer
from services.gateway.ports.alarms import Alarm, Alarms

MAX_JOBS = 128  # in one transaction
MAX_QUEUE = 4096  # jobs that wait; beyond it callers are told to come again
MAX_ROUND_BYTES = 8 * 1024 * 1024  # of records taken in within one transaction
LASTING_FAILURES = 20  # in succession, half a second apart: a part that fails so often keeps failing

_COLLECTOR = (20_000, 50, 100)  # objects made between two looks at the youngest; how many of those to one at the older

_TURN_SECONDS = 0.0002

_log = structlog.get_logger("counterfoil.gateway")


class Loop:
    """A thread that calls a step until it is told to stop; errors of the world outside are waited out."""

    def __init__(
        self,
        name: str,
        step: Callable[[], bool],
        *,
        idle_seconds: float | Callable[[], float],
        on_failed: Callable[[], None] | None = None,
        failed_seconds: float = 0.5,
    ) -> None:
        """Take a step that tells whether there was anything to do; if not, it waits to be woken, or `idle_seconds`."""
        self._on_failed = on_failed
        self._name = name
        self._step = step
        self._idle_seconds = idle_seconds
        self._failed_seconds = failed_seconds
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.failing = ""  # what keeps it from working now
        self.failures = 0  # in succession

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there is something to do."""
        self._wake.set()

    def stop(self) -> None:
        """Ask it to end."""
        self._stopping.set()
        self._wake.set()

    def join(self, seconds: float) -> None:
        """Wait for its end."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                busy = self._step()
            except (InfraError, EngineError) as error:
                self._fail(error, str(error))
            except Exception as error:  # noqa: BLE001 - a thread that ended would leave a gateway that looks alive
                self._fail(error, f"{type(error).__name__}: {error}")
            else:
                self.failing, self.failures = "", 0
                if not busy:
                    self._wake.wait(self._rest())

    def _rest(self) -> float:
        return self._idle_seconds() if callable(self._idle_seconds) else self._idle_seconds

    def _fail(self, error: Exception, said: str) -> None:
        """Say once what is wrong, and try again a little later."""
        if said != self.failing and not self._stopping.is_set():
            unexpected = not isinstance(error, InfraError | EngineError)
            _log.warning("step_failed", part=self._name, error=said, exc_info=error if unexpected else None)
        self.failing = said
        self.failures += 1
        if self._on_failed is not None:
            self._on_failed()
        self._stopping.wait(self._failed_seconds)


def prepare_the_interpreter() -> None:
    """Set what is set for the whole process, once its gateway begins to work."""
    spare_the_collector()
    _take_turns_often()


def spare_the_collector() -> None:
    """Have the garbage collector look less often, and not at what stands: what a transaction makes has few cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTOR)


def _take_turns_often() -> None:
    """Have threads take turns often: the writer comes back from the database some twenty times in a transaction.

    Each time it waits for its turn behind whoever runs, by Python's default up to 5 ms. Measured with 64 callers: a
    twentieth more commands a second, a third on a busy machine, and nothing lost in bulk.
    """
    sys.setswitchinterval(_TURN_SECONDS)


def watch(loops: Mapping[str, Loop], about: Callable[[str], str], alarms: Alarms, at: str) -> None:
    """Call people for a part that keeps failing (`inbox.failing`, `outbox.failing` ...) until it works again.

    `about` returns the relationship of a part's number, empty for a part of the whole gateway.
    """
    for name, loop in loops.items():
        part, _, number = name.partition(" ")
        code, relationship = f"{part}.failing", about(number)
        if loop.failures >= LASTING_FAILURES:
            alarms.report(Alarm(code, relationship, loop.failing, at))
        elif not loop.failures:
            alarms.settle(code, relationship)


class JobQueue:
    """Jobs on their way to the one writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._jobs: queue.Queue[Job] = queue.Queue(MAX_QUEUE)
        self._stopped = threading.Event()

    def submit(self, job: Job) -> None:
        """Line a job up.

        Raises:
            RetryLaterError: too many wait already. StoppedError: the gateway is stopping.
        """
        if self._stopped.is_set():
            raise StoppedError("the gateway is stopping")
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise RetryLaterError(f"{MAX_QUEUE} commands wait already") from None

    def step(self, wait_seconds: float) -> bool:
        """Do all jobs that wait, in one transaction; wait for the first."""
        try:
            jobs = [self._jobs.get(timeout=wait_seconds)]
        except queue.Empty:
            return False
        self._writer.run(self._fill(jobs))
        return True

    def stop(self) -> None:
        """Take no more jobs; refuse those that wait."""
        self._stopped.set()
        while True:
            try:
                self._jobs.get_nowait().outcome.set_exception(StoppedError("the gateway is stopping"))
            except queue.Empty:
                return

    def _fill(self, jobs: list[Job]) -> Sequence[Job]:
        """Add what waits, up to a bound of jobs and of bytes taken in."""
        used = _bytes_of(jobs[0])
        while len(jobs) < MAX_JOBS and used < MAX_ROUND_BYTES:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            jobs.append(job)
            used += _bytes_of(job)
        return jobs


def _bytes_of(job: Job) -> int:
    return sum(len(value) for _, value in job.records) if isinstance(job, IncomingJob) else 0
