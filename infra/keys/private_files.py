"""Small files that nobody else may read, written whole or not at all."""

import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from infra.keys.errors import KeysMissingError, KeysOpenToOthersError, KeysUnreachableError

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
MAX_FILE_BYTES = 1_048_576

_OTHERS = 0o077


def make_private_folder(folder: Path) -> None:
    """Make a folder with its parents, if it is not there.

    Raises:
        KeysUnreachableError: the system refused.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as failure:
        raise _unreachable("make", folder, failure) from failure


def write_private(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file under another name, sync it and give it its name; its folder is synced too.

    Raises:
        FileExistsError: there is one, and it is not to be replaced.
        KeysUnreachableError: the system refused; a file that was there is as it was.
    """
    hidden = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write_synced(hidden, [content])
        if replace:
            hidden.replace(path)
        else:
            os.link(hidden, path)
        sync_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as failure:
        raise _unreachable("write", path, failure) from failure
    finally:
        hidden.unlink(missing_ok=True)


def read_private(path: Path) -> bytes:
    """Return what a private file holds.

    Raises:
        KeysMissingError: there is no such file.
        KeysOpenToOthersError: other users may read or change it.
        KeysUnreachableError: the system refused, or the file is no key file by its size.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as failure:
        raise KeysMissingError(f"there is no {path}; try: counterfoil keys list") from failure
    except OSError as failure:
        raise _unreachable("read", path, failure) from failure
    if mode & _OTHERS:
        raise KeysOpenToOthersError(f"{path} has mode {stat.S_IMODE(mode):04o}; try: chmod 600 {path}")
    if len(content) > MAX_FILE_BYTES:
        raise KeysUnreachableError(f"{path} is larger than {MAX_FILE_BYTES} bytes; try: restore it from a backup")
    return content


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_synced(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new private file piece by piece, durably but for its name.

    Raises:
        FileExistsError: there is one.
        OSError: the system refused.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def _unreachable(verb: str, path: Path, failure: OSError) -> KeysUnreachableError:
    return KeysUnreachableError(f"cannot {verb} {path}: {failure.strerror}; try: check space and rights of its folder")
