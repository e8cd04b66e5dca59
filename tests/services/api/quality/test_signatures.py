"""What a person signs with over the interface: when is bounded, and the statement is the gateway's own."""

from typing import Any

import pytest

from tests.services.api.quality.making import RELEASED, factory_release, make
from tests.services.api.stepped import Pair, Person


@pytest.mark.parametrize("at", ["1999-01-01", "2099-01-01T00:00:00Z"])
def test_a_release_is_not_signed_long_before_or_after_it_is_recorded(
    pair: Pair, clerk: Person, qualified: tuple[Person, Person], documents: dict[str, Any], at: str
) -> None:
    item = make(pair, clerk, documents)
    told = qualified[0].post(f"/v1/batches/{item}/factory-release", factory_release({**RELEASED, "at": at}))

    assert told.status_code == 422
    assert told.json()["code"] == "signature.wrong_time"


def test_nobody_hands_in_the_statement_that_is_signed(
    pair: Pair, clerk: Person, qualified: tuple[Person, Person], documents: dict[str, Any]
) -> None:
    item = make(pair, clerk, documents)
    path = f"/v1/batches/{item}/factory-release"
    told = qualified[0].post(path, factory_release({**RELEASED, "statement": "本人未查阅"}))
    assert told.status_code == 422

    entry = qualified[0].does(path, factory_release())["events"][0]
    assert f'"statement":"batch.factory_released.v1 {item}"' in qualified[0].get(f"/v1/events/{entry['id']}").text
