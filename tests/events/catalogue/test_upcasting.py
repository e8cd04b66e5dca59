"""A body of an old version is checked by its old model and lifted to the newest; the catalogue holds the chain."""

from typing import Any, Literal

import pytest

from events.catalogue.bodies import Body
from events.catalogue.forms import Text
from events.catalogue.registry import Author, Catalogue, EventType, Kind, Succession, decode_body, newest
from events.errors import EntryError

SALT = "0" * 32


class FirstWeighed(Body):
    """Version 1: grams, as a number."""

    grams: int


class SecondWeighed(Body):
    """Version 2: a decimal with a unit."""

    weight: str
    unit: Literal["g", "kg"]


class ThirdWeighed(Body):
    """Version 3: it also says by whom."""

    weight: str
    unit: Literal["g", "kg"]
    by: Text | None = None


def to_second(body: FirstWeighed) -> dict[str, Any]:
    return {"salt": body.salt, "weight": str(body.grams), "unit": "g"}


def to_third(body: SecondWeighed) -> dict[str, Any]:
    return body.model_dump()


def weighed(version: int, model: type[Body], succeeded: Succession | None = None) -> EventType:
    return EventType(
        f"sample.weighed.v{version}", Kind.FACT, Author.EITHER, "sample", model, opens=True, succeeded=succeeded
    )


THIRD = weighed(3, ThirdWeighed)
SECOND = weighed(2, SecondWeighed, Succession(THIRD, to_third))
FIRST = weighed(1, FirstWeighed, Succession(SECOND, to_second))
CATALOGUE = Catalogue((FIRST, SECOND, THIRD))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("sample.weighed.v1", {"grams": 12}),
        ("sample.weighed.v2", {"weight": "12", "unit": "g"}),
        ("sample.weighed.v3", {"weight": "12", "unit": "g"}),
    ],
)
def test_a_body_of_any_version_is_read_as_the_newest(name: str, body: dict[str, Any]) -> None:
    type_ = CATALOGUE.find(name)
    assert type_ is not None

    assert decode_body(type_, {**body, "salt": SALT}) == ThirdWeighed(salt=SALT, weight="12", unit="g")
    assert newest(type_) is THIRD


def test_an_old_body_is_checked_by_the_version_in_which_it_was_written() -> None:
    with pytest.raises(EntryError, match=r"entry\.schema_invalid: grams: is missing; unit: is no field of this event"):
        decode_body(FIRST, {"salt": SALT, "unit": "g"})


def test_a_version_is_succeeded_by_the_next_one_only() -> None:
    skipping = weighed(1, FirstWeighed, Succession(THIRD, to_second))

    with pytest.raises(ValueError, match=r"sample\.weighed\.v1 is not succeeded by sample\.weighed\.v2"):
        Catalogue((skipping, SECOND, THIRD))


def test_the_next_version_stands_in_the_catalogue_too() -> None:
    with pytest.raises(ValueError, match=r"sample\.weighed\.v2 is not succeeded by sample\.weighed\.v3"):
        Catalogue((FIRST, SECOND))
