"""The gateway's own sealing key, for small secrets in its store: in `<data>/keys/signing/sealing.json`, sealed itself.

Whoever reads the store alone learns none of them; the key file opens with the passphrase, as all keys do.
"""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.encoding.base64 import decode_base64, encode_base64
from infra.keys.errors import KeysDamagedError
from infra.keys.key_files import keys_folder
from infra.keys.private_files import make_private_folder, read_private, write_private
from infra.keys.sealed import Chance, ScryptCost, seal, unseal

FOLDER, FILE = "signing", "sealing.json"
KEY_BYTES = 32

_PURPOSE = "sealing key of the gateway"
_NONCE_BYTES = 12
_DEFAULT_COST = ScryptCost()


class Sealer:
    """Seals secrets to their purpose (AES-256-GCM), so that none can be put in the place of another."""

    def __init__(self, key: bytes, chance: Chance = os.urandom) -> None:
        self._cipher = AESGCM(key)
        self._chance = chance

    def seal(self, secret: bytes, purpose: str) -> bytes:
        """Return a secret, sealed."""
        nonce = self._chance(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Return what was sealed.

        Raises:
            KeysDamagedError: it was sealed by another key or to another purpose, or is not as it was written.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError) as failure:
            raise KeysDamagedError("a sealed secret does not open; try: enrol the person anew") from failure


class LateSealer:
    """Opens the gateway's sealer when a secret is first sealed or opened: the passphrase takes its time on purpose."""

    def __init__(self, data: Path, passphrase: bytes, cost: ScryptCost = _DEFAULT_COST) -> None:
        self._opening = partial(open_sealer, data, passphrase, cost)
        self._opened: Sealer | None = None
        self._turn = Lock()

    def seal(self, secret: bytes, purpose: str) -> bytes:
        """Return a secret, sealed. Raises what `open_sealer` raises."""
        return self._sealer().seal(secret, purpose)

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Return what was sealed. Raises what `Sealer.open` and `open_sealer` raise."""
        return self._sealer().open(sealed, purpose)

    def _sealer(self) -> Sealer:
        with self._turn:
            if self._opened is None:
                self._opened = self._opening()
            return self._opened


def open_sealer(data: Path, passphrase: bytes, cost: ScryptCost = _DEFAULT_COST, chance: Chance = os.urandom) -> Sealer:
    """Return the sealer of a gateway; its key is made when it is first asked for.

    Raises:
        PassphraseError: the passphrase does not open the key.
        KeysError: the key file is damaged or cannot be reached.
    """
    folder = keys_folder(data) / FOLDER
    path = folder / FILE
    if not path.exists():
        make_private_folder(keys_folder(data))
        make_private_folder(folder)
        made = {"key": encode_base64(chance(KEY_BYTES))}
        with suppress(FileExistsError):  # another process of this gateway made it first
            write_private(path, seal(made, _PURPOSE, passphrase, cost, chance), replace=False)
    return Sealer(decode_base64(unseal(read_private(path), _PURPOSE, passphrase, str(path))["key"]), chance)
