"""docker-compose.yml against what it runs: the real commands, the real settings, the servers that the tests use.

No Docker engine is needed: every command, variable, port and health check is held against the code that reads it.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.servers.docker import KAFKA_IMAGE, POSTGRES_IMAGE
from infra.servers.native_kafka import broker_settings
from services.gateway.settings import PREFIX, load_settings
from tests.deployment.command_lines import misunderstood
from tests.deployment.image import ENVIRONMENT, PROJECT

FILE = PROJECT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
GATEWAYS = ["mah-gateway", "cmo-gateway"]
DATABASES = ["mah-postgres", "cmo-postgres"]


def settings_of(gateway: str, secrets: Path) -> dict[str, str]:
    """The gateway's environment as in the container, its secrets in a folder of ours."""
    given = {**ENVIRONMENT, **SERVICES[gateway]["environment"]}
    return {
        name: str(value).replace("/run/secrets", str(secrets))
        for name, value in given.items()
        if name.startswith(PREFIX)
    }


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    for name in COMPOSE["secrets"]:
        (tmp_path / name).write_text("a secret\n")
    return tmp_path


def test_it_is_valid_by_the_compose_specification() -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"

    said = subprocess.run(
        [str(checker), "--builtin-schema", "vendor.compose-spec", str(FILE)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_a_gateway_is_started_by_a_command_that_exists(gateway: str) -> None:
    assert misunderstood(SERVICES[gateway]["command"]) is None
    assert SERVICES[gateway]["command"][2] == f"services.{gateway.replace('-', '_')}"


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_a_gateway_is_asked_for_its_health_by_a_command_that_exists(gateway: str) -> None:
    kind, *command = SERVICES[gateway]["healthcheck"]["test"]

    assert kind == "CMD"
    assert command == ["counterfoil", "health"]
    assert misunderstood(command) is None


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_a_gateway_s_variables_are_settings_with_usable_values(gateway: str, secrets: Path) -> None:
    settings = load_settings(settings_of(gateway, secrets))

    assert settings.secret() == b"a secret"
    assert settings.store_url().startswith("postgresql+psycopg://counterfoil:a%20secret@")
    assert settings.wire_address() == "kafka:kafka:9092"


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_a_gateway_listens_on_the_port_that_is_published(gateway: str, secrets: Path) -> None:
    settings = load_settings(settings_of(gateway, secrets))
    (published,) = SERVICES[gateway]["ports"]

    assert re.fullmatch(r"127\.0\.0\.1:\d+:(\d+)", published)
    assert published.endswith(f":{settings.listen_port}")
    assert settings.listen_host == "0.0.0.0"  # noqa: S104 - inside a container, behind the published port


@pytest.mark.parametrize("party", ["mah", "cmo"])
def test_a_gateway_s_store_is_the_database_of_its_own_party(party: str, secrets: Path) -> None:
    settings = load_settings(settings_of(f"{party}-gateway", secrets))
    database = SERVICES[f"{party}-postgres"]
    user, name = (database["environment"][f"POSTGRES_{key}"] for key in ("USER", "DB"))

    assert settings.store_url().endswith(f"@{party}-postgres:5432/{name}")
    assert f"//{user}:" in settings.store_url()
    assert database["environment"]["POSTGRES_PASSWORD_FILE"] == f"/run/secrets/{party}_store_password"
    assert database["networks"] == [party]
    assert party in SERVICES[f"{party}-gateway"]["networks"]


@pytest.mark.parametrize("database", DATABASES)
def test_a_database_is_asked_for_its_health_with_its_own_names(database: str) -> None:
    environment = SERVICES[database]["environment"]

    assert SERVICES[database]["healthcheck"]["test"] == [
        "CMD",
        "pg_isready",
        f"--username={environment['POSTGRES_USER']}",
        f"--dbname={environment['POSTGRES_DB']}",
    ]


def test_the_broker_is_told_what_the_tests_tell_theirs() -> None:
    told = broker_settings(
        listen="PLAINTEXT://:9092,CONTROLLER://localhost:9093",
        advertise="PLAINTEXT://kafka:9092",
        controller="localhost:9093",
        folder="/var/lib/kafka/data",
    )

    assert SERVICES["kafka"]["environment"] == {
        "KAFKA_" + key.upper().replace(".", "_"): value for key, value in told.items()
    }


def test_the_servers_are_of_the_versions_that_the_tests_run() -> None:
    assert SERVICES["kafka"]["image"] == KAFKA_IMAGE
    assert {SERVICES[database]["image"] for database in DATABASES} == {POSTGRES_IMAGE}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_image_has_a_version(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9./-]+:\d[\w.-]*", SERVICES[name]["image"])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_hardened_and_its_log_bounded(name: str) -> None:
    service = SERVICES[name]

    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}
    assert service["healthcheck"]["test"][0] == "CMD"
    assert not service.get("privileged")


@pytest.mark.parametrize("name", [*GATEWAYS, *DATABASES])
def test_gateways_and_databases_run_without_root_on_a_read_only_root(name: str) -> None:
    user = SERVICES[name]["user"]

    assert int(user.split(":")[0]) > 0
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_a_gateway_waits_until_its_servers_are_healthy(gateway: str) -> None:
    waited = SERVICES[gateway]["depends_on"]

    assert waited.keys() == {"kafka", gateway.replace("gateway", "postgres")}
    assert {condition["condition"] for condition in waited.values()} == {"service_healthy"}


def test_secrets_are_files_and_nothing_secret_stands_in_the_file() -> None:
    assert {f"./secrets/{name}" for name in COMPOSE["secrets"]} == {
        secret["file"] for secret in COMPOSE["secrets"].values()
    }
    assert "secrets/" in (PROJECT / ".gitignore").read_text().splitlines()
    named = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert named == COMPOSE["secrets"].keys()
    for name, value in variables():
        if re.search("PASSWORD|PASSPHRASE|SECRET|TOKEN", name):
            assert name.endswith("_FILE")
            assert value.startswith("/run/secrets/")


def variables() -> Iterator[tuple[str, str]]:
    for service in SERVICES.values():
        yield from service.get("environment", {}).items()


def test_what_must_last_lies_in_named_volumes() -> None:
    mounted = {volume.partition(":")[0] for service in SERVICES.values() for volume in service["volumes"]}

    assert mounted == COMPOSE["volumes"].keys()
    for gateway in GATEWAYS:
        assert [volume.partition(":")[2] for volume in SERVICES[gateway]["volumes"]] == [ENVIRONMENT[PREFIX + "DATA"]]


def test_only_gateways_meet_on_the_wire() -> None:
    on_the_wire = {name for name, service in SERVICES.items() if "wire" in service["networks"]}

    assert on_the_wire == {"kafka", *GATEWAYS}
    assert COMPOSE["networks"].keys() == {"wire", "mah", "cmo"}
