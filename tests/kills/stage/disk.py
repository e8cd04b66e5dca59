"""A disk that is full until something is taken away from it."""

import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

_CHUNK = 64 * 1024


class Disk(Protocol):
    """Something that can be full."""

    def fill(self) -> None:
        """Leave no space."""

    def free(self) -> None:
        """Give the space back."""


class SmallDisk:
    """A file system of its own in memory, with a ballast file that takes all that is left."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        with self._ballast.open("ab", buffering=0) as ballast, suppress(OSError):
            while True:  # a file system without space raises; a short write is followed by that
                ballast.write(bytes(_CHUNK))

    def free(self) -> None:
        self._ballast.unlink()


class Quota:
    """For whoever may not mount: some processes may not let files grow, which they see as a disk that refuses."""

    def __init__(self, processes: Callable[[], Sequence[int]]) -> None:
        self._processes = processes

    def fill(self) -> None:
        self._limit(0)

    def free(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, most: int) -> None:
        for process in self._processes():
            _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (most, hard))


@contextmanager
def small_disk(mebibytes: int, processes: Callable[[], Sequence[int]]) -> Iterator[tuple[Path, Disk]]:
    """Give a folder on a disk of so many MiB; without the right to mount, a quota on the processes that write there."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-disk-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # a database has another user
        mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=755", "none", place]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            yield folder, Quota(processes)
            return
        try:
            yield folder, SmallDisk(folder)
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)


def family_of(process: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children")
    return [process, *map(int, children.read_text().split())] if children.exists() else []
