"""Attachments: what shown entries name is here and is what its name says, or the bundle says why it is not.

Each file of `data/attachments/` is named by its SHA-256, and by a shown entry.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from events.bundle.checking.bag import Bag
from events.bundle.description import Description
from events.bundle.entry_lines import ShownEntry
from events.bundle.evidence import files_named, read_digest
from events.bundle.faults import BundleError
from events.bundle.layout import ATTACHMENTS, DESCRIPTION, attachment_file, entries_file

MAX_NAMED = 1_000_000  # files that shown entries name


@dataclass(slots=True)
class AttachmentsCheck:
    """Takes every shown entry; `settle` asks for each file that they name.

    Kept of a file named are its 32 bytes, and nothing where it is in the bundle.
    """

    bag: Bag
    _wanted: dict[bytes, ShownEntry] = field(default_factory=dict)
    _named: set[bytes] = field(default_factory=set)

    def take(self, entry: ShownEntry, body: Mapping[str, Any]) -> None:
        """Take the next entry of a journal with its body, decoded."""
        for digest in files_named(body):
            if digest in self._named:
                continue
            if len(self._named) >= MAX_NAMED:
                detail = f"more than {MAX_NAMED} attachments are named"
                raise BundleError("attachment.too_many", entries_file(entry.role), detail, position=entry.position)
            self._named.add(digest)
            if attachment_file(digest.hex()) not in self.bag:
                self._wanted[digest] = ShownEntry(entry.role, entry.position, None, None, entry.leaf)

    def settle(self, description: Description) -> None:
        """Ask that every named file is here or listed as missing, and that no other is either.

        Raises:
            BundleError: `attachment.missing` or `attachment.unnamed`.
        """
        listed = {bytes.fromhex(each.sha256) for each in description.missing_files}
        for digest, entry in self._wanted.items():
            if digest not in listed:
                detail = f"it names the attachment {digest.hex()}; the bundle neither has it nor says why not"
                raise BundleError("attachment.missing", entries_file(entry.role), detail, position=entry.position)
        for digest in sorted(listed - self._wanted.keys()):
            detail = f"the attachment {digest.hex()} is listed as missing; no shown entry misses it"
            raise BundleError("attachment.unnamed", DESCRIPTION, detail)
        for name in attachments_of(self.bag.names):
            if read_digest(name.removeprefix(ATTACHMENTS)) not in self._named:
                raise BundleError("attachment.unnamed", name, "no shown entry names it")


def check_digests(bag: Bag) -> None:
    """Ask that each attachment is listed under the SHA-256 that is its name; the bag compares its bytes with that.

    Raises:
        BundleError: `attachment.other_digest`.
    """
    for name in attachments_of(bag.names):
        if bag.digest(name) != name.removeprefix(ATTACHMENTS):
            raise BundleError("attachment.other_digest", name, "its SHA-256 is not its name")


def attachments_of(names: Iterable[str]) -> list[str]:
    """Return the files that are attachments."""
    return [name for name in names if name.startswith(ATTACHMENTS)]
