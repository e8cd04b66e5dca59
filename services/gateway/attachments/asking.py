"""Ask for files that the partner's journal names and that are not here, and take in what comes.

Of a piece nothing is believed but that it may belong where it says: a file becomes whole when its bytes have the
SHA-256 that the signed entry names. A lie costs the work of throwing it away; it is an alarm, and the file is asked for
again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from events.encoding.identifiers import Role
from events.journal.files import Blob, Want
from events.stored.files import MAX_FILE_BYTES, UNIT_BYTES
from infra.blobs.errors import BlobsUnavailableError, FileBusyError, FileDiffersError, WrongOffsetError
from services.gateway.attachments.files import Files
from services.gateway.ports.blobs import Intake

MOST_PATIENCE_SECONDS = 300.0
_LOOKED_AT = 1_000  # of the missing files, the first


@dataclass(slots=True)
class Coming:
    """The file that comes now. `have`: bytes taken in; `asked`: up to where it was asked for."""

    sha256: str
    have: int
    asked: int
    since: float  # when something came last, or it was asked for
    total: int | None = None  # as its first piece says
    intake: Intake | None = None
    gap: int = -1  # where it was asked for again last because something was left out


@dataclass(slots=True)
class Asking:
    """What is missing, and the one file of it that comes now; one thread uses it."""

    relationship: int
    partner_role: Role
    files: Files
    publish: Callable[[Want], None]
    refuse: Callable[[str], None]  # what is wrong, for an alarm
    settle: Callable[[], None]  # nothing is
    patience: float  # seconds, at first
    coming: Coming | None = None
    resting: dict[str, tuple[float, float]] = field(default_factory=dict)  # until when, and how patient it was
    refused: set[str] = field(default_factory=set)

    def step(self, now: float) -> bool:
        """Ask for what is due; tell whether anything was asked for."""
        if self.coming is not None and now - self.coming.since >= self.patience:
            self._rest(self.coming.sha256, now - self.patience)  # the first time it is asked for again at once
        if self.coming is None:
            self._choose(now)
        return self._ask(now)

    def take(self, blob: Blob, now: float) -> None:
        """Take in a piece, or throw it away."""
        if not self._is_believable(blob):
            return
        coming = self._coming_for(blob, now)
        if coming is None or blob.offset < coming.have or coming.total not in (None, blob.total):
            return
        if blob.offset > coming.have:
            self._ask_again(coming)
            return
        try:
            if self._begin(coming, blob):
                self._write(coming, blob, now)
        except (FileDiffersError, BlobsUnavailableError) as error:
            self._fail(coming, error.detail, now)

    def hurry(self) -> None:
        """Ask at once and with fresh patience: the wire was away and is there again."""
        self.resting.clear()
        self.let_go()

    def let_go(self) -> None:
        """Close what is coming; it goes on later where it was."""
        coming, self.coming = self.coming, None
        if coming is not None and coming.intake is not None:
            coming.intake.close()

    def _choose(self, now: float) -> None:
        """Begin with the first file that was not asked for yet, else with the one that rests the longest."""
        missing = self.files.names.missing(self.relationship, self.partner_role, _LOOKED_AT)
        due = [
            (until, number, each.sha256)
            for number, each in enumerate(missing)
            if (until := self._rests_until(each.sha256)) <= now and each.size <= MAX_FILE_BYTES
        ]
        if due:
            self._start(min(due)[2], now)

    def _rests_until(self, sha256: str) -> float:
        return self.resting[sha256][0] if sha256 in self.resting else -inf

    def _start(self, sha256: str, now: float) -> Coming:
        have = self.files.progress(self.relationship, sha256).have
        self.coming = Coming(sha256, have, have, now)
        return self.coming

    def _ask(self, now: float) -> bool:
        """Ask for one unit more than is under way, so that the next comes while one is written."""
        coming = self.coming
        if coming is None or coming.asked - coming.have > UNIT_BYTES // 2:
            return False
        if coming.total is not None and coming.asked >= coming.total:
            return False
        if coming.intake is None and coming.asked > coming.have:  # nothing came yet: perhaps nobody has it
            return False
        self.publish(Want(coming.sha256, coming.asked))
        coming.asked += UNIT_BYTES
        coming.since = now
        return True

    def _ask_again(self, coming: Coming) -> None:
        if coming.gap != coming.have:
            coming.gap = coming.have
            self.publish(Want(coming.sha256, coming.have))
            coming.asked = coming.have + UNIT_BYTES

    def _is_believable(self, blob: Blob) -> bool:
        sizes = self.files.sizes(self.relationship, self.partner_role, blob.sha256)
        if not sizes:
            self.refuse(f"{blob.sha256} was never asked for")
        elif blob.total not in sizes:
            self.refused.add(blob.sha256)
            self.refuse(f"{blob.sha256} is said to have {blob.total} bytes, the journal says otherwise")
        else:
            return not self.files.holds(self.relationship, blob.sha256)
        return False

    def _coming_for(self, blob: Blob, now: float) -> Coming | None:
        """Return the file that comes if a piece is of it; another one that comes late, unawaited, is next."""
        coming = self.coming
        if coming is not None and coming.sha256 == blob.sha256:
            return coming
        if blob.sha256 in self.refused and self._rests_until(blob.sha256) > now:
            return None  # the rest of what was refused
        self.resting.pop(blob.sha256, None)
        return self._start(blob.sha256, now) if coming is None else None

    def _begin(self, coming: Coming, blob: Blob) -> bool:
        """Open a file's place for its first piece; tell whether it is open."""
        if coming.intake is not None:
            return True
        try:
            coming.intake = self.files.blobs.receive(self.relationship, blob.sha256, coming.have, blob.total)
        except FileBusyError:  # somebody uploads it here
            return False
        except WrongOffsetError:  # it began with another total
            self.files.blobs.discard(self.relationship, blob.sha256)
            coming.have = coming.asked = 0
            return False
        coming.total = blob.total
        return True

    def _write(self, coming: Coming, blob: Blob, now: float) -> None:
        if coming.intake is None:
            return
        coming.intake.write(blob.content)
        coming.have, coming.since = blob.end, now
        if coming.sha256 not in self.refused:
            self.resting.pop(coming.sha256, None)
        if blob.end == blob.total:
            coming.intake.finish()
            self._note_whole(coming.sha256)

    def _fail(self, coming: Coming, detail: str, now: float) -> None:
        """Leave a file for a while that the disk refuses, or that was another, and call people."""
        self.refused.add(coming.sha256)
        self._rest(coming.sha256, now)
        self.refuse(detail)

    def _note_whole(self, sha256: str) -> None:
        self.coming = None
        self.refused.discard(sha256)
        self.resting.pop(sha256, None)
        self.files.note_held(self.relationship, sha256)
        if not self.refused:
            self.settle()

    def _rest(self, sha256: str, since: float) -> None:
        """Leave a file until its patience after a moment is over; it is twice as long each time."""
        before = self.resting[sha256][1] if sha256 in self.resting else 0.0
        patience = min(max(2 * before, self.patience), MOST_PATIENCE_SECONDS)
        self.resting[sha256] = (since + patience, patience)
        if self.coming is not None and self.coming.sha256 == sha256:
            self.let_go()
