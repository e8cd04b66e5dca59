"""Every request has an id that comes back with its answer and stands in the log."""

import re
from uuid import uuid4

from starlette.requests import HTTPConnection

HEADER = "X-Request-Id"

_USABLE = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


def request_id_of(connection: HTTPConnection) -> str:
    """Return the id that the caller gave, if it is plain, or one of our own; the same for the whole request."""
    known = connection.scope.get("counterfoil.request_id")
    if isinstance(known, str):
        return known
    given = connection.headers.get(HEADER, "")
    chosen = given if _USABLE.fullmatch(given) else str(uuid4())
    connection.scope["counterfoil.request_id"] = chosen
    return chosen


def language_of(connection: HTTPConnection) -> str:
    """Return `zh` if the caller's first language is Chinese, else `en`."""
    return "zh" if connection.headers.get("Accept-Language", "").strip().lower().startswith("zh") else "en"
