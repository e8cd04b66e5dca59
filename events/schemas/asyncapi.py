"""AsyncAPI 3.0 for the topics of a relationship, as the gateway of one of its parties sends and receives on them.

What a record is, its header `counterfoil-kind` says. Payloads are the bytes that were signed (formats.md 3 and 4), no
JSON; the entries in a page are, and the schemas of their heads and bodies are among the components.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from events.catalogue.event_types import EventType
from events.catalogue.registry import RULE_SET, all_event_types
from events.encoding.identifiers import Role
from events.journal.files import MAX_BLOB_RECORD
from events.journal.page import MAX_PAGE_BYTES, MAX_PAGE_ENTRIES
from events.journal.receipt import MAX_RECEIPT_BYTES
from events.journal.wire import FILES_SUFFIX
from events.schemas.bodies import schema_id, told
from events.schemas.head import HEAD, head_schema
from events.schemas.shared_rows import SHARED_ROW

KIND_HEADER = "counterfoil-kind"

KINDS = {
    "page": f"""A page of the topic's own journal, in position order; at most {MAX_PAGE_BYTES} bytes and \
{MAX_PAGE_ENTRIES} entries. Lines, each ended by a line feed: `counterfoil/page/v1`, the origin, the position of the \
first entry, then one line per entry (head, tab, body; of an erased body the head alone), an empty line, and the \
checkpoint note after these entries.""",
    "receipt": f"""What the topic's writer holds and has judged of the partner's journal; at most {MAX_RECEIPT_BYTES} \
bytes. A line `<len1> <len2>`, then two notes of that many bytes: the partner's checkpoint at the size held with the \
partner's signature and the writer's cosignature (empty while nothing is held), and a note by the writer's journal \
key: `counterfoil/receipt/v1`, own origin, own size, own root, partner's origin, size held, size judged, rule set, \
conclusions, one a line. Conclusions are `-` if not computed, or the base64 of the sum over all shared rows, whose \
schema is `shared_row.v1`.""",
    "resend": """A note by the writer's journal key that asks for pages again: `counterfoil/resend/v1`, the origin \
wanted, the position from which, the time, one a line.""",
    "returned": """A page of the reader's own journal, in answer to a resend that names the asker's own origin. Its \
form is that of a page.""",
}
"""The kinds of records of a journal's topic, with what their values are."""

FILE_KINDS = {
    "want": """A file that the reader's journal names is wanted: a line with its SHA-256 in hexadecimal and the offset \
from which. The reader answers with at most 8 MiB from there.""",
    "blob": f"""A piece of a file that the writer's journal names; at most {MAX_BLOB_RECORD} bytes. A line with \
SHA-256, offset, total and length, then that many bytes. A file is believed once all of it has its SHA-256.""",
}
"""The kinds of records of a journal's topic of files."""

_SCHEMAS = "#/components/schemas/"


def asyncapi_document(role: Role) -> dict[str, Any]:
    """Return the document for the gateway of one party: it sends on its own topic and receives on the partner's."""
    return {
        "asyncapi": "3.0.0",
        "info": _info(role),
        "defaultContentType": "application/octet-stream",
        "channels": {name: channel for each in Role for name, channel in _channels(each)},
        "operations": {
            "send": _operation("send", role.value, KINDS),
            "receive": _operation("receive", role.other.value, KINDS),
            "send_files": _operation("send", f"{role.value}_files", FILE_KINDS),
            "receive_files": _operation("receive", f"{role.other.value}_files", FILE_KINDS),
        },
        "components": {
            "messages": {kind: _message(kind, summary) for kind, summary in (KINDS | FILE_KINDS).items()},
            "schemas": _schemas(),
        },
    }


def _info(role: Role) -> dict[str, Any]:
    return {
        "title": f"Counterfoil, gateway of the {role.value}",
        "version": f"{RULE_SET}.0.0",
        "description": "What one party tells the other in one relationship: its journal, page by page, and receipts.",
        "license": {"name": "Apache-2.0"},
    }


def _channels(role: Role) -> Iterator[tuple[str, dict[str, Any]]]:
    yield role.value, _channel(role, "", KINDS)
    yield f"{role.value}_files", _channel(role, FILES_SUFFIX, FILE_KINDS)


def _channel(role: Role, suffix: str, kinds: Iterable[str]) -> dict[str, Any]:
    return {
        "address": f"counterfoil.{{mah}}.{{cmo}}.{role.value}{suffix}",
        "title": f"Topic that only the {role.value} writes",
        "description": "One partition. From the second generation of a journal on, its number is appended: `.2`.",
        "parameters": {each.value: {"description": f"Unified social credit code of the {each.value}"} for each in Role},
        "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in kinds},
        "bindings": {
            "kafka": {
                "partitions": 1,
                "topicConfiguration": {"cleanup.policy": ["delete"]},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operation(action: str, channel: str, kinds: Iterable[str]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{kind}"} for kind in kinds],
    }


def _message(kind: str, summary: str) -> dict[str, Any]:
    message: dict[str, Any] = {
        "name": kind,
        "title": kind,
        "summary": summary,
        "contentType": "application/octet-stream",
        "headers": {
            "type": "object",
            "required": [KIND_HEADER],
            "properties": {KIND_HEADER: {"type": "string", "const": kind}},
        },
        "payload": {"type": "string", "format": "binary", "description": summary},
    }
    if kind == "page":
        message["x-entries"] = {
            "head": {"$ref": _SCHEMAS + HEAD},
            "events": [_entry(each) for each in all_event_types()],
        }
    elif kind == "receipt":
        message["x-shared-row"] = schema_id(SHARED_ROW)
    return message


def _entry(type_: EventType) -> dict[str, Any]:
    return {
        "type": type_.name,
        "kind": type_.kind.value,
        "author": type_.author.value,
        "subject": type_.subject_kind,
        "erasable": type_.erasable,
        "body": {"$ref": _SCHEMAS + type_.name},
    }


def _schemas() -> dict[str, Any]:
    """Return head, bodies and the parts that bodies share, all side by side."""
    head = {keyword: value for keyword, value in head_schema().items() if not keyword.startswith("$")}
    schemas: dict[str, Any] = {HEAD: head}
    for type_ in all_event_types():
        body = told(type_, _SCHEMAS + "{model}")
        schemas.update(body.pop("$defs", {}))
        schemas[type_.name] = body
    return schemas
