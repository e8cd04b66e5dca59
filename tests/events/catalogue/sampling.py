"""One good body of each event type, and mutations of them: most still bodies, but wrong in one place."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from events.catalogue.registry import ANNOUNCED
from events.encoding.canonical import MAX_INTEGER, decode

SAMPLES = Path(__file__).parent / "samples"

Place = tuple[str | int, ...]

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NEAR_MISSES = st.sampled_from(
    [
        "",
        " ",
        "\u3000\n",
        "2026-02-29",
        "2024-02-29",
        "2026-11-22T08:10:00+08:00",
        "2026-11-22T08:10:00",
        "2026-11-22T24:00:00Z",
        "2026-11-22T08:10:00+00:99",
        "2026-11-22T09:30:44.123456Z",
        "mah",
        "mah.1",
        "mah.2",
        "cmo.999999",
        "major",
        "person/li.na",
        "hours",
        "0" * 32,
        "0" * 64,
        "A" * 43 + "=",
        "A" * 42 + "B=",
        "entry.wrong_state",
        "deviation.opened.v1",
        "x" * 401,
        "y" * 201,
    ]
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-MAX_INTEGER, MAX_INTEGER), st.integers(-1, 3), TEXTS, NEAR_MISSES
)
KEYS = st.from_regex("[a-z][a-z0-9_]{0,5}", fullmatch=True)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=6)


def sample(name: str) -> dict[str, Any]:
    """The good body of an event type, decoded."""
    return decode((SAMPLES / f"{name}.json").read_bytes())


def places(value: object, place: Place = ()) -> Iterator[Place]:
    """Where there is a value, from the outermost object on."""
    yield place
    if isinstance(value, dict):
        for key, member in value.items():
            yield from places(member, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*place, index))


def at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


@st.composite
def mutations(draw: st.DrawFn, body: dict[str, Any]) -> dict[str, Any]:
    """The body with a member taken away, added, repeated or replaced, once or twice."""
    mutated = deepcopy(body)
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.sampled_from([place for place in places(mutated) if place]))
        _mutate(draw, at(mutated, place[:-1]), place[-1])
    return mutated


def _mutate(draw: st.DrawFn, parent: Any, step: Any) -> None:
    how = draw(st.sampled_from(["replace", "replace", "remove", "add", "append"]))
    if how == "replace":
        parent[step] = draw(VALUES)
    elif how == "remove":
        del parent[step]
    elif how == "add" and isinstance(parent, dict):
        parent[draw(KEYS | st.just(f"{step}_"))] = draw(VALUES)
    elif isinstance(parent, list):
        parent.append(deepcopy(parent[step]))
    elif isinstance(parent[step], str):
        parent[step] += draw(st.sampled_from(["\n", " ", "0", "=", "甲"]))


names = st.sampled_from(ANNOUNCED)
mutated_bodies = names.flatmap(lambda name: st.tuples(st.just(name), mutations(sample(name))))
