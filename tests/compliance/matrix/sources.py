"""The rules of `domain/` that name a clause: every function or class with a `Source:` in its docstring.

    Source: NMPA 134/2025 (V), "short wording", "another"; (IX), "of the same document"; policy `suspension.lift`

A policy or practice (`policy ...`, `domain.md ...`) is no law: it has no wording in the announcement.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from domain.citations import Citation
from tests.architecture.tracked import definitions, python_files, text_of
from tests.compliance.matrix.law import DOCUMENT

_PART = re.compile(r'[^;"]*(?:"[^"]*"[^;"]*)*')
_LAW = re.compile(r'(?:(?P<document>NMPA \d+/\d{4}) )?(?P<clause>\([IVX]+\)),? (?P<wordings>"[^"]+"(?:, "[^"]+")*)')
_NO_LAW = re.compile(r"policy `[a-z_.]+`|domain\.md .+")


@dataclass(frozen=True, slots=True)
class Source:
    """A rule by its dotted name, the clauses it names, the parts of its `Source:` that are no law, and wrong ones."""

    rule: str
    citations: tuple[Citation, ...]
    practice: tuple[str, ...]
    malformed: tuple[str, ...]


@cache
def sources() -> tuple[Source, ...]:
    """Return every rule of the domain that names where it comes from."""
    return tuple(
        parse(f"{'.'.join(path.with_suffix('').parts)}.{name}", line)
        for path in python_files("domain")
        for name, node in definitions(path)
        if (line := _source_in(ast.get_docstring(node) or ""))
    )


def parse(rule: str, line: str) -> Source:
    """Read what stands behind `Source:`."""
    citations, practice, malformed = list[Citation](), list[str](), list[str]()
    document = None
    for part in _parts(line):
        named = _LAW.fullmatch(part)
        if named is not None and (document := named["document"] or document):
            wordings = re.findall(r'"([^"]+)"', named["wordings"])
            citations += [Citation(document, named["clause"], wording) for wording in wordings]
        elif _NO_LAW.fullmatch(part) and DOCUMENT not in part:
            practice.append(part)
        else:
            malformed.append(part)
    return Source(rule, tuple(citations), tuple(practice), tuple(malformed))


def _parts(line: str) -> Iterator[str]:
    for found in _PART.finditer(line.strip().removesuffix(".")):
        if part := found[0].strip():
            yield part


def _source_in(docstring: str) -> str:
    """Return the `Source:` of a docstring in one line, empty without one."""
    _, named, after = docstring.partition("Source: ")
    return " ".join(after.partition("\n\n")[0].split()) if named else ""


def constants() -> list[tuple[str, Citation]]:
    """Return every citation that the domain keeps as a value, with the module that does."""
    return [
        (path.as_posix(), Citation(*(ast.literal_eval(argument) for argument in node.args)))
        for path in python_files("domain")
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == Citation.__name__
    ]
