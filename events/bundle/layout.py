"""The names of files in a bundle, and how large each may be (formats.md 9)."""

import re

from events.encoding.identifiers import Role
from events.journal.page import MAX_PAGE_BYTES

FORMAT = "counterfoil/bundle/v1"

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
NOTE = "bundle.note"
DESCRIPTION = "data/bundle.json"
PAYLOAD = "data/"
ATTACHMENTS = "data/attachments/"
QUARANTINE = "data/quarantine/"
QUARANTINE_INDEX = "data/quarantine/index.jsonl"

BAGIT_TEXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

MAX_FILES = 200_000
MAX_NAME_BYTES = 255
MAX_TAG_BYTES = 64 * 1024 * 1024  # of each file that is read whole: manifests, `bundle.json`
MAX_LINE_BYTES = MAX_PAGE_BYTES  # no entry, checkpoint or receipt is larger than a page
CHUNK_BYTES = 256 * 1024

_PLAIN = re.compile(r"[^\x00-\x1f\x7f\\:*?\"<>|%\u2028\u2029]+")
_FORBIDDEN_PARTS = {"", ".", ".."}


def entries_file(role: Role) -> str:
    """Return the file of a journal's entries."""
    return f"data/journals/{role.value}/entries.jsonl"


def checkpoints_file(role: Role) -> str:
    """Return the file of a journal's checkpoints."""
    return f"data/journals/{role.value}/checkpoints.jsonl"


def receipts_file(role: Role) -> str:
    """Return the file of what others signed about a journal."""
    return f"data/journals/{role.value}/receipts.jsonl"


def attachment_file(sha256: str) -> str:
    """Return the file of an attachment, by its SHA-256 in hexadecimal."""
    return ATTACHMENTS + sha256


def quarantine_file(sha256: str) -> str:
    """Return the file of bytes that were refused whole, by their SHA-256 in hexadecimal."""
    return QUARANTINE + sha256


REQUIRED = (
    BAGIT,
    BAG_INFO,
    MANIFEST,
    TAG_MANIFEST,
    NOTE,
    DESCRIPTION,
    *(name(role) for role in Role for name in (entries_file, checkpoints_file, receipts_file)),
)
"""What every bundle has."""


def is_payload(name: str) -> bool:
    """Tell whether a file is of the payload, which the manifest lists; the others are tag files."""
    return name.startswith(PAYLOAD)


def is_listed_tag(name: str) -> bool:
    """Tell whether the tag manifest lists a file: every tag file but itself and the note."""
    return not is_payload(name) and name not in (TAG_MANIFEST, NOTE)


def why_name_is_refused(name: str) -> str | None:
    """Return why a file of this name may not be in a bundle, None if it may.

    A name is relative, of plain parts, and the same file on every system that may unpack it.
    """
    if len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        return f"a name has at most {MAX_NAME_BYTES} bytes"
    if name.startswith("/") or _FORBIDDEN_PARTS & set(name.split("/")):
        return "a name is relative, without empty parts, '.' and '..'"
    if _PLAIN.fullmatch(name) is None or any(part != part.strip(" .") for part in name.split("/")):
        return "a name has characters that some system does not take"
    return None
