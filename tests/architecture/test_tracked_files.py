"""No file holds the address of a package registry or a path of one machine; the lock files hold hashes."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tracked import PROJECT, text_of, tracked

# Written apart, so that this file is not found by its own search.
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "repo.maven" + ".apache.org",
    "npm" + "mirror.com",
]
MACHINE_PATHS = re.compile(r"(?<![\w.~])/(" + "|".join(["wo" + "rk", "fa" + "rm", "ro" + "ot", "Us" + "ers"]) + r")/")
INDEX = re.compile(r'"resol' + r'ved"\s*:\s*"|--(extra-)?in' + r"dex-url|<repo" + "sitor")
VOCABULARY = sorted((PROJECT / "domain" / "vocabulary").glob("*.json"))
TERM = {"code", "zh", "en", "definition_zh", "definition_en", "clause"}
CLAUSE = re.compile(r"NMPA 134/2025 \([IVX]+\)(, \([IVX]+\))*")
REQUIREMENT = re.compile(r"^([a-z0-9._-]+)(\[[a-z0-9,._-]+\])?==(\S+)")


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{path}: {line.strip()[:100]}"
        for path in tracked()
        if path.name != "LICENSE"
        for line in text_of(path).splitlines()
        if MACHINE_PATHS.search(line) or any(host in line for host in HOSTS) or INDEX.search(line)
    ]

    assert found == []


def locked(name: str) -> dict[str, str]:
    found = (REQUIREMENT.match(line) for line in (PROJECT / "requirements" / name).read_text().splitlines())
    return {match[1]: match[3] for match in found if match}


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_every_locked_requirement_is_pinned_and_hashed(name: str) -> None:
    text = (PROJECT / "requirements" / name).read_text()
    blocks = [block for block in re.split(r"\n(?=\S)", text) if block.strip()]

    unpinned = [block.splitlines()[0] for block in blocks if not REQUIREMENT.match(block)]
    unhashed = [block.splitlines()[0] for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)]

    assert (unpinned, unhashed) == ([], [])


def test_the_lock_files_hold_what_the_project_asks_for_and_agree() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    runtime, dev = locked("runtime.txt"), locked("dev.txt")

    assert names(project["dependencies"]) <= runtime.keys()
    assert names(project["optional-dependencies"]["dev"]) <= dev.keys()
    assert runtime.items() <= dev.items()


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=; ]", requirement)[0].lower().replace("_", "-") for requirement in requirements}


@pytest.mark.parametrize("path", VOCABULARY, ids=lambda path: path.stem)
def test_a_vocabulary_is_well_formed(path: Path) -> None:
    terms = json.loads(path.read_text("utf-8"))
    codes = [term["code"] for term in terms]

    assert terms, "an empty vocabulary"
    assert len(set(codes)) == len(codes)
    assert [term["code"] for term in terms if not term.keys() >= TERM] == []
    assert [term["code"] for term in terms if not all(term[key] for key in TERM - {"clause"})] == []
    assert [term["code"] for term in terms if not re.search(r"[一-鿿]", term["zh"] + term["definition_zh"])] == []
    assert [term["code"] for term in terms if term["clause"] and not CLAUSE.fullmatch(term["clause"])] == []
