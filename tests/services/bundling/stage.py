"""Bundles of a real story, and bundles that lie: changed by hand, with lists and note made to fit again, or not."""

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from events.bundle.checking.whole import BundleCheck
from events.bundle.layout import BAG_INFO, BAGIT, DESCRIPTION, MANIFEST, NOTE, TAG_MANIFEST, entries_file, is_payload
from events.bundle.report import Report
from events.bundle.writing import BundleWriter
from events.encoding.canonical import decode, encode
from events.encoding.identifiers import Role
from infra.blobs.folder import BlobFolder
from services.gateway.bundling.making import BundleMaking
from services.gateway.bundling.request import BundleRequest
from tests.events.golden.cast import RELATIONSHIP
from tests.golden_stores.story import tell
from tests.services.exchange.world import Side, World, keys_of

MADE_AT = "2026-11-27T08:00:00.000000Z"

_FOLDER = TemporaryDirectory(prefix="counterfoil-bundles-")

Files = dict[str, bytes]
Edit = Callable[[Files], None]


@cache
def told() -> World:
    """Two gateways with a story behind them that holds every kind of verdict; nobody changes them."""
    return tell(Path(_FOLDER.name))


def bundle_of(side: Side, blobs: Path = Path("none"), **asked: Any) -> bytes:
    """The bytes of a bundle that a side makes of its store."""
    request = BundleRequest(asked_by="示例药监局", legal_basis="药品管理法第九十九条", **asked)
    file = BytesIO()
    with side.store.reading() as reading:
        making = BundleMaking(
            reading=reading,
            blobs=BlobFolder(blobs),
            stored=side.channel.stored,
            keys=keys_of(RELATIONSHIP, side.role),
            request=request,
            made_at=MADE_AT,
            software="0.0.0",
        )
        making.write(BundleWriter(file))
    return file.getvalue()


@cache
def bundle(maker: Role = Role.CMO, *, kinds: tuple[str, ...] = (), batches: tuple[str, ...] = ()) -> bytes:
    """A bundle of the story, made once."""
    world = told()
    return bundle_of(world.mah if maker is Role.MAH else world.cmo, kinds=kinds, batches=batches)


def checked(raw: bytes, **asked: Any) -> Report:
    return BundleCheck(BytesIO(raw), **asked).run()


def files_of(raw: bytes) -> Files:
    with ZipFile(BytesIO(raw)) as package:
        return {name: package.read(name) for name in package.namelist()}


def forged(raw: bytes, edit: Edit, maker: Role = Role.CMO) -> bytes:
    """A bundle that its own maker changed before it signed: lists, counts and note fit what is in it."""
    files = files_of(raw)
    edit(files)
    description = decode(files[DESCRIPTION])
    for role in Role:
        _count(description["journals"][role.value], files[entries_file(role)])
    files[DESCRIPTION] = encode(description)
    file = BytesIO()
    writer = BundleWriter(file)
    for name, content in files.items():
        if is_payload(name):
            with writer.payload(name) as payload:
                payload.write(content)
    made = {BAGIT, BAG_INFO, MANIFEST, TAG_MANIFEST, NOTE}
    tags = {name: content for name, content in files.items() if not is_payload(name) and name not in made}
    writer.finish(tags, {"Bagging-Date": MADE_AT[:10]}, keys_of(RELATIONSHIP, maker).journal_signer)
    return file.getvalue()


def lines_edited(role: Role, change: Callable[[list[bytes]], None]) -> Edit:
    """The edit that changes the lines of a journal's entries."""

    def edit(files: Files) -> None:
        lines = files[entries_file(role)].split(b"\n")[:-1]
        change(lines)
        files[entries_file(role)] = b"".join(line + b"\n" for line in lines)

    return edit


def described(change: Callable[[dict[str, Any]], None]) -> Edit:
    """The edit that changes what a bundle says of itself."""

    def edit(files: Files) -> None:
        description = decode(files[DESCRIPTION])
        change(description)
        files[DESCRIPTION] = encode(description)

    return edit


def _count(said: dict[str, Any], entries: bytes) -> None:
    lines = entries.split(b"\n")[:-1]
    said["entries"] = len(lines)
    said["hidden"] = sum(line.startswith(b"#") for line in lines)
    said["withheld"] = sum(not line.startswith(b"#") and b"\t" not in line for line in lines)
    said["shown"] = said["entries"] - said["hidden"] - said["withheld"]


def place_of(report: Report) -> tuple[str, str, int | None]:
    """Where a report says that a bundle fails first: code, file, position."""
    fault = report.fault
    return ("", "", None) if fault is None else (fault.code, fault.file, fault.position)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files in an archive, as they are."""
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return file.getvalue()
