"""Requests made from the interface's own description: no answer is a 5xx, and every answer is as described."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from services.cmo_gateway.profile import PROFILE
from services.gateway.api.app import create_app
from tests.services.api.conftest import employed
from tests.services.api.stepped import Person, pair_of
from tests.services.exchange.world import new_world
from tests.sizes import size

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
IS_CAMPAIGN = "COUNTERFOIL_CAMPAIGN" in os.environ  # every boundary of every value, some minutes long
EXAMPLES = size("fuzz_examples", small=10, campaign=40)  # of each call, where there are so many
CASES = 5_000 if IS_CAMPAIGN else 500  # at least, of all calls together
ADMINISTERED = ("/v1/tokens", "/v1/people", "/v1/partners", "/v1/quarantine", "/v1/alarms")


def eased(value: Any) -> Any:
    """The description without bounds that are far off: they make drawing values slow and find nothing."""
    if isinstance(value, list):
        return [eased(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("in") == "query":
        value = {**value, "schema": never_null(value["schema"])}
    far = {name for name in ("maxLength", "maxItems") if isinstance(value.get(name), int) and value[name] > 50}
    return {name: eased(each) for name, each in value.items() if name not in far}


def never_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a query parameter: what stands in an address is a text and never null."""
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) != 1:
        return schema
    return {**{name: each for name, each in schema.items() if name != "anyOf"}, **choices[0]}


class Later:
    """The application that a fixture will put here; its description is known before."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def described() -> Any:
    """The schema that cases are drawn from."""
    app = create_app(SimpleNamespace(profile=PROFILE))  # a description needs no engine
    drawn = schemathesis.openapi.from_dict(eased(app.openapi()))
    drawn.app = later
    drawn.config.phases.coverage.enabled = IS_CAMPAIGN
    lasting = drawn.exclude(path="/v1/stream")  # it never ends
    return lasting.exclude(path_regex="^/v1/communications/{item}/", method="POST")  # as under /v1/deviations


later = Later()
schema = described()


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Person, Person]]:
    world = new_world(Path(tmp_path_factory.mktemp("fuzzed")))
    pair = employed(pair_of(world))
    pair.cmo.as_("qa_manager").does("/v1/deviations", {"title": "x", "detected_at": "2026-11-22"})
    later.app = pair.cmo.http.app
    yield pair.cmo.as_("qa_manager"), pair.cmo.as_("admin", "person/admin")
    for side in world.sides:
        side.store.close()


made: Counter[str] = Counter()
"""How many cases of each call were made, and how they were answered."""


@pytest.mark.campaign
@schema.parametrize()  # type: ignore[untyped-decorator] # the schema is of many kinds
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_request_brings_the_interface_down(case: schemathesis.Case[Any], callers: tuple[Person, Person]) -> None:
    person = callers[case.path.startswith(ADMINISTERED)]
    answer = case.call(headers=person.headers)
    made[case.operation.label] += 1
    made[f"{answer.status_code // 100}xx"] += 1

    case.validate_response(answer, checks=CHECKS)


@pytest.mark.campaign
def test_enough_cases_were_made_and_none_of_them_failed_here(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = {name: count for name, count in made.items() if name.endswith("xx")}
    total = sum(kinds.values())
    with capsys.disabled():
        sys.stdout.write(f"\nfuzzing: {total} cases of {len(made) - len(kinds)} calls: {dict(sorted(kinds.items()))}\n")

    assert total >= CASES
    assert made["5xx"] == 0
    assert min(made[kind] for kind in ("2xx", "4xx")) * 20 > CASES  # both good and bad ones reach something
