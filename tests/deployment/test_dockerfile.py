"""The Dockerfile against the project: what it copies exists, what it installs is locked, what it runs is real."""

import json
import re
import tomllib

import pytest

from services.gateway.settings import PREFIX, load_settings
from tests.deployment.command_lines import misunderstood
from tests.deployment.image import ENVIRONMENT, PROJECT, instructions, last_stage


def all_of(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def test_both_stages_stand_on_one_python_of_a_known_version() -> None:
    images = {rest.split()[0] for rest in all_of("FROM")}
    (image,) = images
    version = re.fullmatch(r"python:(\d+\.\d+)\.\d+-slim-[a-z]+", image)
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]

    assert version is not None
    assert project["requires-python"] == f">={version[1]}"


def test_everything_it_copies_exists_and_reaches_the_builder() -> None:
    copied = [source for rest in all_of("COPY") if "--from" not in rest for source in rest.split()[:-1]]
    let_through = (PROJECT / ".dockerignore").read_text().splitlines()

    assert [source for source in copied if not (PROJECT / source).exists()] == []
    for source in copied:
        assert f"!{re.sub(r'^requirements/.*', 'requirements/*.txt', source)}" in let_through


def test_the_builder_is_sent_nothing_but_what_is_let_through() -> None:
    lines = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]

    assert lines[0] == "*"
    assert {"!secrets", "!.git", "!.venv"} & set(lines) == set()


def test_every_package_is_installed_by_its_hash() -> None:
    commands = [command.strip() for rest in all_of("RUN") for command in rest.split("&&")]
    installs = [command for command in commands if re.search(r"\bpip install\b", command)]

    assert len(installs) == 3
    assert [command for command in installs if "--require-hashes" not in command and "--no-index" not in command] == []


def test_it_runs_without_root_and_its_data_folder_belongs_to_that_user() -> None:
    users = [rest for name, rest in last_stage() if name == "USER"]
    (preparation,) = [rest for name, rest in last_stage() if name == "RUN"]

    assert users == ["10001:10001"]
    assert "--uid 10001" in preparation
    assert preparation.endswith(ENVIRONMENT[PREFIX + "DATA"])


def test_its_variables_are_settings_with_usable_values() -> None:
    settings = load_settings({name: value for name, value in ENVIRONMENT.items() if name.startswith(PREFIX)})

    assert [rest for name, rest in last_stage() if name == "EXPOSE"] == [str(settings.listen_port)]
    assert [rest for name, rest in last_stage() if name == "VOLUME"] == [str(settings.data)]


@pytest.mark.parametrize("instruction", ["CMD", "HEALTHCHECK"])
def test_its_commands_exist(instruction: str) -> None:
    (rest,) = [rest for name, rest in last_stage() if name == instruction]

    assert misunderstood(json.loads(rest[rest.index("[") :])) is None


def test_the_packages_that_build_it_are_those_of_the_lock() -> None:
    dev = set((PROJECT / "requirements" / "dev.txt").read_text().split())
    build = (PROJECT / "requirements" / "build.txt").read_text()
    pinned = re.findall(r"^\S+==\S+", build, re.MULTILINE)

    assert pinned
    assert set(pinned) <= dev
