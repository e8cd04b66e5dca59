"""What the demo has done already, so that it goes on where it was: each step once, whatever was killed in between."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.keys.private_files import write_private

_ID_BYTES = 2


class Progress:
    """The steps done and what came of each.

    A step has one idempotency key for ever, so a lost answer leads to no second act.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self._done: dict[str, Any] = known.get("done", {})
        self.serial: str = known.get("serial") or secrets.token_hex(_ID_BYTES)
        """What tells this demo from others on the same servers: four hexadecimal digits."""
        if not known:
            self._save()

    def once(self, step: str, work: Callable[[str], Any]) -> Any:  # noqa: ANN401 - JSON
        """Do a step, handing it its idempotency key, or return what came of it before."""
        if step not in self._done:
            self._done[step] = work(f"demo-{self.serial}-{step}")
            self._save()
        return self._done[step]

    @property
    def is_new(self) -> bool:
        """Tell whether nothing is done yet."""
        return not self._done

    def _save(self) -> None:
        known = {"serial": self.serial, "done": self._done}
        write_private(self._path, json.dumps(known, ensure_ascii=False, indent=1).encode(), replace=True)
