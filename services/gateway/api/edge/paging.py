"""Pages by keyset: a cursor says after which row to go on, and for which question it was made."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Protocol
from urllib.parse import urlencode

import orjson
from fastapi import Query, Request

from events.encoding.base64 import decode_base64, encode_base64
from events.encoding.canonical import MAX_INTEGER
from services.gateway.api.problems import validation

Limit = Annotated[int, Query(ge=1, le=200, description="rows of a page")]
Cursor = Annotated[str | None, Query(max_length=4096, description="`next_cursor` of the page before")]

_TO_URL = str.maketrans("+/", "-_")
_FROM_URL = str.maketrans("-_", "+/")


class Numbered(Protocol):
    """A row that has a number in its list."""

    @property
    def number(self) -> int:
        """Its number."""


def make_cursor(question: str, *after: str | int) -> str:
    """Return the cursor of a question (its name and order) after a row."""
    return encode_base64(orjson.dumps([question, *after])).rstrip("=").translate(_TO_URL)


def read_cursor(cursor: str, question: str, *kinds: type) -> list[Any]:
    """Return what a cursor goes on after.

    Raises:
        Problem: `validation`: no cursor, or one of another question.
    """
    padded = cursor.translate(_FROM_URL) + "=" * (-len(cursor) % 4)
    try:
        made_for, *after = orjson.loads(decode_base64(padded))
    except (ValueError, TypeError) as error:
        raise validation("cursor", "not a cursor of this interface") from error
    if made_for != question or [type(each) for each in after] != list(kinds):
        raise validation("cursor", "made for another question; begin without a cursor")
    if any("\0" in each if isinstance(each, str) else not 0 <= each <= MAX_INTEGER for each in after):
        raise validation("cursor", "not a cursor of this interface")
    return list(after)


def page(rows: Sequence[Any], next_cursor: str | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    """Return the members of a page."""
    return {"data": rows, "next_cursor": next_cursor, "has_more": next_cursor is not None, **more}


def number_after(cursor: str | None, question: str) -> int:
    """Return the number behind which a list of numbered rows goes on; from the beginning without a cursor.

    Raises:
        Problem: `validation`: no cursor, or one of another question.
    """
    return int(read_cursor(cursor, question, int)[0]) if cursor else 0


def numbered_page(found: Sequence[Numbered], limit: int, question: str, shown: Callable[[Any], Any]) -> dict[str, Any]:
    """Return a page of numbered rows as they are shown; one more than `limit` was looked for."""
    rows = found[:limit]
    following = make_cursor(question, rows[-1].number) if len(found) > limit else None
    return page([shown(each) for each in rows], following)


def link_header(request: Request, next_cursor: str | None) -> dict[str, str]:
    """Return the header that names the next page."""
    if next_cursor is None:
        return {}
    asked: Mapping[str, str] = {**request.query_params, "cursor": next_cursor}
    return {"Link": f'<{request.url.path}?{urlencode(asked)}>; rel="next"'}
