"""Read the partner's topic and hand what came to the writer, with the position reached.

What is lost if the process dies here: nothing. The position is kept in the transaction that takes the records in, so
they are read again, and what was taken in already changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from events.journal.wire import Delivered, WirePosition
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.jobs import IncomingJob, Job
from services.gateway.ports.steps import Reached, Step, go_on
from services.gateway.ports.store import Store
from services.gateway.ports.wire import Wire

MAX_RECORDS = 16  # in one transaction
MAX_SECONDS = 120.0  # for one transaction


@dataclass(slots=True)
class Inbox:
    """Takes in one relationship's records; one thread calls `step`."""

    channel_of: Callable[[], Channel]
    store: Store
    wire: Wire
    submit: Callable[[Job], None]
    reached: Reached = go_on
    position: WirePosition | None = None
    loaded: bool = False

    def step(self, wait_seconds: float) -> bool:
        """Take in the next records, waiting for them; tell whether there were any.

        Raises:
            WireUnavailableError: call again later. EngineError: nothing was taken in; call again later.
        """
        channel = self.channel_of()
        if not channel.confirmed or channel.partner is None or channel.intake_stopped:
            return False
        if not self.loaded:
            self._load(channel)
        delivered = self.wire.read(channel.partner_topic, self.position, limit=MAX_RECORDS, wait_seconds=wait_seconds)
        if not delivered:
            return False
        self._take(channel, delivered)
        return True

    def _take(self, channel: Channel, delivered: Sequence[Delivered]) -> None:
        self.reached(Step.RECORDS_READ)
        after = delivered[-1].after
        pairs = [(each.record.kind, each.record.value) for each in delivered]
        job = IncomingJob(channel.number, pairs, after.topic_id, after.offset)
        self.submit(job)
        job.outcome.result(MAX_SECONDS)
        self.position = after
        self.reached(Step.RECORDS_TAKEN)

    def _load(self, channel: Channel) -> None:
        with self.store.reading() as reading:
            cursor = reading.wire_cursor(channel.number)
        self.position = None if cursor is None else WirePosition(cursor.topic_id, cursor.offset)
        self.loaded = True
