"""Where a running gateway writes its process number."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def pid_file(data: Path) -> Path:
    """Return where a running gateway writes its process number, for whoever watches it."""
    return data / "gateway.pid"


@contextmanager
def noted(data: Path) -> Iterator[None]:
    """Write down the process number until the end of the block."""
    path = pid_file(data)
    path.write_text(f"{os.getpid()}\n", encoding="ascii")
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
