"""The lines of a bundle's other files: checkpoints, receipts, and what was refused whole; each canonical JSON."""

from typing import TypeVar

from pydantic import Field, ValidationError

from events.bundle.faults import BundleError
from events.catalogue.bodies import Part
from events.catalogue.forms import Code, Count, Moment, Number, Remark, Sha256
from events.encoding.canonical import decode, encode
from events.errors import CanonicalError

_Record = TypeVar("_Record", bound=Part)


class CheckpointRecord(Part):
    """The checkpoint of a page: the size of the journal after it, and the signed note."""

    size: Number
    note: str


class ReceiptRecord(Part):
    """What others signed about a journal at a size: its checkpoint with their lines, and what a receipt states beside.

    `statement` is null where there is none: an outside witness and a seal only sign the checkpoint.
    """

    size: Number
    note: str
    statement: str | None


class QuarantineRecord(Part):
    """Something that was refused whole: what it was, its code, and its bytes by their SHA-256.

    `shown` tells whether the bytes are in the bundle. `notes` are the two checkpoints of a history with two ends.
    """

    number: Count
    kind: Remark
    code: Code
    detail: Remark
    at: Moment
    sha256: Sha256
    shown: bool
    notes: list[str] = Field(max_length=2)


def format_record(record: Part) -> bytes:
    """Return the line of a record, with its line feed."""
    return encode(record.model_dump(mode="json")) + b"\n"


def parse_record(model: type[_Record], line: bytes, file: str, number: int) -> _Record:
    """Read a line, without its line feed.

    Raises:
        BundleError: `bundle.malformed`; the position is the number of the line, from 0.
    """
    try:
        return model.model_validate(decode(line))
    except CanonicalError as error:
        raise BundleError("bundle.malformed", file, error.detail, position=number) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        detail = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise BundleError("bundle.malformed", file, detail, position=number) from error
