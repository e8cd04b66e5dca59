"""Requests made from the interface's own description: no answer is a 5xx, and every answer is as described."""

import os
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

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
IS_CAMPAIGN = "COUNTERFOIL_CAMPAIGN" in os.environ  # every boundary of every value, some minutes long
ADMINISTERED = ("/v1/tokens", "/v1/people", "/v1/partners", "/v1/quarantine", "/v1/alarms")


def eased(value: Any) -> Any:
    """The description without bounds that are far off: they make drawing values slow and find nothing."""
    if isinstance(value, list):
        return [eased(each) for each in value]
    if not isinstance(value, dict):
        return value
    far = {name for name in ("maxLength", "maxItems") if isinstance(value.get(name), int) and value[name] > 50}
    return {name: eased(each) for name, each in value.items() if name not in far}


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


@schema.parametrize()  # type: ignore[untyped-decorator] # the schema is of many kinds
@settings(
    max_examples=200 if IS_CAMPAIGN else 20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
def test_no_request_brings_the_interface_down(case: schemathesis.Case[Any], callers: tuple[Person, Person]) -> None:
    person = callers[case.path.startswith(ADMINISTERED)]
    answer = case.call(headers=person.headers)

    case.validate_response(answer, checks=CHECKS)
