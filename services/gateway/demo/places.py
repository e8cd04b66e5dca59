"""Where the demo keeps what: one folder, and `demo.json`, which tells others how to reach and restart the gateways."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from events.encoding.identifiers import Role
from infra.keys.private_files import write_private
from services.gateway.cli.errors import RefusedError

_PRIVATE = 0o700
_MIB = 1024**2
_ENOUGH_BYTES = 256 * _MIB  # for the stores and the wire of a large file
_SOME_BYTES = 8 * _MIB  # with less no database works


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one demo; gateways on real servers have data of their own beside those of the embedded pair."""

    root: Path
    on_servers: bool

    @property
    def pair(self) -> Path:
        """The folder of this pair of gateways."""
        return self.root / "servers" if self.on_servers else self.root

    @property
    def demo_file(self) -> Path:
        """What others read: addresses, tokens, processes and how to start them again."""
        return self.root / "demo.json"

    @property
    def wire_file(self) -> Path:
        """The file that both gateways of the embedded pair share."""
        return self.pair / "wire.sqlite"

    def data(self, role: Role) -> Path:
        """The data folder of a gateway."""
        return self.pair / role.value

    def passphrase(self, role: Role) -> Path:
        """The file with the passphrase of a gateway's keys."""
        return self.pair / f"{role.value}.passphrase"

    def token(self, role: Role, token_role: str) -> Path:
        """The file with a token that the demo uses."""
        return self.pair / "tokens" / f"{role.value}-{token_role}"

    def signing_password(self, role: Role, person: str) -> Path:
        """The file with the password that somebody of the demo signs with."""
        return self.pair / "tokens" / f"{role.value}-{person}-signs"

    def log(self, role: Role) -> Path:
        """The log of a gateway."""
        return self.root / "logs" / f"{role.value}.log"

    def server(self, name: str) -> Path:
        """The folder of a server that runs natively."""
        return self.pair / name

    def make(self) -> None:
        """Make the folders, and a passphrase for each gateway.

        Raises:
            RefusedError: the disk is full or the folder cannot be written.
        """
        try:
            self.root.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            self.refuse_full_disk(_ENOUGH_BYTES)
            for folder in (self.pair, self.pair / "tokens", self.log(Role.MAH).parent):
                folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            for role in Role:
                if not self.passphrase(role).exists():
                    write_private(self.passphrase(role), secrets.token_hex(24).encode() + b"\n", replace=False)
        except OSError as failure:
            raise unwritable(self.root, failure) from failure

    def refuse_full_disk(self, least: int = _SOME_BYTES) -> None:
        """Look whether there is space left.

        Raises:
            RefusedError: there is less.
        """
        free = shutil.disk_usage(self.root).free
        if free < least:
            said, hint = "the disk is full: {free} MiB are free at {folder}", "make space, or run in another folder"
            raise RefusedError(said, hint=hint, free=free // _MIB, folder=self.root)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep another demo out of this folder until the end of the block.

        Raises:
            RefusedError: another one runs here.
        """
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                said = "a demo runs in {folder} already"
                raise RefusedError(said, hint="end it with Ctrl-C", folder=self.root) from busy
            yield

    def tell(self, gateways: Mapping[str, Mapping[str, Any]]) -> None:
        """Write `demo.json`; only its owner may read it, for it holds tokens."""
        write_private(self.demo_file, json.dumps(gateways, indent=2, ensure_ascii=False).encode() + b"\n", replace=True)


def unwritable(folder: Path, failure: OSError) -> RefusedError:
    """Return the one line that a full or write-protected disk ends in."""
    reason = failure.strerror or os.strerror(failure.errno or 0)
    said, hint = "{folder} cannot be written: {reason}", "make space, or run in another folder"
    return RefusedError(said, hint=hint, folder=folder, reason=reason)
