"""One gateway, the real engine in a process of its own, that the bench tells what to do over a pipe."""

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from bench.looking import Taken, look_at
from bench.one_caller import calls_a_second
from events.catalogue.bodies import Batch, Product
from events.encoding.identifiers import Role, uuid7
from infra.keys.party import Party, write_party
from services.cmo_gateway.profile import PROFILE as CMO
from services.gateway.assembly import build
from services.gateway.commands.asking import Asked, Needs
from services.gateway.commands.opening import Opening, drafts_of, next_number
from services.gateway.exchange.gateway import Gateway
from services.gateway.exchange.jobs import CommandJob, Decision, Situation
from services.gateway.ports.read_model import ItemQuery
from services.gateway.settings import load_settings
from services.mah_gateway.profile import PROFILE as MAH

PROFILES = {Role.MAH: MAH, Role.CMO: CMO}
_PATIENCE_SECONDS = 500.0
_DESCRIPTION = "冻干机真空泵在一次干燥阶段报警，真空度短时高于设定值，操作人员按规程处置并通知质量部门。" * 3
_CALLERS = 8  # threads that give single commands


def serve(connection: Connection, role: Role, uscc: str, environment: Mapping[str, str]) -> None:
    """Run a gateway and do what is asked until told to stop; a failure is sent back and raised over there."""
    settings = load_settings(environment)
    write_party(Path(settings.data), Party(uscc, f"示例 {role.value}"))
    gateway = build(settings, PROFILES[role])
    gateway.start()
    desk = _Desk(gateway)
    connection.send("ready")
    while (asked := connection.recv()) is not None:
        name, arguments = asked
        try:
            connection.send(("done", getattr(desk, name)(*arguments)))
        except Exception as failure:  # noqa: BLE001 - raised again on the other side
            connection.send(("failed", f"{name}: {type(failure).__name__}: {failure}"))
    gateway.stop()


