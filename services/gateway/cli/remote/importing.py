"""`counterfoil import`: rows of a spreadsheet, read here by a mapping, recorded by the gateway a thousand at a time.

A portion whose answer was lost is sent again under the same key, so it is recorded once; a file that was recorded
before adds nothing.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from services.gateway.cli.client import Client
from services.gateway.cli.errors import RefusedError, UnreachableError
from services.gateway.cli.output import Advance
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.importing.mapping import load_mapping
from services.gateway.importing.rows import ImportFile, MappedRow, RejectedRow

ROOM = Room("", "")

PATH = "/v1/imports"
PORTION_ROWS = 1000
PORTION_BYTES = 4 * 1024 * 1024
EXAMPLES = Path(__file__).parents[2] / "importing" / "examples"
_PATIENCE_SECONDS = 120.0  # for a gateway that is being restarted
_PAUSE_SECONDS = 0.5
_SHOWN = 20

Again = Callable[[UnreachableError], None]
"""Called when a portion got no answer; returns when it is to be sent again, or raises."""


@dataclass(slots=True)
class Tally:
    """What became of the rows of a file. `rejections`: row number and reason."""

    rows: int = 0
    imported: int = 0
    would_import: int = 0
    unchanged: int = 0
    rejected: int = 0
    sequence: int = 0  # last local sequence that the import led to
    rejections: list[tuple[int, str]] = field(default_factory=list)
    items: set[str] = field(default_factory=set)  # ids of those that are recorded now

    def reject(self, row: int, reason: str) -> None:
        """Count a row that does not fit."""
        self.rejected += 1
        self.rejections.append((row, reason))

    def add(self, answer: dict[str, Any]) -> None:
        """Count what the gateway said of a portion."""
        for row in answer["rows"]:
            if row["result"] == "rejected":
                self.reject(row["row"], row["reason"] or "")
            else:
                setattr(self, row["result"], getattr(self, row["result"]) + 1)
                self.items |= {row["item"]} - {None}
        self.sequence = max(self.sequence, answer.get("sequence") or 0)


@ROOM.remote("import")
def import_(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A spreadsheet (xlsx, xls, xlsb, ods) or CSV.")],
    mapping: Annotated[Path, typer.Option("--map", help="JSON file that says which column means what.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; entries are for ever.")] = False,
    source: Annotated[str | None, typer.Option("--source", help="The source system, instead of the mapping's.")] = None,
) -> None:
    """Record the rows of a file as deviations; a row that does not fit is reported and stops no other."""
    known = load_mapping(mapping_path(mapping))
    opened = ImportFile(file, known)
    with session.output.progress("rows") as advance:
        tally = record(session.client, opened, source or known.source, dry_run=dry_run, advance=advance)
    if session.as_json:
        session.output.json(_told(tally))
    else:
        _tell(session, tally, dry_run=dry_run)
    if tally.rejected:
        raise RefusedError(
            "{count} rows were rejected", hint="correct them and import the file again", count=tally.rejected
        )


def record(
    client: Client,
    file: ImportFile,
    source: str,
    *,
    dry_run: bool = False,
    advance: Advance | None = None,
    again: Again | None = None,
    after_portion: Callable[[], object] | None = None,
) -> Tally:
    """Send all rows of a file and return what became of them.

    Raises:
        ProblemError: the gateway refused a portion as a whole. UnreachableError: it did not answer for long.
    """
    tally = Tally()
    run = secrets.token_hex(8)
    for number, portion in enumerate(_portions(file, tally)):
        body = {"source": source, "file": file.as_json(), "dry_run": dry_run, "rows": portion}
        tally.add(_sent(client, body, f"import-{run}-{number}", again or _patience(time.monotonic())))
        if advance is not None:
            advance(tally.rows, tally.rows)
        if after_portion is not None:
            after_portion()
    return tally


def mapping_path(given: Path) -> Path:
    """Return a mapping file; the name alone of a shipped example is enough."""
    shipped = EXAMPLES / f"{given.name.removesuffix('.json')}.json"
    return shipped if not given.exists() and given.parent == Path() and shipped.exists() else given


def _portions(file: ImportFile, tally: Tally) -> Iterator[list[dict[str, Any]]]:
    """Gather rows into portions that one request can carry."""
    portion: list[dict[str, Any]] = []
    size = 0
    for row in file.rows():
        tally.rows += 1
        if isinstance(row, RejectedRow):
            tally.reject(row.row, row.reason)
            continue
        told, weight = _weighed(row)
        if portion and (len(portion) == PORTION_ROWS or size + weight > PORTION_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(told)
        size += weight
    if portion:
        yield portion


def _weighed(row: MappedRow) -> tuple[dict[str, Any], int]:
    told = row.as_json()
    return told, len(orjson.dumps(told))


def _sent(client: Client, body: dict[str, Any], key: str, again: Again) -> dict[str, Any]:
    while True:
        try:
            answer: dict[str, Any] = client.post(PATH, body, key=key, query={"wait": 0})
        except UnreachableError as error:
            again(error)
        else:
            return answer


def _patience(since: float) -> Again:
    """Return what waits for a gateway that is being restarted, and gives up in the end."""

    def again(error: UnreachableError) -> None:
        if time.monotonic() - since > _PATIENCE_SECONDS:
            raise error
        time.sleep(_PAUSE_SECONDS)

    return again


def _tell(session: Session, tally: Tally, *, dry_run: bool) -> None:
    names = ("rows", "would_import" if dry_run else "imported", "unchanged", "rejected")
    session.output.pairs({name: getattr(tally, name) for name in names})
    if tally.rejections:
        session.output.table(("row", "reason"), _first(tally.rejections))
    if len(tally.rejections) > _SHOWN:
        session.output.hint("{count} more; all of them with --json", count=len(tally.rejections) - _SHOWN)


def _told(tally: Tally) -> dict[str, object]:
    told = {name: value for name, value in asdict(tally).items() if name not in ("items", "rejections")}
    return {**told, "rejections": [{"row": row, "reason": reason} for row, reason in tally.rejections]}


def _first(rejections: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    return rejections[:_SHOWN]
