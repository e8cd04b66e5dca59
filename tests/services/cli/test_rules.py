"""The rules of the whole command line: where words go, in which language, and what the exit codes mean."""

import json

import pytest

from services.gateway.cli.output import visible
from services.gateway.cli.words import Language, language_of
from tests.services.cli.conftest import Cli
from tests.services.cli.fake_gateway import FakeGateway, Said


def test_results_go_to_standard_output_and_hints_to_standard_error(cli: Cli) -> None:
    made = cli("token", "create", "--person", "p1", "--role", "qa_manager")

    assert made.code == 0
    assert made.out.startswith("cft_")
    assert len(made.out.splitlines()) == 1
    assert "revoke" in made.err


def test_an_unknown_command_is_wrong_usage_and_says_what_to_try(cli: Cli) -> None:
    failed = cli("nonsense")

    assert (failed.code, failed.out) == (2, "")
    assert failed.err.strip().endswith("try: counterfoil --help")


def test_an_unknown_option_is_wrong_usage_and_names_the_help_of_its_command(cli: Cli) -> None:
    failed = cli("token", "list", "--nonsense")

    assert failed.code == 2
    assert failed.err.strip().endswith("try: counterfoil token list --help")


def test_a_gateway_that_does_not_answer_is_exit_code_three(cli: Cli, gateway: FakeGateway) -> None:
    gateway.on("GET", "/v1/health", Said(hang_up=True))

    failed = cli("health", "--url", gateway.url)

    assert failed.code == 3
    assert "try: " in failed.err


def test_a_gateway_that_is_not_ready_is_a_failed_check(cli: Cli, gateway: FakeGateway) -> None:
    gateway.on("GET", "/v1/health", Said(503, {"status": "not_ready"}))

    assert cli("health", "--url", gateway.url).code == 1


def test_a_refusal_of_the_gateway_is_exit_code_one_in_its_own_words(cli: Cli, gateway: FakeGateway) -> None:
    problem = {"type": "/problems/unauthenticated", "title": "A valid token is needed", "status": 401, "detail": "none"}
    gateway.on("GET", "/v1/events", Said(401, problem))

    failed = cli("event", "tail", "--url", gateway.url)

    assert failed.code == 1
    assert "A valid token is needed: none; try: set COUNTERFOIL_TOKEN" in failed.err


def test_an_error_under_json_is_json_on_standard_error(cli: Cli, gateway: FakeGateway) -> None:
    failed = cli("event", "show", "x", "--json", "--url", gateway.url)

    assert failed.out == ""
    assert json.loads(failed.err)["error"]["exit_code"] == 1


def test_a_setting_that_is_wrong_is_wrong_usage(cli: Cli) -> None:
    failed = cli("config", "show", COUNTERFOIL_LISTEN_PORT="http")

    assert failed.code == 2
    assert "COUNTERFOIL_LISTEN_PORT" in failed.err


def test_an_unforeseen_error_is_a_sentence_and_no_traceback(cli: Cli, gateway: FakeGateway) -> None:
    gateway.on("GET", "/v1/events", Said(200, "no JSON"))

    failed = cli("event", "tail", "--url", gateway.url)

    assert failed.code == 1
    assert "Traceback" not in failed.err
    assert "try: counterfoil doctor" in failed.err


def test_there_is_no_colour_where_nobody_looks(cli: Cli) -> None:
    assert "\x1b" not in cli("schema", "list").out


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["--lang", "zh"], {"LANG": "en_US.UTF-8"}, Language.ZH),
        (["list", "--lang=en"], {"LANG": "zh_CN.UTF-8"}, Language.EN),
        ([], {"COUNTERFOIL_LANG": "zh", "LANG": "en_US.UTF-8"}, Language.ZH),
        ([], {"LANG": "zh_CN.UTF-8"}, Language.ZH),
        ([], {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, Language.EN),
        (["--", "--lang", "zh"], {}, Language.EN),
        (["--lang"], {}, Language.EN),
    ],
)
def test_the_language_is_the_one_asked_for_or_that_of_the_locale(
    arguments: list[str], environment: dict[str, str], language: Language
) -> None:
    assert language_of(arguments, environment) is language


def test_control_characters_of_a_record_are_shown_and_not_obeyed() -> None:
    assert visible("a\x1b[2Jb\x07\u202e") == "a\\u001b[2Jb\\u0007\\u202e"
