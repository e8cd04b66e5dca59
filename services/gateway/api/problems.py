"""Problem details (RFC 9457): stable slugs, their HTTP status, and the one table from error code to both.

`problems.json` holds a page for each slug in both languages. Errors of the rooms below name their slug themselves;
what names none is found by its code here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import orjson

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """What kind of problem it is: `type` of the answer is `/problems/<slug>`."""

    slug: str
    status: int
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str

    def title(self, language: str) -> str:
        """Return the title in `zh` or `en`."""
        return self.title_zh if language == "zh" else self.title_en

    def about(self, language: str) -> str:
        """Return what it means and what to do, in `zh` or `en`."""
        return self.about_zh if language == "zh" else self.about_en


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field of a request that is not right: where it is, with dots, and what would be right."""

    field: str
    detail: str


class Problem(Exception):  # noqa: N818 - RFC 9457's own word
    """An answer that says no: its slug, what is wrong, the rule's stable code, the fields, more headers and members."""

    def __init__(
        self,
        slug: str,
        detail: str = "",
        *,
        code: str = "",
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{slug}: {detail}")
        self.slug = slug
        self.detail = detail
        self.code = code
        self.errors = errors
        self.headers = headers or {}
        self.members = members or {}

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return PROBLEM_TYPES[self.slug].status


def _load() -> dict[str, ProblemType]:
    raw = files(__package__).joinpath("problems.json").read_bytes()
    return {each["slug"]: ProblemType(**each) for each in orjson.loads(raw)}


PROBLEM_TYPES: Mapping[str, ProblemType] = _load()
"""All problem types by slug."""

SLUG_OF_CODE: Mapping[str, str] = {
    "entry.schema_invalid": "validation",
    "entry.malformed": "validation",
    "entry.wrong_reference": "validation",
    "entry.not_permitted": "not-permitted",
    "entry.unknown_type": "unknown-schema",
    "json.not_canonical": "validation",
    "invitation.malformed": "validation",
    "key.refused": "validation",
    "pairing.fingerprint_differs": "fingerprint-mismatch",
    "relationship.not_paired": "not-paired",
    "entry.wrong_author": "not-permitted",
    "store.full": "storage-full",
    "disk.full": "storage-full",
    "blob.disk_full": "storage-full",
    "blob.missing": "blob-missing",
    "blob.busy": "upload-in-progress",
    "blob.too_many": "unavailable",
    "blob.differs": "blob-differs",
    "blob.too_large": "body-too-large",
    "blob.wrong_offset": "upload-offset",
}
"""Codes of errors that name no slug themselves, or whose slug is another at this edge."""

RETRY_AFTER_SECONDS = 2
"""What an answer that asks to come again says, unless the error knows better."""


def validation(where: str, detail: str) -> Problem:
    """Return the problem of one field."""
    return Problem("validation", f"{where}: {detail}", errors=(FieldError(where, detail),))


def document(problem: Problem, language: str, request_id: str) -> dict[str, Any]:
    """Return the members of the answer."""
    type_ = PROBLEM_TYPES[problem.slug]
    members: dict[str, Any] = {
        "type": f"/problems/{type_.slug}",
        "title": type_.title(language),
        "status": type_.status,
        "detail": problem.detail or type_.about(language),
        "request_id": request_id,
    }
    if problem.code:
        members["code"] = problem.code
    if problem.errors:
        members["errors"] = [{"field": each.field, "detail": each.detail} for each in problem.errors]
    return {**members, **problem.members}
