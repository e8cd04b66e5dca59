"""The forms of values in bodies: texts, names, counts, dates, hashes. Each is one type, and says its bounds.

Nothing is changed on reading: a text goes in verbatim, a date stays the text that was stated. Texts may hold any
character but U+0000; a text that must be there has at least one character that is no white space. Bounds are counted
in characters. A title or a product's name may be as long as what a cell of a spreadsheet can hold (32,767), so that no
record of a source system is cut or turned away for its length; the limit of the whole body is kept elsewhere.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue

from events.encoding.canonical import MAX_INTEGER
from events.encoding.identifiers import check_uscc
from events.encoding.moments import parse_moment, parse_stated

MAX_TEXT = 60_000
MAX_CELL = 32_767  # what a cell of a spreadsheet can hold
MAX_NAME = 400
MAX_CODE = 200

NOT_BLANK = "[^ \t\r\n\u3000]"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_DATE_PATTERN = f"^{_DATE}$"
_MOMENT_PATTERN = rf"^{_DATE}T{_TIME}\.[0-9]{{6}}Z$"
_STATED_PATTERN = rf"^{_DATE}(?:T{_TIME}(?:\.[0-9]{{1,6}})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]))?$"


def _is_read_by(reader: Callable[[str], object], message: str) -> AfterValidator:
    """Return the check that a reader of the room takes a text; the text itself is kept."""

    def check(text: str) -> str:
        try:
            reader(text)
        except ValueError as error:
            raise ValueError(message) from error
        return text

    return AfterValidator(check)


def _schema(**keywords: JsonSchemaValue | Any) -> WithJsonSchema:  # noqa: ANN401 - a JSON Schema holds any JSON
    return WithJsonSchema({"type": "string", **keywords})


Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT, pattern=NOT_BLANK)]
"""What a person states at length: a description, a reason, a conclusion."""

Title = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CELL, pattern=NOT_BLANK)]
"""A title or the name of a product."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME, pattern=NOT_BLANK)]
"""The name of a firm, a person, a file or a source system."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CODE, pattern=NOT_BLANK)]
"""A number or code by which a thing is known: of a record, a batch, a product, a line, a site."""

Remark = Annotated[str, StringConstraints(max_length=MAX_TEXT)]
"""A text that may be empty, in drafts."""

Word = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,63}$")]
"""A word of a vocabulary that the parties may extend."""

PersonId = Annotated[str, StringConstraints(pattern=r"^[^\s/\x00-\x1f\x7f]{1,128}$")]
"""The id of a person in the author's directory: what follows `person/` in an actor."""

Uscc = Annotated[
    str,
    _is_read_by(check_uscc, "no unified social credit code"),
    _schema(pattern="^[0-9A-HJ-NP-RTUWXY]{18}$", description="A unified social credit code, GB 32100-2015"),
]
"""A unified social credit code with its check character."""

Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
"""A size or a position, from 0."""

Number = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
"""A number from 1, such as a version."""

Leaf = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")]
"""The leaf of an entry: base64 of 32 bytes, in the one form that re-encodes to itself."""

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
"""A SHA-256 in lower-case hexadecimal."""

Salt = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
"""What makes each body unguessable: 32 hexadecimal digits, fresh and random."""

Journal = Annotated[str, StringConstraints(pattern=r"^(?:mah|cmo)(?:\.(?:[2-9]|[1-9][0-9]{1,5}))?$")]
"""A journal within its relationship: `mah`, `cmo`, from the second generation `mah.2`."""

EventTypeName = Annotated[
    str, StringConstraints(max_length=128, pattern=r"^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]{0,5}$")
]
"""The name of an event type, known to this gateway or not."""

Day = Annotated[
    str,
    _is_read_by(date.fromisoformat, "no day of the calendar"),
    StringConstraints(pattern=_DATE_PATTERN),
    _schema(pattern=_DATE_PATTERN, format="date"),
]
"""A date: `2026-11-22`."""

Moment = Annotated[
    str,
    _is_read_by(parse_moment, "no time like 2026-11-22T09:30:44.123456Z"),
    _schema(pattern=_MOMENT_PATTERN, format="date-time"),
]
"""A time in UTC, in the form of a recorded time."""

StatedTime = Annotated[
    str,
    _is_read_by(parse_stated, "no date, and no time of RFC 3339 with its offset"),
    StringConstraints(pattern=_STATED_PATTERN),
    _schema(pattern=_STATED_PATTERN, anyOf=[{"format": "date"}, {"format": "date-time"}]),
]
"""When something happened, as a person states it: a date alone, or RFC 3339 with its offset. It stays as stated."""
