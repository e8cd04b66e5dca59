"""The README's first event: every command that it shows, typed as it stands, in both languages."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.deployment.documents import READMES, shell_lines, shell_lines_in, text_of
from tests.end_to_end.one_demo import Demo, environment, until

FIRST_EVENT = {"README.md": "step by step", "README.zh-CN.md": "逐步操作"}
WORDS = re.compile(r"\b(ITEM|EVENT)\b")

Pair = Mapping[str, Any]


def steps_of(document: str) -> list[str]:
    """Return the shell lines of the section about the first event."""
    sections = text_of(document).split("\n## ")
    (found,) = [section for section in sections if FIRST_EVENT[document] in section.partition("\n")[0]]
    return shell_lines_in(found)


def typed(line: str, folder: Path) -> str:
    """Type a line into a shell in the demo's folder and return what it printed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=folder,
        env={**environment(), "PATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, f"{line}\n{said.stdout}{said.stderr}"
    return said.stdout


@pytest.mark.parametrize("document", READMES)
def test_the_first_event_arrives_as_the_readme_says(document: str, standing_demo: Demo) -> None:
    lines = [line for line in steps_of(document) if not line.startswith("source ")]
    assert len(lines) == 10, lines

    names: dict[str, str] = {}
    for line in lines:
        said = typed(WORDS.sub(partial(name_in, names), line), standing_demo.folder)
        if line.startswith("counterfoil report"):
            answer = json.loads(said)
            names |= {"ITEM": answer["item"], "EVENT": answer["events"][0]["id"]}
            until(partial(is_listed, names["ITEM"], standing_demo.folder))
        elif line.startswith("counterfoil list") and names:
            assert names["ITEM"] in said
        elif line.startswith("counterfoil event proof"):
            assert said.startswith("c2sp.org/tlog-proof@v1\n")


def name_in(names: Mapping[str, str], word: re.Match[str]) -> str:
    return names[word[1]]


def is_listed(item: str, folder: Path) -> bool:
    return item in typed("counterfoil list --demo mah", folder)


@pytest.mark.parametrize("document", READMES)
def test_the_calls_of_the_readme_are_answered(document: str, standing_demo: Demo) -> None:
    calls = [line for line in shell_lines(document) if line.startswith("curl ")]
    (standing_demo.folder / "deviation.json").write_text('{"title": "t", "detected_at": "2026-11-25"}')

    assert len(calls) == 3
    for call in calls:
        answer = called(call, standing_demo)
        assert answer.is_success, f"{call}\n{answer.text}"


def called(call: str, demo: Demo) -> httpx.Response:
    """Send to the manufacturer what a line of curl would send."""
    gateway = demo.told["cmo"]
    line = call.replace("$COUNTERFOIL_URL", gateway["url"]).replace("$COUNTERFOIL_TOKEN", gateway["token"])
    words = iter(shlex.split(line)[1:])
    headers, body, url = {}, None, ""
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = (demo.folder / next(words).removeprefix("@")).read_bytes()
        else:
            url = word
    return httpx.request("GET" if body is None else "POST", url, headers=headers, content=body)
