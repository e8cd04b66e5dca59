"""Runs the demo as a person does: by its command line, in a folder of its own, on ports that nobody has."""

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from infra.servers.kept import free_ports

_PROJECT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 300.0
_LOOK_SECONDS = 0.05
_COLUMNS = (
    "Product ID",
    "Reason for Recall",
    "Product Description",
    "Center Classification Date",
    "Event Classification",
    "Center",
    "Event ID",
)


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """The JSON object that is its last line."""
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


class Demo:
    """One demo folder with its two ports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = free_ports(2)

    def command(self, *arguments: str) -> list[str]:
        mah, cmo = map(str, self.ports)
        fixed = ["--mah-port", mah, "--cmo-port", cmo, "--lang", "en"]
        return [sys.executable, "-m", "services.gateway.demo", *arguments, *fixed]

    def run(self, *arguments: str) -> Ended:
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    @contextlib.contextmanager
    def running(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            self.command(*arguments), cwd=self.folder, env=environment(), stdout=pipe, stderr=pipe, text=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)

    @property
    def told(self) -> dict[str, Any]:
        """What `demo.json` says."""
        found: dict[str, Any] = json.loads((self.folder / ".demo" / "demo.json").read_text(encoding="utf-8"))
        return found

    def get(self, party: str, path: str) -> Any:
        """Ask a gateway as anybody may who read `demo.json`; None while it does not answer."""
        try:
            gateway = self.told[party]
            headers = {"Authorization": f"Bearer {gateway['token']}"}
            answer = httpx.get(gateway["url"] + path, headers=headers, trust_env=False, timeout=10)
            return answer.json() if answer.is_success else None
        except (OSError, ValueError, KeyError, httpx.HTTPError):
            return None

    def items_at(self, party: str) -> int:
        answer = self.get(party, "/v1/communications?limit=1&total=true")
        return 0 if answer is None else int(answer["total"])


def finished(process: "subprocess.Popen[str]") -> Ended:
    out, err = process.communicate(timeout=_PATIENCE_SECONDS)
    return Ended(process.returncode, out, err)


def until(looking: Callable[[], object]) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not looking():
        if time.monotonic() > deadline:
            raise TimeoutError
        threading.Event().wait(_LOOK_SECONDS)


def environment() -> dict[str, str]:
    """Return this process's environment without a gateway's settings; servers that run already stay known."""
    kept = {"COUNTERFOIL_KAFKA", "COUNTERFOIL_POSTGRES", "COUNTERFOIL_SERVERS", "COUNTERFOIL_CACHE"}
    known = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERFOIL_") or name in kept}
    return {**known, "PYTHONPATH": str(_PROJECT)}


def lives(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    return False


def recalls(path: Path, rows: int) -> Path:
    """Write a file of the shape of the FDA's, with cells that a careless program would trip over."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for number in range(1, rows + 1):
            reason = ("=1+1 Sterility", "-CGMP Deviations", "+Subpotent", "无菌保证不足")[number % 4] + " x" * (
                number % 90
            )
            class_ = ("Class I", "Class II", "Class III")[number % 3]
            writer.writerow([number, reason, f"Product {number}", "2024-02-29", class_, "CDER", 90_000 + number // 5])
    return path
