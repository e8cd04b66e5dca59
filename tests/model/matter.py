"""What the model's gates look at: a matter with all that both said about it, and what it is of."""

import re
import unicodedata
from collections.abc import Iterator

from tests.model.context import Context
from tests.model.entries import Entry, Json

KINDS = {"batches": "batch", "products": "product", "lines": "line", "sites": "site"}
NAMED, SOME_LINE = "named/", "line/"  # a product without a code; the line of a batch that names none
SCOPED = re.compile(r"scope\.(batches|products|lines|sites)\.[0-9]+(?:\.number|\.code)?")


class Matter:
    """All that both said about one matter, its review and its parts, in one context; `own` by its owner."""

    def __init__(self, context: Context, subject: str) -> None:
        self.context, self.uuid = context, subject.partition("/")[2]
        self.kind = subject.partition("/")[0].removesuffix("_review")
        parts = (self.kind, f"{self.kind}_review", *(["release_package"] if self.kind == "batch" else []))
        subjects = {f"{part}/{self.uuid}" for part in parts}
        self.told = [each for each in context.all() if each.subject in subjects]

    def steps(self, *names: str) -> list[Entry]:
        """Return its entries by the last word of their types, whoever wrote them."""
        return [each for each in self.told if each.type.split(".")[1] in names]

    def relied_on(self, *names: str) -> list[Entry]:
        return list(filter(self.context.is_relied_on, self.steps(*names)))

    def named(self, ref: Json | None, *names: str) -> Entry | None:
        found = [] if ref is None else [each for each in self.relied_on(*names) if each.is_named_by(ref)]
        return found[0] if found else None


def matters(context: Context, kind: str) -> list[Matter]:
    found = {each.subject for each in context.all() if each.subject.startswith(f"{kind}/")}
    return [Matter(context, subject) for subject in sorted(found)]


def labels_of(body: Json) -> set[str]:
    """Return what a scope is of, or a batch that is opened, which says so itself."""
    scope = body.get("scope") or {"products": [body.get("product")], "batches": [{"number": body.get("number")}]}
    found = {f"product/{each['code']}" for each in scope.get("products", []) if each and each.get("code")}
    found |= {f"{NAMED}{each.get('name')}" for each in scope.get("products", []) if each and not each.get("code")}
    found |= {f"batch/{each['number']}" for each in scope.get("batches", [])}
    found |= {f"line/{each}" for each in scope.get("lines", [body["line"]] if body.get("line") else [])}
    return found | {f"site/{each}" for each in scope.get("sites", [body["site"]] if body.get("site") else [])}


def meet(some: set[str], others: set[str]) -> bool:
    """A scope that names nothing is the whole relationship; a product without a code may be any; so may a line."""
    mine, theirs = set(map(seen_as, some)), set(map(seen_as, others))
    lines = [any(each.startswith(seen_as(SOME_LINE)) for each in scope) for scope in (mine, theirs)]
    is_unsure = any(each.startswith(seen_as(NAMED)) for each in mine | theirs)
    is_unsure = is_unsure or (seen_as(SOME_LINE) in mine | theirs and all(lines))
    return not mine or not theirs or is_unsure or bool(mine & theirs)


def seen_as(text: str) -> str:
    """Nobody tells numbers apart by case, width or white space."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def scope_of(matter: Matter) -> set[str]:
    """Return what it was opened for, and what its corrections added: what shuts is not made smaller by a correction."""
    opening = matter.steps("raised", "started", "demanded", "recorded", "authorised")[0]
    scope = labels_of(opening.body)
    added = {label for each, label in _added(matter, opening) if label and not matter.context.violates(each)}
    return scope | added if scope else scope


def freed_by(suspension: Matter) -> set[str]:
    """Return the most that its lifting could let go of: all it was ever said to be of; empty: what was of nothing."""
    opening = suspension.steps("started", "demanded")[0]
    added = {label for _, label in _added(suspension, opening)}
    names = {each["name"] for each in (opening.body.get("scope") or {}).get("products", []) if "name" in each}
    names |= {change.get("after") for _, change in changes_of(suspension, opening) if change["field"].endswith(".name")}
    return labels_of(opening.body) | added | {f"{NAMED}{name}" for name in names}


def _added(matter: Matter, opening: Entry) -> Iterator[tuple[Entry, str]]:
    """Return the labels that corrections of an opening brought in, each with its correction; empty: one was taken."""
    for correction, change in changes_of(matter, opening):
        field = SCOPED.fullmatch(change["field"])
        if field is not None:
            after = change.get("after")
            yield correction, f"{KINDS[field[1]]}/{after}" if after else ""


def changes_of(matter: Matter, entry: Entry) -> list[tuple[Entry, Json]]:
    return [(each, change) for each in corrections_of(matter, entry) for change in each.body["changes"]]


def corrections_of(matter: Matter, entry: Entry) -> list[Entry]:
    return [each for each in matter.steps("corrected") if entry.is_named_by(each.body["entry"])]


def saw(entry: Entry, other: Entry) -> bool:
    """Tell whether an entry was written after another of its journal, or had seen one of the other's."""
    return other.position < (entry.position if entry.role == other.role else entry.seen)
