"""Writing a bundle: payload file after payload file, then what the bag says of them, then the maker's note.

Files are stored, not deflated: what is checked byte by byte need not be unpacked first. Their dates are those of no
day, and manifests are sorted, so that equal content gives equal bytes.
"""

import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import IO, BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from events.bundle.layout import (
    BAG_INFO,
    BAGIT,
    BAGIT_TEXT,
    MANIFEST,
    NOTE,
    TAG_MANIFEST,
    is_payload,
    why_name_is_refused,
)
from events.bundle.manifests import format_manifest
from events.bundle.signature import sign_bundle
from events.notes.note import Signer

_NO_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a zip can name
_MODE = (stat.S_IFREG | 0o644) << 16
_UNIX = 3


class PayloadFile:
    """One file as it is written: counts and hashes what it is given."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written so far, in hexadecimal."""
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> None:
        """Write the next bytes."""
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)


class BundleWriter:
    """Writes one bundle into a file that can seek; it is none before `finish`."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = ZipFile(file, "w", ZIP_STORED, allowZip64=True)
        self._payload: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._octets = 0

    def __contains__(self, name: str) -> bool:
        return name in self._payload

    @contextmanager
    def payload(self, name: str) -> Iterator[PayloadFile]:
        """Open the next file of the payload.

        Raises:
            ValueError: no name that a bundle takes, or one that it has already.
        """
        if not is_payload(name) or name in self._payload:
            raise ValueError(f"{name} is no new file of the payload")
        with self._open(name) as file:
            yield file
        self._payload[name] = file.sha256
        self._octets += file.size

    def finish(self, tags: Mapping[str, bytes], information: Mapping[str, str], signer: Signer) -> str:
        """Write the tag files and the note; return the SHA-256 of the tag manifest, in hexadecimal.

        `tags` are files for people by name, `information` goes into `bag-info.txt`.

        Raises:
            ValueError: a value that is no line of text.
        """
        self._tag(BAGIT, BAGIT_TEXT)
        oxum = {"Payload-Oxum": f"{self._octets}.{len(self._payload)}"}
        self._tag(BAG_INFO, _information({**information, **oxum}))
        for name in sorted(tags):
            self._tag(name, tags[name])
        self._tag(MANIFEST, format_manifest(self._payload))
        digest = self._write(TAG_MANIFEST, format_manifest(self._tags))
        self._write(NOTE, sign_bundle(digest, signer))
        self._zip.close()
        return digest

    def _tag(self, name: str, content: bytes) -> None:
        self._tags[name] = self._write(name, content)

    def _write(self, name: str, content: bytes) -> str:
        with self._open(name) as file:
            file.write(content)
        return file.sha256

    @contextmanager
    def _open(self, name: str) -> Iterator[PayloadFile]:
        reason = why_name_is_refused(name)
        if reason is not None:
            raise ValueError(f"{name}: {reason}")
        place = ZipInfo(name, _NO_DAY)
        place.external_attr = _MODE
        place.create_system = _UNIX
        with self._zip.open(place, "w", force_zip64=True) as file:
            yield PayloadFile(file)


def _information(values: Mapping[str, str]) -> bytes:
    for name, value in values.items():
        if not value.isprintable():
            raise ValueError(f"{name}: {value!r} is no line of text")
    return "".join(f"{name}: {value}\n" for name, value in values.items()).encode()
