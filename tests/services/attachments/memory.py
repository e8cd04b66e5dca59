"""How much memory this process took at most while something was done, beyond what it had before."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROCESS = Path("/proc/self")
_COLLECTOR = (700, 10, 10)  # as Python's own: a gateway does not change it, the tests do


class Peak:
    """Bytes, once the block is over."""

    grown: int = 0


@contextmanager
def peak_memory() -> Iterator[Peak]:
    gc.collect()
    tests_own = gc.get_threshold()
    gc.set_threshold(*_COLLECTOR)
    peak, before = Peak(), _field("VmRSS")
    (_PROCESS / "clear_refs").write_text("5")  # the highest water mark begins anew
    try:
        yield peak
    finally:
        gc.set_threshold(*tests_own)
    peak.grown = _field("VmHWM") - before


def _field(name: str) -> int:
    for line in (_PROCESS / "status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)
