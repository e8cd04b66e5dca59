"""Nothing that the documents tell people to type is unknown to the program, in English and in Chinese alike."""

import re
import subprocess
from pathlib import Path

import pytest

from services.gateway.settings import PREFIX, Settings
from tests.deployment.command_lines import misunderstood
from tests.deployment.documents import DOCUMENTS, PROJECT, READMES, commands, shell_lines, text_of
from tests.deployment.test_compose import SERVICES

# Read by tests, benches, the demo and the command line, not by a gateway.
ELSEWHERE = {
    "KAFKA",
    "POSTGRES",
    "CACHE",
    "TOKEN",
    "URL",
    "LANG",
    "SERVERS",
    "CAMPAIGN",
    "REAL_DATA",
    "SIGNING_PASSWORD_FILE",
}
OURS = {"counterfoil", "python"}
MAKE_TARGETS = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))


def own_command(command: list[str]) -> list[str] | None:
    """Return our own command within a line: alone, by its path in .venv, or run in a service of the compose file."""
    words = [Path(command[0]).name, *command[1:]]
    if words[:2] == ["docker", "compose"] and words[2] in ("run", "exec"):
        rest = [word for word in words[3:] if word not in ("--rm", "-T", "--no-deps")]
        assert rest[0] in SERVICES, rest[0]
        words = rest[1:]
    return words if words and words[0] in OURS else None


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_of_ours_exists(document: str) -> None:
    wrong = [
        f"{' '.join(command)}: {why}"
        for command in commands(document)
        if (own := own_command(command)) and (why := misunderstood(own))
    ]

    assert wrong == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_exists(document: str) -> None:
    named = {command[1] for command in commands(document) if command[0] == "make" and len(command) > 1}
    named |= set(re.findall(r"`make ([a-z]+)", text_of(document)))

    assert named <= MAKE_TARGETS


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_variable_is_read_by_somebody(document: str) -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", text_of(document)))

    assert named <= {name.upper() for name in Settings.model_fields} | ELSEWHERE


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_exists(document: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text_of(document))
    quoted = re.findall(
        r"`((?:tests|bench|infra|events|domain|services|requirements|examples)/[\w./-]*)`", text_of(document)
    )

    assert [path for path in [*links, *quoted] if not (PROJECT / path).exists()] == []


@pytest.mark.parametrize("document", READMES)
def test_the_table_of_settings_is_whole_and_true(document: str) -> None:
    rows = dict(re.findall(rf"^\| `{PREFIX}([A-Z_]+)` \| ([^|]*) \|", text_of(document), re.MULTILINE))

    assert rows.keys() == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        assert rows[name.upper()].strip().strip("`") == default, name


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = (list(map(_without_words, shell_lines(document))) for document in READMES)

    assert english == chinese


def _without_words(line: str) -> str:
    """Return a line without its comment and without what stands in quotes: names and sentences are of the language."""
    return re.sub(r"""'[^']*'|"[^"]*\"""", '""', line.partition(" #")[0].strip())


@pytest.mark.parametrize("script", [".ci/run", ".ci/environment"])
def test_the_scripts_are_runnable_and_free_of_mistakes_of_form(script: str) -> None:
    path = PROJECT / script

    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], capture_output=True, check=False).returncode == 0


def test_the_hooks_call_tools_of_the_lock() -> None:
    entries = re.findall(r"entry: (\S+)", (PROJECT / ".pre-commit-config.yaml").read_text())
    dev = (PROJECT / "requirements" / "dev.txt").read_text()
    package = {"ruff": "ruff", "mypy": "mypy", "lint-imports": "import-linter", "python": "pytest"}

    assert {Path(entry).parent.as_posix() for entry in entries} == {".venv/bin"}
    assert all(f"\n{package[Path(entry).name]}==" in dev for entry in entries)
