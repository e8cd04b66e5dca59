"""Answer the partner's wants: files that the own journal names in this relationship, and no others."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from events.encoding.identifiers import Role
from events.journal.files import PIECE_BYTES, Blob, Want
from events.journal.wire import WireRecord
from events.stored.files import UNIT_BYTES
from services.gateway.attachments.files import Files
from services.gateway.ports.wire import Wire

MAX_WANTS = 256  # that wait; of more the oldest are forgotten, and asked for again
_RECORDS = 8  # in one call of the wire
_OF_ONE_FILE = 2  # wants that may wait: one unit comes while the next is asked for; older ones are obsolete


@dataclass(slots=True)
class Answering:
    """What the partner wants and has not been sent yet; one thread uses it."""

    relationship: int
    own_role: Role
    topic: str
    files: Files
    wire: Wire
    wants: OrderedDict[Want, None] = field(default_factory=OrderedDict)

    def hear(self, want: Want) -> None:
        """Take in a want; one that this party's journal does not justify is forgotten at once."""
        if not self.files.sizes(self.relationship, self.own_role, want.sha256):
            return
        self.wants.pop(want, None)
        self.wants[want] = None
        of_one = [each for each in self.wants if each.sha256 == want.sha256]
        for obsolete in of_one[:-_OF_ONE_FILE]:
            del self.wants[obsolete]
        if len(self.wants) > MAX_WANTS:
            self.wants.popitem(last=False)

    def step(self) -> bool:
        """Answer the first want whose file is here, with one unit of it; tell whether there was one."""
        for want in self.wants:
            progress = self.files.progress(self.relationship, want.sha256)
            if progress.whole:
                self._send(want, progress.have)
                del self.wants[want]
                return True
        return False

    def _send(self, want: Want, total: int) -> None:
        for records in _groups(self._blobs(want, total)):
            self.wire.publish(self.topic, records)

    def _blobs(self, want: Want, total: int) -> Iterator[WireRecord]:
        if total == 0 == want.offset:
            yield WireRecord("blob", Blob(want.sha256, 0, 0, b"").encode())
        offset, end = want.offset, min(total, want.offset + UNIT_BYTES)
        for piece in self.files.blobs.read(self.relationship, want.sha256, offset, max(0, end - offset)):
            for start in range(0, len(piece), PIECE_BYTES):
                blob = Blob(want.sha256, offset, total, piece[start : start + PIECE_BYTES])
                offset = blob.end
                yield WireRecord("blob", blob.encode())


def _groups(records: Iterator[WireRecord]) -> Iterator[Sequence[WireRecord]]:
    group: list[WireRecord] = []
    for record in records:
        group.append(record)
        if len(group) == _RECORDS:
            yield group
            group = []
    if group:
        yield group
