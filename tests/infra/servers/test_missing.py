"""What a machine lacks is said with the one command that changes it; nothing is passed over in silence."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.servers import choose, docker, java, native_postgres
from infra.servers.choose import kafka_server, postgres_server
from infra.servers.errors import ServersMissingError
from infra.servers.java import INSTALL_MAVEN, KAFKA_VERSION, kafka_jars
from infra.servers.java import java as java_runtime
from infra.servers.native_postgres import INSTALL_POSTGRES, postgres_programs

MAVEN = """#!/bin/sh
for word in "$@"; do case "$word" in -DoutputDirectory=*) folder="${word#-DoutputDirectory=}";; esac; done
: > "$folder/kafka_2.13-0.jar"
"""
FAILING_MAVEN = """#!/bin/sh
echo "[ERROR] the mirror is not reachable"
exit 1
"""
# Knows its packages only after an update, as on a machine that was just made.
APT = """#!/bin/sh
echo "$@" >> "{folder}/asked"
case "$1" in
  update) : > "{folder}/lists";;
  install) [ -e "{folder}/lists" ] || {{ echo "E: Unable to locate package maven" >&2; exit 100; }}
    cp "{folder}/maven" "{folder}/mvn";;
esac
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a shell and nothing else, with an empty cache."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "cp", "rm"):
        (folder / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("COUNTERFOIL_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return folder


@pytest.fixture
def no_debian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "_may_install", lambda: False)


@pytest.fixture(autouse=True)
def _no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COUNTERFOIL_KAFKA", "COUNTERFOIL_POSTGRES", "COUNTERFOIL_SERVERS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def no_wheels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr("importlib.util.find_spec", lambda _name: None)
        yield


def install(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)


@pytest.mark.usefixtures("no_debian")
def test_without_maven_the_one_command_is_named(programs: Path) -> None:
    with pytest.raises(ServersMissingError) as missing:
        kafka_jars()

    assert missing.value.detail.endswith(f"try: {INSTALL_MAVEN}")
    assert list(programs.parent.glob("cache/kafka-*")) == []


def test_on_debian_as_root_maven_is_installed_and_that_is_said(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(java, "_may_install", lambda: True)
    install(programs, "apt-get", APT.format(folder=programs))
    install(programs, "maven", MAVEN)

    jars = kafka_jars()

    assert [jar.name for jar in jars.glob("*.jar")] == ["kafka_2.13-0.jar"]
    assert (programs / "asked").read_text().splitlines() == [
        "install --yes maven default-jre-headless",
        "update",
        "install --yes maven default-jre-headless",
    ]
    assert f"Maven is missing; running: {INSTALL_MAVEN}" in capsys.readouterr().err.splitlines()


def test_where_even_installing_fails_the_one_command_is_named(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(java, "_may_install", lambda: True)
    install(programs, "apt-get", "#!/bin/sh\necho 'E: no network' >&2\nexit 100\n")

    with pytest.raises(ServersMissingError, match="try: apt-get install"):
        kafka_jars()

    assert "E: no network" in capsys.readouterr().err


def test_what_maven_complains_about_is_passed_on_and_nothing_half_fetched_is_used(programs: Path) -> None:
    install(programs, "mvn", FAILING_MAVEN)
    for _times in range(2):
        with pytest.raises(ServersMissingError, match="the mirror is not reachable"):
            kafka_jars()

    install(programs, "mvn", MAVEN)

    assert list(kafka_jars().glob("*.jar"))


def test_what_was_fetched_once_is_not_fetched_again(programs: Path) -> None:
    install(programs, "mvn", MAVEN)
    fetched = kafka_jars()
    (programs / "mvn").unlink()

    assert kafka_jars() == fetched
    assert fetched.name == f"kafka-{KAFKA_VERSION}"


def test_a_java_that_is_too_old_gives_way_to_the_wheels(programs: Path) -> None:
    install(programs, "java", "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")

    found = java_runtime()

    assert found.parent != programs
    assert java._java_version(found) >= java.OLDEST_JAVA


@pytest.mark.usefixtures("programs", "no_wheels")
def test_without_java_the_one_command_is_named() -> None:
    with pytest.raises(ServersMissingError) as missing:
        java_runtime()

    assert missing.value.detail.endswith(f"try: {INSTALL_MAVEN}")


@pytest.mark.usefixtures("programs", "no_wheels")
def test_without_postgresql_the_one_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native_postgres, "_SYSTEM", tmp_path / "none")

    with pytest.raises(ServersMissingError) as missing:
        postgres_programs()

    assert missing.value.detail.endswith(f"try: {INSTALL_POSTGRES}")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("COUNTERFOIL_SERVERS", "cloud", "COUNTERFOIL_SERVERS=native"),
        ("COUNTERFOIL_SERVERS", "docker", "COUNTERFOIL_SERVERS=native"),
        ("COUNTERFOIL_KAFKA", "127.0.0.1:1", "unset COUNTERFOIL_KAFKA"),
        ("COUNTERFOIL_KAFKA", "nonsense", "unset COUNTERFOIL_KAFKA"),
    ],
)
def test_a_wish_that_cannot_be_met_is_an_error_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setattr(choose, "engine_answers", lambda: False)
    monkeypatch.setenv(name, value)

    with pytest.raises(ServersMissingError, match=f"try: {said}"), kafka_server():
        pass


@pytest.mark.parametrize("url", ["nonsense", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_a_postgresql_that_is_named_and_not_there_is_an_error_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("COUNTERFOIL_POSTGRES", url)

    with pytest.raises(ServersMissingError, match="try: unset COUNTERFOIL_POSTGRES"), postgres_server():
        pass


def test_servers_that_are_named_are_used_as_they_are(
    monkeypatch: pytest.MonkeyPatch, kafka_address: str, postgres_url: str
) -> None:
    monkeypatch.setenv("COUNTERFOIL_KAFKA", kafka_address)
    monkeypatch.setenv("COUNTERFOIL_POSTGRES", postgres_url)

    with kafka_server() as kafka, postgres_server() as postgres:
        assert (kafka, postgres) == (kafka_address, postgres_url)


def test_a_docker_client_without_an_engine_is_no_docker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'docker.sock'}")

    assert not docker.engine_answers()


def test_the_cache_is_where_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COUNTERFOIL_CACHE", os.path.relpath(tmp_path))

    assert java.cache_folder().is_absolute()
    assert java.cache_folder().resolve() == tmp_path.resolve()
