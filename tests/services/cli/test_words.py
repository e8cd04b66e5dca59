"""Everything that the command line and the demo say exists in both languages, and nothing else does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

import pytest
import typer

import services.gateway
import services.inspector
from services.gateway.cli.all_rooms import ALL_ROOMS
from services.gateway.cli.rooms import COMMON, LOCAL, REMOTE, summary_of
from services.gateway.cli.words import Language, Words, chinese
from services.inspector import verifying
from tests.services.cli.conftest import Cli

_ROOTS = (
    Path(services.gateway.__file__).parent / "cli",
    Path(services.gateway.__file__).parent / "demo",
    Path(services.inspector.__file__).parent,
)
_SAYING = {"say", "hint", "words", "progress"}
_ERRORS = {"RefusedError", "UsageError", "UnreachableError", "UnprovenError"}
_NAMES = {"said", "hint"}  # variables that hold a sentence before it is raised
_FIELD = re.compile(r"\{([a-z_]+)\}")
_COMMAND = re.compile(
    r"counterfoil [a-z -]+(?: FILE| ID)?(?: --[a-z]+)*|make demo(?: ARGS=.*)?|--[a-z]+(?: \S+)?|[A-Z_]+=\S+|http\S+|ls"
    r"|rm -r \S+|(?:\{[a-z]+\}|/docs|\s)*"
)
"""What is typed, not said."""


def _trees() -> Iterator[ast.AST]:
    for root in _ROOTS:
        for file in sorted(root.rglob("*.py")):
            yield ast.parse(file.read_text(encoding="utf-8"))


def _text(node: ast.AST | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and not _COMMAND.fullmatch(node.value):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _text(node.body)
        yield from _text(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _text(value)


def _said_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in _SAYING | _ERRORS and node.args:
                yield from _text(node.args[0])
            if name in _ERRORS | {"ProblemError"}:
                for keyword in node.keywords:
                    if keyword.arg == "hint":
                        yield from _text(keyword.value)
        elif isinstance(node, ast.Assign):
            yield from _assigned(node)


def _assigned(node: ast.Assign) -> Iterator[str]:
    (target,) = node.targets
    pairs = [(target, node.value)]
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        pairs = list(zip(target.elts, node.value.elts, strict=True))
    for name, value in pairs:
        if isinstance(name, ast.Name) and name.id in _NAMES:
            yield from _text(value)


def _helps() -> Iterator[str]:
    for room in (*ALL_ROOMS, verifying.ROOM):
        if room.summary and isinstance(room.summary, str):
            yield room.summary
        for command in room.commands:
            if command.labels is None:
                yield summary_of(command.run)
            for annotation in command.run.__annotations__.values():
                yield from _help_of(annotation)
    for annotation in (COMMON | LOCAL | REMOTE).values():
        yield from _help_of(annotation)


def _help_of(annotation: object) -> Iterator[str]:
    if get_origin(annotation) is not None:
        for note in get_args(annotation):
            if isinstance(note, typer.models.ParameterInfo) and note.help:
                yield note.help


def everything_said() -> set[str]:
    return {*(said for tree in _trees() for said in _said_in(tree)), *_helps()}


def test_every_sentence_has_its_chinese() -> None:
    assert sorted(everything_said() - chinese()[0].keys()) == []


def test_no_chinese_sentence_is_left_over() -> None:
    assert sorted(chinese()[0].keys() - everything_said()) == []


@pytest.mark.parametrize(("english", "said"), sorted(chinese()[0].items()))
def test_both_languages_fill_in_the_same_fields(english: str, said: str) -> None:
    assert sorted(_FIELD.findall(english)) == sorted(_FIELD.findall(said))


def test_names_of_columns_stand_in_the_code() -> None:
    constants = {node.value for tree in _trees() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert sorted(chinese()[1].keys() - constants) == []


def test_help_and_errors_speak_chinese_when_asked(cli: Cli) -> None:
    assert Words(Language.ZH)("Bearer tokens of people and systems.") in cli("--help", LANG="zh_CN.UTF-8").out
    assert "不知道本网关属于哪一方" in cli("asyncapi", "--lang", "zh").err
