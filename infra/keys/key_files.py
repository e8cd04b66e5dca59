"""Where the keys of each relationship lie, how they are made, and how they are loaded.

`<data>/keys/<MAH>-<CMO>-<role>/` (from the second generation with its number) holds

| file | content |
|---|---|
| `keys.json` | the keys that the gateway works with, sealed by the passphrase; written last: it makes the rest count |
| `recovery.json` | the recovery key, sealed; never loaded by a gateway: move it to where no network reaches |
| `public.txt` | five vkeys and the label key, one a line, compared with the private keys at each start |
| `mark` | the largest size that was signed (infra.keys.mark) |
"""

import os
from pathlib import Path
from typing import Any

from events.encoding.base64 import decode_base64, encode_base64
from events.encoding.identifiers import Relationship, Role
from events.errors import KeyRefusedError
from events.notes.vkey import VerifierKey
from events.pairing import PartyKeys
from infra.keys.errors import KeysDamagedError, KeysExistError, KeysMismatchError
from infra.keys.private_files import make_private_folder, read_private, write_private
from infra.keys.ring import SEED_BYTES, SEEDS, KeyRing, recovery_vkey
from infra.keys.sealed import Chance, ScryptCost, seal, unseal

KEYS_FILE = "keys.json"
RECOVERY_FILE = "recovery.json"
PUBLIC_FILE = "public.txt"
MARK_FILE = "mark"

_DEFAULT_COST = ScryptCost()


def keys_folder(data: Path) -> Path:
    """Return the folder of all keys in a gateway's data folder."""
    return data / "keys"


def relationship_folder(folder: Path, relationship: Relationship, role: Role, generation: int = 1) -> Path:
    """Return the folder of the keys for one journal."""
    name = f"{relationship.mah}-{relationship.cmo}-{role.value}"
    return folder / (name if generation == 1 else f"{name}-{generation}")


def make_keys(
    folder: Path,
    relationship: Relationship,
    role: Role,
    passphrase: bytes,
    *,
    generation: int = 1,
    cost: ScryptCost = _DEFAULT_COST,
    chance: Chance = os.urandom,
) -> KeyRing:
    """Make all keys of a party for one relationship and write their files; none of them counts before all are durable.

    Raises:
        KeysExistError: there are keys already.
        PassphraseError: the passphrase is empty.
        KeysUnreachableError: the files could not be written.
    """
    place = relationship_folder(folder, relationship, role, generation)
    if (place / KEYS_FILE).exists():
        raise _exist(place)
    origin = relationship.origin(role, generation)
    seeds = {name: chance(SEED_BYTES) for name in SEEDS}
    recovery_seed = chance(SEED_BYTES)
    ring = KeyRing(origin, seeds, recovery_vkey(origin, recovery_seed))
    secret: dict[str, Any] = {name: encode_base64(seed) for name, seed in seeds.items()}
    secret["recovery_vkey"] = str(ring.party_keys.recovery)
    recovery = {"recovery": encode_base64(recovery_seed)}
    make_private_folder(place)
    _write_recovery(place, seal(recovery, f"recovery of {origin}", passphrase, cost, chance))
    write_private(place / PUBLIC_FILE, _public_lines(ring.party_keys), replace=True)
    _write_keys(place, seal(secret, f"keys of {origin}", passphrase, cost, chance))
    return ring


def load_keys(
    folder: Path, relationship: Relationship, role: Role, passphrase: bytes, *, generation: int = 1
) -> KeyRing:
    """Load the keys that a gateway works with, and compare their public halves with the file beside them.

    Raises:
        KeysMissingError: there are none.
        KeysOpenToOthersError: other users may read them.
        PassphraseError: the passphrase is not theirs.
        KeysDamagedError: a file is not as it was written.
        KeysMismatchError: the public keys beside them are others.
        KeysUnreachableError: the system refused.
    """
    place = relationship_folder(folder, relationship, role, generation)
    origin = relationship.origin(role, generation)
    path = place / KEYS_FILE
    secret = unseal(read_private(path), f"keys of {origin}", passphrase, str(path))
    ring = _ring(origin, secret, path)
    if read_private(place / PUBLIC_FILE) != _public_lines(ring.party_keys):
        raise KeysMismatchError(
            f"{place / PUBLIC_FILE} holds other public keys than {KEYS_FILE}; try: restore both from a backup"
        )
    return ring


def load_recovery_seed(
    path: Path, relationship: Relationship, role: Role, passphrase: bytes, *, generation: int = 1
) -> bytes:
    """Return the private recovery key from the file that was kept offline; for people, not for a gateway.

    Raises:
        KeysError: the leaves of `load_keys`, the mismatch excepted.
    """
    origin = relationship.origin(role, generation)
    secret = unseal(read_private(path), f"recovery of {origin}", passphrase, str(path))
    return _seed(secret, "recovery", path)


def _ring(origin: str, secret: dict[str, Any], path: Path) -> KeyRing:
    seeds = {name: _seed(secret, name, path) for name in SEEDS}
    try:
        return KeyRing(origin, seeds, VerifierKey.parse(str(secret.get("recovery_vkey"))))
    except KeyRefusedError as failure:
        raise KeysDamagedError(f"{path}: {failure.detail}; try: restore it from a backup") from failure


def _seed(secret: dict[str, Any], name: str, path: Path) -> bytes:
    try:
        seed = decode_base64(secret[name])
    except (KeyError, ValueError, TypeError):  # without the cause: its text could quote the secret
        seed = b""
    if len(seed) != SEED_BYTES:
        raise KeysDamagedError(f"{path} holds no usable {name} key; try: restore it from a backup")
    return seed


def _public_lines(keys: PartyKeys) -> bytes:
    return "".join(f"{line}\n" for line in (*keys.texts(), keys.label_key)).encode()


def _write_recovery(place: Path, content: bytes) -> None:
    """Write the recovery key; one without keys beside it is of a making that did not end, and signed nothing."""
    write_private(place / RECOVERY_FILE, content, replace=True)


def _write_keys(place: Path, content: bytes) -> None:
    try:
        write_private(place / KEYS_FILE, content, replace=False)
    except FileExistsError as failure:
        raise _exist(place) from failure


def _exist(place: Path) -> KeysExistError:
    return KeysExistError(f"{place / KEYS_FILE} is there already; try: counterfoil keys list")
