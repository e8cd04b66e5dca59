"""`counterfoil bundle create`: the evidence of a relationship in one file, for somebody who trusts neither company."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from domain.clocks.clock import start_of
from events.bundle.checking.whole import BundleCheck
from events.bundle.description import Description, Period
from events.bundle.writing import BundleWriter
from events.encoding.moments import format_moment, parse_stated
from events.stored.relationship import StoredRelationship
from infra.blobs.folder import BlobFolder
from infra.bundles.files import new_bundle
from infra.keys.key_files import MARK_FILE, keys_folder, load_keys, relationship_folder
from infra.keys.mark import MarkFile
from services.gateway.bundling.making import Advance, BundleMaking
from services.gateway.bundling.request import BundleNotPossibleError, BundleRequest
from services.gateway.cli.errors import UnprovenError, UsageError
from services.gateway.cli.local.tokens import opened
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.exchange.software import SOFTWARE
from services.gateway.ports.store import Reading
from services.gateway.settings import Settings

ROOM = Room("bundle", "Evidence for inspectors, in one file that proves itself.")


@ROOM.local("create")
def create(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The bundle to write, a new file.")],
    *,
    asked_by: Annotated[str, typer.Option("--asked-by", help="Who asked for it.")],
    legal_basis: Annotated[str, typer.Option("--legal-basis", help="On what legal basis.")],
    relationship: Annotated[
        str | None, typer.Option("--relationship", help="Which one, <MAH>/<CMO>, if there are several.")
    ] = None,
    product: Annotated[list[str] | None, typer.Option("--product", help="Code of a product in scope.")] = None,
    batch: Annotated[list[str] | None, typer.Option("--batch", help="Number of a batch in scope.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Kind of matter in scope: deviation, change.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Recorded from then on: a day of Beijing, or a time with its offset.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="Recorded before then; a day of Beijing is in it.")] = None,
    without_attachments: Annotated[
        bool, typer.Option("--without-attachments", help="List attachments as withheld.")
    ] = False,
) -> None:
    """Write everything in scope into one file that proves itself; the gateway may run meanwhile."""
    request = BundleRequest(
        asked_by=asked_by,
        legal_basis=legal_basis,
        products=product or (),
        batches=batch or (),
        kinds=kind or (),
        period=_period(since, until),
        attachments=not without_attachments,
    )
    with session.output.progress("entries") as advance:
        description = write_bundle(session.settings, file, request, relationship, advance)
    _tell(session, file, description)


def write_bundle(
    settings: Settings,
    path: Path,
    request: BundleRequest,
    relationship: str | None = None,
    advance: Advance = lambda _done, _total: None,
) -> Description:
    """Write a bundle of a gateway's store, stopped or running, and check it before it gets its name.

    Raises:
        UsageError: no such relationship.
        BundleNotPossibleError: it is not paired, or its store was restored and is behind what it signed.
        BundleFileError: there is a file of that name.
        UnprovenError: what was written does not hold.
    """
    with opened(settings) as store, store.reading() as reading, new_bundle(path) as file:
        stored = _chosen(reading.relationships(), relationship)
        keys = load_keys(keys_folder(settings.data), stored.relationship, stored.own_role, settings.secret())
        _refuse_behind(settings, reading, stored)
        making = BundleMaking(
            reading=reading,
            blobs=BlobFolder(settings.blobs_folder()),
            stored=stored,
            keys=keys,
            request=request,
            made_at=format_moment(datetime.now(UTC)),
            software=SOFTWARE,
            advance=advance,
        )
        description = making.write(BundleWriter(file))
        fault = BundleCheck(file).run().fault
        if fault is not None:
            raise UnprovenError(
                "the bundle does not hold, so there is none: {detail}", hint="counterfoil fsck", detail=fault.detail
            )
    return description


def _chosen(known: Sequence[StoredRelationship], wanted: str | None) -> StoredRelationship:
    found = [each for each in known if wanted in (None, str(each.relationship))]
    if len(found) == 1:
        return found[0]
    names = ", ".join(str(each.relationship) for each in known) or "-"
    raise UsageError("this gateway has these relationships: {names}", hint="--relationship <MAH>/<CMO>", names=names)


def _refuse_behind(settings: Settings, reading: Reading, stored: StoredRelationship) -> None:
    """Refuse to sign over a store that was restored and has less than was signed before (formats.md 7)."""
    path = relationship_folder(keys_folder(settings.data), stored.relationship, stored.own_role) / MARK_FILE
    page = reading.last_page(stored.number, stored.own_role)
    if not path.exists():
        return
    with MarkFile(path) as mark:
        if mark.marked.own_size > (0 if page is None else page.size):
            raise BundleNotPossibleError("the store is behind what was signed before; try: counterfoil serve")


def _period(since: str | None, until: str | None) -> Period | None:
    if since is None and until is None:
        return None
    return Period(from_=_moment(since, "--from", days=0), to=_moment(until, "--to", days=1))


def _moment(text: str | None, option: str, *, days: int) -> str | None:
    """Return a stated time as a recorded one is written; a day begins in Beijing, and as an end it is in."""
    if text is None:
        return None
    try:
        stated = parse_stated(text)
        return format_moment(stated if isinstance(stated, datetime) else start_of(stated + timedelta(days=days)))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            "{option}: {given} is no day and no time with its offset", option=option, given=text
        ) from error


def _tell(session: Session, path: Path, description: Description) -> None:
    journals = description.journals.model_dump()
    if session.as_json:
        session.output.json({"file": str(path), "made_at": description.made_at, "journals": journals})
        return
    columns = ("journal", "entries", "shown", "withheld", "complete_to")
    session.output.table(columns, [[name, *(said[each] for each in columns[1:])] for name, said in journals.items()])
    session.output.pairs({"files": description.attachments, "missing": len(description.missing_files)})
    session.output.hint("next: counterfoil verify {file}", file=path)
