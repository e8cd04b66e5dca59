"""Answers that the server gives itself, before or instead of the application: problem details like all others."""

from uuid import uuid4

import orjson

from services.gateway.api.problems import CONTENT_TYPE, PROBLEM_TYPES, RETRY_AFTER_SECONDS, Problem, document

_TEMPLATE = (
    "HTTP/1.1 {status} {title}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nx-request-id: {id}\r\n"
    "x-content-type-options: nosniff\r\n{more}connection: close\r\n\r\n"
)


def refusal(slug: str) -> bytes:
    """Return a whole answer, after which the connection is closed."""
    request_id = str(uuid4())
    type_ = PROBLEM_TYPES[slug]
    body = orjson.dumps(document(Problem(slug), "en", request_id))
    more = f"retry-after: {RETRY_AFTER_SECONDS}\r\n" if slug == "unavailable" else ""
    head = _TEMPLATE.format(
        status=type_.status, title=type_.title_en, kind=CONTENT_TYPE, length=len(body), id=request_id, more=more
    )
    return head.encode() + body
