"""What a gateway says when it says no (RFC 9457), as an error of the command line."""

from collections.abc import Mapping
from typing import Any

import httpx

from services.gateway.cli.errors import CliError, RefusedError, UnreachableError

UNAUTHORISED, FORBIDDEN, NOT_FOUND, CONFLICT, INVALID = 401, 403, 404, 409, 422
UNAVAILABLE, FULL = 500, 507

_BY_ROLE = "token."  # what begins the codes of refusals that another token helps against


class ProblemError(RefusedError):
    """The gateway refused, and said why as a problem (RFC 9457)."""

    def __init__(self, status: int, slug: str, sentence: str, *, hint: str, told: Mapping[str, Any]) -> None:
        super().__init__("{what}", hint=hint, what=sentence)
        self.status = status
        self.slug = slug
        self.told = told


def problem_of(answer: httpx.Response) -> CliError:
    """Return what a refusal says, in the gateway's own words."""
    said = members_of(answer)
    sentence = ": ".join(str(said[name]) for name in ("title", "detail") if said.get(name)) or answer.text[:500]
    sentence = sentence or f"HTTP {answer.status_code}"
    if answer.status_code == FULL:
        return RefusedError("{what}", hint="make space on the gateway's disk", what=sentence)
    if answer.status_code >= UNAVAILABLE:
        return UnreachableError("{what}", hint="counterfoil health", what=sentence)
    slug = str(said.get("type", "")).rpartition("/")[2]
    return ProblemError(
        answer.status_code, slug, sentence, hint=_hint(answer.status_code, str(said.get("code", _BY_ROLE))), told=said
    )


def members_of(answer: httpx.Response) -> dict[str, Any]:
    """Return the members of an answer; none of what is no JSON object."""
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _hint(status: int, code: str) -> str:
    if status == UNAUTHORISED:
        return "set COUNTERFOIL_TOKEN to a token of: counterfoil token create"
    if status == FORBIDDEN:
        return "counterfoil token create --help" if code.startswith(_BY_ROLE) else "counterfoil me"
    if status == NOT_FOUND:
        return "counterfoil list"
    if status == CONFLICT:
        return "counterfoil my-work"
    return "counterfoil --help"