class _Desk:
    """What the bench may ask of a gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._chance = Random(secrets.token_bytes(16))  # noqa: S311 - ids and keys that need only be different
        self._seen: dict[str, float] = {}
        self._watching: threading.Thread | None = None

    def invite(self, partner: str) -> bytes:
        return self._gateway.invite(partner)

    def accept(self, invitation: bytes) -> str:
        return self._gateway.accept(invitation)

    def confirm(self, fingerprint: str) -> None:
        self._gateway.confirm(self._number, "person/bench", fingerprint)

    def confirm_last(self, fingerprint: str) -> None:
        """Confirm the latest relationship."""
        self._gateway.confirm(self._gateway.status()[-1].number, "person/bench", fingerprint)

    def await_pairing(self) -> None:
        wait_until(lambda: all(each.paired for each in self._gateway.status()))

    def sizes(self) -> tuple[int, int]:
        """Return the size of the own journal, and of the partner's as far as it is held."""
        (status,) = self._gateway.status()
        return status.own_size, status.held

    def open_in_bulk(self, rows: int, rows_a_command: int, begin: int = 0) -> float:
        """Open deviations, many to a command, one relationship after the other; return when the first was given."""
        known = [each.number for each in self._gateway.status()]
        started = time.monotonic()
        firsts = iter(range(begin, begin + rows, rows_a_command))
        lock = threading.Lock()

        def submit() -> None:
            while True:
                with lock:
                    first = next(firsts, None)
                if first is None:
                    return
                numbers = range(first, min(first + rows_a_command, begin + rows))
                self._submit(self._job(numbers, known[first // rows_a_command % len(known)]))

        callers = [threading.Thread(target=submit) for _ in range(2)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        return started

    def open_at_once(self, callers: int, seconds: float) -> float:
        """Open deviations one by one, each of many callers the next when the last is answered; return the rate."""
        numbers = itertools.count()
        return calls_a_second(lambda: self._submit(self._job([next(numbers)], with_class=False)), callers, seconds)

    def look(self, items: int, seconds: float) -> Taken:
        """Look at the list and at timelines of so many items that were opened, for so long."""
        return look_at(self._gateway, sorted({batch_of(number) for number in range(items)}), seconds)

    def await_sent(self) -> float:
        """Wait until everything is on the wire; return when it was."""
        wait_until(lambda: all(each.sent >= each.own_size for each in self._gateway.status()))
        return time.monotonic()

    def topics(self) -> list[str]:
        """Return the topics of both journals."""
        channel = self._gateway.channel(self._number)
        return [channel.own_topic, channel.partner_topic]

    def await_items(self, count: int) -> float:
        """Return when so many items stood in the read model."""
        follower = self._gateway.changes()
        query = ItemQuery()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with self._gateway.read_model.reading() as reading:
                if reading.count_items(query) >= count:
                    return time.monotonic()
            follower.next(0.5)
        raise TimeoutError(f"not {count} items within {_PATIENCE_SECONDS:.0f} s")

    def open_steadily(self, per_second: int, seconds: int) -> dict[str, float]:
        """Open deviations one by one at a steady rate; return when each was answered, by its UUID."""
        answered: dict[str, float] = {}
        begin = time.monotonic() + 0.1
        callers = [
            threading.Thread(
                target=self._open_each, args=(answered, begin, 1.0 / per_second, first, per_second * seconds)
            )
            for first in range(_CALLERS)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        return answered

    def watch(self) -> None:
        """Note from now on when each item becomes visible in the read model."""
        with self._gateway.store.reading() as reading:
            last = reading.last_sequence()
        self._watching = threading.Thread(target=self._watch, args=(last,), daemon=True)
        self._watching.start()

    def seen(self, count: int) -> dict[str, float]:
        """Return when each item became visible, once there are so many."""
        wait_until(lambda: len(self._seen) >= count)
        return self._seen

    @cached_property
    def _number(self) -> int:
        return self._gateway.status()[0].number

    def _open_each(self, answered: dict[str, float], begin: float, pause: float, first: int, count: int) -> None:
        for number in range(first, count, _CALLERS):
            time.sleep(max(0.0, begin + number * pause - time.monotonic()))
            job = self._job([number])
            self._submit(job)
            answered[job.subjects[0].partition("/")[2]] = time.monotonic()

    def _submit(self, job: CommandJob) -> None:
        self._gateway.submit(job, _PATIENCE_SECONDS)

    def _job(self, numbers: Sequence[int], relationship: int | None = None, *, with_class: bool = True) -> CommandJob:
        key = self._chance.randbytes(8).hex()
        asked = Asked(relationship or self._number, Role.CMO, "system/bench", "bench", key, sha256().digest())
        items = [uuid7(time.time_ns() // 1_000_000, self._chance.randbytes(10)) for _ in numbers]

        def decide(now: Situation) -> Decision:
            drafts = []
            for ahead, (item, number) in enumerate(zip(items, numbers, strict=True), start=1):
                drafts += drafts_of(asked, item, _opening(number, with_class=with_class), next_number(now, ahead), now)
            return Decision(drafts, lambda _: {})

        needs = Needs([f"deviation/{item}" for item in items], [f"deviation_review/{item}" for item in items])
        return asked.job(decide, needs)

    def _watch(self, sequence: int) -> None:
        follower = self._gateway.changes()
        while True:
            reached = follower.next(60.0)
            at = time.monotonic()
            if reached is None:
                return
            if reached <= sequence:  # what was there before anybody watched
                continue
            with self._gateway.store.reading() as reading:
                entries = [entry for _, entry in reading.since(sequence, reached - sequence)]
            for entry in entries:
                if entry.type == "deviation.opened.v1" and entry.subject is not None:
                    self._seen[entry.subject.partition("/")[2]] = at
            sequence = reached


def _opening(number: int, *, with_class: bool = True) -> Opening:
    return Opening(
        title=f"冻干机真空泵报警 {number}",
        detected_at="2026-11-20",
        description=_DESCRIPTION,
        product=Product(code="CRO-1G", name="注射用头孢曲松钠 1.0 g(示例)"),
        batches=[Batch(number=batch_of(number))],
        line="L-02",
        class_="minor" if with_class else None,
    )


def batch_of(number: int) -> str:
    """Return the batch of a deviation by its number: a few deviations touch each, however many batches there are."""
    return f"B2026-{number // DEVIATIONS_A_BATCH:07d}"


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: it does not within minutes.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing within {_PATIENCE_SECONDS:.0f} s")
        time.sleep(0.02)


DEVIATIONS_A_BATCH = 5
EVENTS_A_ROW = 2  # opened and classified: what a row of an import becomes
