"""Short stories that are told by hand: both journals, every entry accepted, entries named by their places."""

from typing import Any

from tests.model.context import Context
from tests.model.entries import OTHER, Entry, Json
from tests.model.gates import shut_before


class Told:
    """Both journals of a short story, every entry accepted; an entry is named by `ref`."""

    def __init__(self, *said: tuple[str, str, str, Json]) -> None:
        self.entries: dict[str, list[Entry]] = {role: [] for role in OTHER}
        for role, subject, step, body in said:
            self.entries[role].append(self.next(role, subject, step, body))

    def next(self, role: str, subject: str, step: str, body: Json) -> Entry:
        """Return what a party writes having seen everything so far."""
        made = entry(role, len(self.entries[role]), subject, step, self.filled(body))
        made.seen = len(self.entries[OTHER[role]])
        return made

    def filled(self, value: Any) -> Any:
        """Put references in the place of `@role position`."""
        if isinstance(value, dict):
            return {name: self.filled(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        is_ref = isinstance(value, str) and value.startswith("@")
        return ref(value[1:4], int(value[5:])) if is_ref else value

    def verdict(self, _entry: Entry) -> "Told":
        return self

    code, violates = "", False

    def named_by(self, _refusal: Entry) -> list[Json]:
        return []

    def shut(self, role: str, subject: str, step: str, body: Json) -> set[str]:
        act = self.next(role, subject, step, body)
        return shut_before(act, Context(self, {each: len(self.entries[each]) for each in OTHER}))


def ref(role: str, position: int) -> Json:
    return {"journal": role, "position": position, "leaf": f"{role} {position}"}


def entry(role: str, position: int, subject: str, step: str, body: Json) -> Entry:
    made = Entry.__new__(Entry)
    made.role, made.position, made.leaf, made.head, made.body = role, position, f"{role} {position}", {}, body
    made.type, made.subject, made.seen = f"{subject.partition('/')[0]}.{step}.v1", subject, 0
    made.time = "2026-11-22T00:00:00.000000Z"
    return made


Said = tuple[str, str, str, Json]
