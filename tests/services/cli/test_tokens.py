import json
from pathlib import Path

from tests.services.cli.conftest import Cli


def test_the_first_token_needs_no_running_gateway(cli: Cli) -> None:
    made = json.loads(cli("token", "create", "--person", "p1", "--role", "qa_staff", "--json").out)

    (listed,) = json.loads(cli("token", "list", "--json").out)["data"]
    assert listed == {name: value for name, value in made.items() if name != "token"}
    assert listed["actor"] == "person/p1"


def test_a_secret_is_never_shown_again_nor_kept(cli: Cli, tmp_path: Path) -> None:
    secret = cli("token", "create", "--system", "mes", "--role", "integrator").out.strip()

    assert secret not in cli("token", "list").out
    assert all(secret.encode() not in file.read_bytes() for file in (tmp_path / "data").iterdir())


def test_a_revoked_token_is_listed_as_no_longer_in_force(cli: Cli) -> None:
    made = json.loads(cli("token", "create", "--person", "p1", "--role", "qa_staff", "--json").out)

    assert cli("token", "revoke", made["id"]).code == 0
    (listed,) = json.loads(cli("token", "list", "--json").out)["data"]
    assert listed["is_in_force"] is False


def test_revoking_a_token_that_nobody_has_is_refused(cli: Cli) -> None:
    failed = cli("token", "revoke", "none")

    assert failed.code == 1
    assert "try: " in failed.err


def test_a_token_of_an_unknown_role_is_wrong_usage_and_the_roles_are_named(cli: Cli) -> None:
    failed = cli("token", "create", "--person", "p1", "--role", "emperor")

    assert failed.code == 2
    assert "qa_manager" in failed.err


def test_a_token_speaks_for_exactly_one(cli: Cli) -> None:
    assert cli("token", "create", "--role", "qa_staff").code == 2
    assert cli("token", "create", "--role", "qa_staff", "--person", "a", "--system", "b").code == 2


def test_an_option_that_is_given_twice_is_wrong_usage(cli: Cli) -> None:
    failed = cli("token", "create", "--person", "p1", "--role", "qa_staff", "--role", "auditor")

    assert failed.code == 2
    assert "--role" in failed.err
    assert "given twice" in failed.err
    assert json.loads(cli("token", "list", "--json").out)["data"] == []


def test_a_token_is_bound_to_a_relationship_that_this_gateway_has(cli: Cli) -> None:
    failed = cli("token", "create", "--person", "p1", "--role", "qa_staff", "--relationship", "A/B")

    assert failed.code == 2
    assert "no such relationship" in failed.err
