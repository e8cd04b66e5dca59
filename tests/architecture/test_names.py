"""Names say what a thing is for; every public name of the pure rooms has its sentence."""

import ast
import re

from tests.architecture.tracked import ROOMS, definitions, python_files, text_of, tracked

VAGUE = {"common", "util", "utils", "helper", "helpers", "core", "misc", "base", "manager", "managers", "stuff", "lib"}
VAGUE_CLASS = re.compile(r"(Manager|Helper|Helpers|Util|Utils|Handler|Processor|Impl)$|^(Base|Abstract|My)[A-Z]")
NAMED_OTHERWISE = {"services/gateway/api/problems.py: Problem": "RFC 9457's own word"}
STUB = re.compile(r"raise NotImplementedError|\bTODO\b|\bFIXME\b|\bXXX\b")


def test_no_file_or_folder_has_a_vague_name() -> None:
    assert [path for path in tracked() if VAGUE & set(path.with_suffix("").parts)] == []


def test_no_class_has_a_vague_name() -> None:
    found = [
        f"{path}: {name}"
        for path in python_files(*ROOMS)
        for name, node in definitions(path)
        if isinstance(node, ast.ClassDef) and VAGUE_CLASS.search(node.name)
    ]

    assert found == []


def test_errors_state_that_they_are_errors() -> None:
    found = [
        f"{path}: {name}"
        for path in python_files(*ROOMS)
        for name, node in definitions(path)
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).endswith(("Error", "Exception")) for base in node.bases)
        and not node.name.endswith("Error")
    ]

    assert set(found) == set(NAMED_OTHERWISE)


def test_every_public_name_of_domain_and_events_is_documented() -> None:
    found = [
        f"{path}: {name}"
        for path in python_files("domain", "events")
        for name, node in definitions(path)
        if not any(part.startswith("_") for part in name.split(".")) and not ast.get_docstring(node)
    ]

    assert found == []


def test_every_module_of_the_product_says_what_it_is_for() -> None:
    assert [path for path in python_files(*ROOMS) if not ast.get_docstring(ast.parse(text_of(path)))] == []


def test_no_room_holds_an_assertion_or_a_stub() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in python_files(*ROOMS)
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.Assert)
    ]
    found += [
        f"{path}: {line.strip()}"
        for path in python_files(*ROOMS)
        for line in text_of(path).splitlines()
        if STUB.search(line)
    ]

    assert found == []
