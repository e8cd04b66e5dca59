"""Row versions with made-up content: a read model looks into a row only for what lists are filtered and sorted by."""

from typing import Any

from events.encoding.identifiers import Role
from events.stored.read_model import ClockVersion, ItemVersion, ReceivedStep
from services.gateway.ports.read_model import ItemQuery, ProjectedBatch, ReadModel

A, B, C = (f"0193572e-0000-7000-8000-00000000000{digit}" for digit in "abc")


def version(item: str = A, valid_from: int = 1, **row: Any) -> ItemVersion:
    stated: dict[str, Any] = {
        "item": item,
        "state": "opened",
        "class": None,
        "number": f"DEV-{item[-1]}",
        "source": "eQMS",
        "external_number": None,
        "title": "压片机转速超出范围",
        "product": None,
        "batches": [],
        "opened_at": f"2026-11-2{item[-1]}",
        "changed_at": "2026-11-23",
        "due_at": None,
        "historical": False,
    }
    return ItemVersion(item, "deviations", valid_from, {**stated, **row})


def clock(name: str = "notify", valid_from: int = 1, item: str = A, **row: Any) -> ClockVersion:
    return ClockVersion(item, name, valid_from, {"name": name, "state": "running", **row})


def step(seen: int, time: str, sequence: int, role: Role = Role.CMO) -> ReceivedStep:
    return ReceivedStep(role, seen, time, sequence)


def show(
    read_model: ReadModel,
    *versions: ItemVersion | ClockVersion | ReceivedStep,
    relationship: int = 1,
    position: int | None = None,
) -> None:
    """Write a batch; the position moves on by one unless it is said to where."""
    with read_model.reading() as reading:
        expected = reading.position()
    batch = ProjectedBatch(
        expected + 1 if position is None else position,
        [(relationship, each) for each in versions if isinstance(each, ItemVersion)],
        [(relationship, each) for each in versions if isinstance(each, ClockVersion)],
        [(relationship, each) for each in versions if isinstance(each, ReceivedStep)],
    )
    read_model.apply(batch, expected=expected)


def found(read_model: ReadModel, **query: Any) -> list[str]:
    """Return the items of a query, in its order, by the last letter of their ids."""
    with read_model.reading() as reading:
        return [each.item[-1] for _, each in reading.items(ItemQuery(**query))]
