"""The file of a bundle: written under another name, synced, and then given its own."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from infra.bundles.errors import BundleFileError
from infra.keys.private_files import PRIVATE_FILE, sync_folder


@contextmanager
def new_bundle(path: Path) -> Iterator[BinaryIO]:
    """Lend a file to write and read; at the end of the block it is synced and gets its name, or it never existed.

    Raises:
        BundleFileError: there is a file of that name, or the system refused.
    """
    hidden = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    if path.exists():
        raise _exists(path)
    try:
        descriptor = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(hidden, path)
        sync_folder(path.parent)
    except FileExistsError as failure:
        raise _exists(path) from failure
    except OSError as failure:
        raise BundleFileError(f"cannot write {path}: {failure.strerror}; try: another disk") from failure
    finally:
        hidden.unlink(missing_ok=True)


def _exists(path: Path) -> BundleFileError:
    return BundleFileError(f"{path} is there already; try: another name")
