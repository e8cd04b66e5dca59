"""Two gateways' files, stepped by hand on a wire of lists; the stores are those of a world."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from events.catalogue.bodies import Attachment
from events.journal.files import Blob, Want
from events.journal.wire import WireRecord
from infra.blobs.folder import BlobFolder
from infra.blobs.names import NamesFile
from services.gateway.attachments.files import Files
from services.gateway.attachments.transfer import Transfer, files_topic
from services.gateway.ports.alarms import Alarm
from services.gateway.ports.wire import Wire
from tests.services.exchange.fakes import HeardAlarms
from tests.services.exchange.world import NUMBER, Side, World

PATIENCE = 10.0
MIB = 1024**2
LARGE = os.urandom(20 * MIB + 12_345)


def name_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def attachment(content: bytes, name: str = "报告.pdf", size: int | None = None) -> Attachment:
    return Attachment(sha256=name_of(content), name=name, size=len(content) if size is None else size)


class Post:
    """One side's files."""

    def __init__(self, side: Side, folder: Path, make_wire: Callable[[], Wire] | None = None) -> None:
        self.side = side
        self.folder = folder
        self.make_wire = make_wire or (lambda: side.wire)
        self.open()

    def open(self) -> None:
        """Start, as after a crash."""
        self.files = Files(self.side.store, BlobFolder(self.folder), NamesFile(self.folder))
        self.alarms = HeardAlarms()
        self.transfer = Transfer(
            lambda: self.side.channel, self.files, self.make_wire, self.side.clock, self.alarms, PATIENCE
        )

    @property
    def topic(self) -> str:
        return files_topic(self.side.channel.own_topic)

    @property
    def told(self) -> list[Alarm]:
        return list(self.alarms.standing())

    def keep(self, content: bytes) -> None:
        """Have a file here, as if it were uploaded."""
        intake = self.files.blobs.receive(NUMBER, name_of(content), 0, len(content))
        intake.write(content)
        intake.finish()
        self.files.note_held(NUMBER, name_of(content))

    def record(self, *contents: bytes) -> None:
        """Write an entry that names files."""
        self.side.open_deviation(name_of(b"".join(contents))[:8], attachments=[attachment(each) for each in contents])

    def has(self, content: bytes) -> bool:
        if not self.files.holds(NUMBER, name_of(content)):
            return False
        return b"".join(self.files.blobs.read(NUMBER, name_of(content), 0, len(content))) == content

    def have(self, content: bytes) -> int:
        return self.files.progress(NUMBER, name_of(content)).have

    def says(self, *records: Want | Blob | bytes) -> None:
        """Let whoever can write to this side's topic write there."""
        written = [
            WireRecord("want" if isinstance(each, Want) else "blob", each if isinstance(each, bytes) else each.encode())
            for each in records
        ]
        self.side.wire.publish(self.topic, written)


class Posts:
    """Both sides'."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.mah, self.cmo = (Post(side, folder / f"{side.role.value}.files") for side in (world.mah, world.cmo))

    def step(self) -> bool:
        busy = [post.transfer.step(0.0) for post in (self.cmo, self.mah)]
        return any(busy)

    def settle(self) -> None:
        """Let everything travel."""
        self.world.settle()
        while self.step():
            pass

    def wait(self, seconds: float = 1000.0) -> None:
        """Let time pass, and then everything travel."""
        self.world.clock.move(seconds)
        self.settle()
