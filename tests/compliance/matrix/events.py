"""To which event types a rule of the domain applies: from the tables of rules, and from what those rules call.

Read from the code itself. A function that `domain.drafts.admit` reaches without the table applies to every entry; one
that nothing of this reaches applies to the body that it is handed, and without one to what is shown.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import get_annotations

from domain.rules import RULES
from events.catalogue.registry import all_event_types
from tests.architecture.tracked import python_files, text_of

EVERY = "every entry"
SHOWN = "what is shown"

_DECIDING = "domain.drafts.admit"

Calls = Mapping[str, frozenset[str]]


@cache
def event_types_of(rule: str) -> tuple[str, ...]:
    """Return the event types that a rule applies to; `EVERY` or `SHOWN` where it is bound to none."""
    if rule in _reached_from(_DECIDING):
        return (EVERY,)
    found = sorted(name for name, function in RULES.items() if rule in _reached_from(_name_of(function)))
    return tuple(found) or _types_handed_to(rule) or (SHOWN,)


def reached_by(function: object) -> frozenset[str]:
    """Return the dotted names of everything in the domain that a function comes to use."""
    return _reached_from(_name_of(function))


def _name_of(function: object) -> str:
    return f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', '')}"


def _types_handed_to(rule: str) -> tuple[str, ...]:
    """Return the event types whose body is an argument of a function."""
    module, _, name = rule.rpartition(".")
    handed = set(get_annotations(getattr(import_module(module), name), eval_str=True).values())
    return tuple(sorted(each.name for each in all_event_types() if each.model in handed))


@cache
def _reached_from(start: str) -> frozenset[str]:
    """Return everything in the domain that a function comes to use, itself included."""
    calls, reached, waiting = _calls(), set[str](), [start]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(calls.get(name, ()))
    return frozenset(reached)


@cache
def _calls() -> Calls:
    """Return what each function, class or constant of the domain uses, by dotted names."""
    found = dict[str, frozenset[str]]()
    for path in python_files("domain"):
        module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(text_of(path))
        names = {**_defined(tree, module), **_imported(tree)}
        for name, node in _statements(tree):
            found[f"{module}.{name}"] = frozenset(_used(node, names))
    return found


def _statements(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        for name in _names(node):
            yield name, node


def _names(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _defined(tree: ast.Module, module: str) -> dict[str, str]:
    return {name: f"{module}.{name}" for name, _ in _statements(tree)}


def _imported(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _used(node: ast.stmt, names: Mapping[str, str]) -> Iterator[str]:
    """Yield what is used by its own name, or as an attribute of a module that was imported."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in names:
            yield names[part.id]
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in names:
            yield f"{names[part.value.id]}.{part.attr}"
