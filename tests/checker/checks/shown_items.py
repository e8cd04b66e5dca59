"""What the row of an item says, compared with the entries that it was folded from (part of K7)."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.checker.client_log import shown
from tests.checker.form.catalogue import ITEMS, PARTS, opens_an_item
from tests.checker.gathered import Side
from tests.checker.journal import Held
from tests.checker.stores.rows import ROLES, ItemRow, other
from tests.checker.verdict import Verdict

CHECK = "K7"
OF_A_DEVIATION = (
    "number",
    "source",
    "external_number",
    "title",
    "description",
    "detected_at",
    "occurred_at",
    "line",
    "site",
)
OF_A_MATTER = ("number", "source", "external_number", "description")


def check_items(side: Side, verdict: Verdict) -> None:
    """Ask that every opened matter is shown, nothing else is, and each row is true to its entries."""
    subjects = {role: _subjects(side, role) for role in ROLES}
    opened = {
        (subject.partition("/")[2], role): entries
        for role in ROLES
        for subject, entries in subjects[role].items()
        if opens_an_item(entries[0].line.type)
    }
    standing = {row.item: row for row in side.rows.items if row.valid_to is None}
    begun = {row.item: row.valid_from for row in reversed(side.rows.items)}
    unknown = {item for item, row in standing.items() if row.category not in ITEMS.values()}
    for item in sorted(unknown - {subject.partition("/")[2] for role in ROLES for subject in subjects[role]}):
        verdict.fail(CHECK, "shown, and nothing was ever said about it", store=side.role, item=item)
    for item in sorted({item for item, _ in opened} ^ (standing.keys() - unknown)):
        verdict.fail(CHECK, "shown or opened, but not both", store=side.role, item=item)
    for (item, owner), entries in sorted(opened.items()):
        if item in standing:
            begins = side.journals[owner].page_end(entries[0].position)
            what = f"shown from {begun[item]} on, opened at {begins}"
            verdict.expect(CHECK, begun[item] == begins, what, store=side.role, item=item)
            kind = entries[0].subject.partition("/")[0]
            reviews = subjects[other(owner)].get(f"{kind}_review/{item}", [])
            _check_row(side, standing[item], _due(item, owner, entries, reviews), verdict)
    for row in side.rows.items:
        _check_columns(side, row, verdict)


def _subjects(side: Side, role: str) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for held in side.journals[role].accepted():
        kind, _, identity = held.subject.partition("/")
        found.setdefault(f"{PARTS.get(kind, kind)}/{identity}", []).append(held)
    return found


def _due(item: str, owner: str, entries: list[Held], reviews: list[Held]) -> dict[str, Any]:
    """Return what a row must say that needs no rule: what was stated (unless corrected since), and the last entries."""
    opening = entries[0]
    kind = opening.subject.partition("/")[0]
    last = {owner: entries[-1], **({other(owner): reviews[-1]} if reviews else {})}
    due: dict[str, Any] = {
        "item": item,
        "owner": owner,
        "category": ITEMS[kind],
        "opened_at": _time(opening),
        "changed_at": max(map(_time, last.values())),
        "opened_by": {"journal": owner, "position": opening.position, "leaf": shown(opening.line.leaf)},
        "last": {role: held.position for role, held in last.items()},
    }
    body = opening.line.body
    if body is not None and not any(".corrected." in held.line.type for held in (*entries, *reviews)):
        due |= _stated_of_a_deviation(body) if kind == "deviation" else _stated_of_a_matter(body)
    return due


def _stated_of_a_deviation(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: body.get(name) for name in OF_A_DEVIATION} | {"product": _product(body.get("product"))}


def _stated_of_a_matter(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what its row says as its opening does; of several products, lines and sites the first."""
    due = {name: body[name] for name in (*OF_A_MATTER, "title") if name in body}
    if "scope" not in body:
        return due | ({"product": _product(body["product"])} if "product" in body else {})
    scope = {name: body["scope"].get(name, []) for name in ("products", "batches", "lines", "sites")}
    first = {name: (several or [None])[0] for name, several in scope.items()}
    due |= {"product": _product(first["products"]), "line": first["lines"], "site": first["sites"]}
    products = [_product(each) for each in scope["products"]]
    return due | {"scope": {**scope, "products": products}}


def _product(stated: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if stated is None else {"code": stated.get("code"), "name": stated.get("name")}


def _check_row(side: Side, row: ItemRow, due: Mapping[str, Any], verdict: Verdict) -> None:
    what = "a row is not what the entries say"
    verdict.expect_alike(CHECK, due, read_row(row.row), what, store=side.role, item=row.item)


def _check_columns(side: Side, row: ItemRow, verdict: Verdict) -> None:
    """Compare the columns that lists are filtered by with the row itself."""
    said = read_row(row.row)
    product = said.get("product") or {}
    found = (
        said.get("number"),
        said.get("title"),
        said.get("external_number"),
        product.get("name"),
        product.get("code"),
    )
    due = {
        name: said.get(name) for name in ("item", "category", "state", "number", "source", "external_number", "title")
    }
    due |= {name: said.get(name) for name in ("opened_at", "changed_at", "due_at", "historical")}
    due |= {"class_": said.get("class"), "product_code": product.get("code")}
    due["batches"] = "".join("," + json.dumps(each["number"], ensure_ascii=False) for each in said.get("batches") or ())
    due["search"] = "\n".join(text.casefold() for text in found if text)
    kept = {name: getattr(row, name) for name in due}
    what = "a column is not what its row says"
    verdict.expect_alike(CHECK, due, kept, what, store=side.role, item=row.item, valid_from=row.valid_from)


@cache
def read_row(row: str) -> dict[str, Any]:
    """Return a row of a read model; empty where it is none."""
    try:
        said = json.loads(row)
    except ValueError:
        return {}
    return said if type(said) is dict else {}


def _time(held: Held) -> str:
    return str((held.line.head or {}).get("time"))
