"""The bag: every file is listed and is the one that is listed, down from the note that the maker signed.

1. The note states the SHA-256 of the tag manifest. 2. The tag manifest lists every other tag file, the payload manifest
lists every file of the payload, neither lists anything else, and every file has the SHA-256 that is listed.
3. The note is signed by the journal key of the maker.

Where a file is changed, the fault names that file and not one above it: what is listed is compared first.
"""

from collections.abc import Iterator
from hashlib import sha256

from events.bundle.description import Description, parse_description
from events.bundle.faults import BundleError
from events.bundle.keys import PartyKeyring
from events.bundle.layout import (
    BAGIT,
    BAGIT_TEXT,
    CHUNK_BYTES,
    DESCRIPTION,
    MANIFEST,
    MAX_TAG_BYTES,
    NOTE,
    REQUIRED,
    TAG_MANIFEST,
    is_listed_tag,
    is_payload,
)
from events.bundle.manifests import parse_manifest
from events.bundle.reading.archive import Archive
from events.bundle.reading.lines import lines_of
from events.bundle.signature import parse_bundle_note
from events.notes.note import Note, verify_note
from events.notes.vkey import VerifierKey


class Bag:
    """The files of a bundle, each compared with its manifest as it is read for the first time."""

    def __init__(self, archive: Archive) -> None:
        """Read what lists the files.

        Raises:
            BundleError: `bag.*`, `archive.*`: without these nothing of a bundle can be checked.
        """
        self._archive = archive
        self._compared: set[str] = set()
        for name in REQUIRED:
            if name not in archive:
                raise BundleError("bag.missing", name, "the bundle lacks this file")
        raw = archive.read(TAG_MANIFEST, MAX_TAG_BYTES)
        self._note, stated = parse_bundle_note(archive.read(NOTE, CHUNK_BYTES))
        if stated != sha256(raw).hexdigest():
            raise self._other_digest()
        self._listed = parse_manifest(TAG_MANIFEST, raw)
        if MANIFEST not in self._listed or any(map(is_payload, self._listed)):
            raise BundleError("bag.malformed", TAG_MANIFEST, "it lists all tag files, and no file of the payload")

    @property
    def names(self) -> list[str]:
        """The names of all files."""
        return self._archive.names

    def __contains__(self, name: object) -> bool:
        return name in self._archive

    def size(self, name: str) -> int:
        """Return the size of a file in bytes."""
        return self._archive.size(name)

    def digest(self, name: str) -> str | None:
        """Return the SHA-256 that is listed for a file, in hexadecimal; None when it is not listed."""
        return self._listed.get(name)

    def check_lists(self) -> None:
        """Read the payload manifest and ask that both manifests list exactly the files that there are.

        Raises:
            BundleError: `bag.malformed`, `bag.digest`, `bag.missing` or `bag.unlisted`.
        """
        payload = parse_manifest(MANIFEST, self.read(MANIFEST))
        if not all(map(is_payload, payload)):
            raise BundleError("bag.malformed", MANIFEST, "it lists files that are not of the payload")
        self._listed |= payload
        for name in self._listed:
            if name not in self._archive:
                raise BundleError("bag.missing", name, "a manifest lists this file; the bundle lacks it")
        for name in self.names:
            if name not in self._listed and (is_payload(name) or is_listed_tag(name)):
                raise BundleError("bag.unlisted", name, "no manifest lists this file")
        if self.read(BAGIT) != BAGIT_TEXT:
            raise BundleError("bag.malformed", BAGIT, "not that of a BagIt 1.0 bag in UTF-8")

    def describe(self) -> Description:
        """Return what the bundle says of itself.

        Raises:
            BundleError: `bundle.*`, or `bag.digest`.
        """
        return parse_description(self.read(DESCRIPTION))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file piece by piece; behind the last one it has been compared with what is listed.

        Raises:
            BundleError: `bag.digest`, at the end; `bag.missing`, `archive.damaged`.
        """
        if name in self._compared:
            yield from self._archive.chunks(name)
            return
        made = sha256()
        for chunk in self._archive.chunks(name):
            made.update(chunk)
            yield chunk
        self._compared.add(name)
        if made.hexdigest() != self._listed.get(name):
            raise BundleError("bag.digest", name, "its SHA-256 is another than the manifest lists")

    def read(self, name: str, most: int = MAX_TAG_BYTES) -> bytes:
        """Return a whole file that was compared with what is listed.

        Raises:
            BundleError: what `chunks` raises; `archive.too_large`.
        """
        if self.size(name) > most:
            raise BundleError("archive.too_large", name, f"more than {most} bytes")
        return b"".join(self.chunks(name))

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a file without their line feeds.

        Raises:
            BundleError: `bundle.malformed`, and what `chunks` raises.
        """
        return lines_of(name, self.chunks(name))

    def compare_rest(self) -> Iterator[str]:
        """Compare the files that nothing else has read; yield each name before it is.

        Raises:
            BundleError: `bag.digest`, `archive.damaged`.
        """
        for name in self.names:
            if name not in self._compared and name not in (TAG_MANIFEST, NOTE):
                yield name
                for _ in self.chunks(name):
                    pass

    def check_note(self, description: Description) -> None:
        """Ask that the maker's journal key, and nobody else, signed the tag manifest.

        Raises:
            BundleError: `note.signature_invalid`.
        """
        if not _is_signed(self._note, description):
            raise BundleError("note.signature_invalid", NOTE, "not signed by the journal key of the maker alone")

    def _other_digest(self) -> BundleError:
        """Return which of note and tag manifest is another: a note that is signed is the one that was made."""
        try:
            is_signed = _is_signed(self._note, parse_description(self._archive.read(DESCRIPTION, MAX_TAG_BYTES)))
        except BundleError:
            is_signed = False
        if is_signed:
            return BundleError("note.other_digest", TAG_MANIFEST, "the maker signed another one")
        return BundleError("note.signature_invalid", NOTE, "it states another tag manifest, and nobody signed it")


def _is_signed(note: Note, description: Description) -> bool:
    key = maker_key(description)
    return key is not None and len(note.signatures) == 1 and verify_note(note, key)


def maker_key(description: Description) -> VerifierKey | None:
    """Return the journal key of the party that made a bundle, the latest that it states; None without one."""
    role = description.maker_role
    return PartyKeyring(description.parties.origin(role), description.keys.of(role)).latest()
