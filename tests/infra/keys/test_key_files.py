"""Keys are made once, load again as they were, and whatever is wrong with their files is told without a secret."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.encoding.identifiers import Role
from events.notes.note import parse_note, sign_note, verify_note
from events.notes.signers import verify_cosignature
from infra.keys.errors import (
    KeysDamagedError,
    KeysError,
    KeysExistError,
    KeysMismatchError,
    KeysMissingError,
    KeysOpenToOthersError,
    PassphraseError,
)
from infra.keys.key_files import load_keys, load_recovery_seed, make_keys, relationship_folder
from infra.keys.ring import SEED_BYTES, KeyRing, recovery_vkey
from infra.keys.sealed import ScryptCost
from services.gateway.ports import keys as port
from tests.infra.store.samples import relationship

PARTIES = relationship().relationship
PASSPHRASE = "存根 canary-passphrase".encode()
CHEAP = ScryptCost(n=2, r=1, p=1)


def made(folder: Path, role: Role = Role.CMO) -> KeyRing:
    return make_keys(folder, PARTIES, role, PASSPHRASE, cost=CHEAP)


def loaded(folder: Path, passphrase: bytes = PASSPHRASE, role: Role = Role.CMO) -> KeyRing:
    return load_keys(folder, PARTIES, role, passphrase)


def file_of(folder: Path, name: str = "keys.json") -> Path:
    return relationship_folder(folder, PARTIES, Role.CMO) / name


def test_keys_fit_the_port_and_load_again_as_they_were_made(tmp_path: Path) -> None:
    ring: port.KeyRing = made(tmp_path)
    again: port.KeyRing = loaded(tmp_path)

    assert again.party_keys == ring.party_keys
    assert again.label_private == ring.label_private
    assert ring.party_keys.origin == PARTIES.origin(Role.CMO)


def test_loaded_keys_sign_what_the_announced_keys_verify(tmp_path: Path) -> None:
    announced = made(tmp_path).party_keys
    ring = loaded(tmp_path)

    assert verify_note(parse_note(sign_note(b"a text\n", ring.journal_signer)), announced.journal)
    line = ring.mirror_cosigner.cosign(b"origin\n1\nroot\n", 7)
    assert verify_cosignature(b"origin\n1\nroot\n", line, announced.mirror) == 7
    assert (ring.journal_seal.vkey, ring.mirror_seal.vkey) == (announced.journal_seal, announced.mirror_seal)


def test_the_same_chance_makes_the_same_keys(tmp_path: Path) -> None:
    def counting() -> Callable[[int], bytes]:
        made_up = iter(range(1, 100))
        return lambda count: bytes([next(made_up)]) * count

    rings = [
        make_keys(tmp_path / name, PARTIES, Role.MAH, PASSPHRASE, cost=CHEAP, chance=counting()) for name in ("a", "b")
    ]

    assert rings[0].party_keys == rings[1].party_keys


def test_roles_and_generations_have_folders_of_their_own(tmp_path: Path) -> None:
    made(tmp_path)
    made(tmp_path, Role.MAH)
    second = make_keys(tmp_path, PARTIES, Role.CMO, PASSPHRASE, generation=2, cost=CHEAP)

    assert len(list(tmp_path.iterdir())) == 3
    assert load_keys(tmp_path, PARTIES, Role.CMO, PASSPHRASE, generation=2).party_keys == second.party_keys


def test_no_file_may_be_read_by_others(tmp_path: Path) -> None:
    made(tmp_path)

    files = list(file_of(tmp_path).parent.iterdir())
    assert sorted(path.name for path in files) == ["keys.json", "public.txt", "recovery.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(file_of(tmp_path).parent.stat().st_mode) == 0o700


def test_the_recovery_key_is_in_a_file_of_its_own_and_a_gateway_needs_it_not(tmp_path: Path) -> None:
    ring = made(tmp_path)
    kept_offline = file_of(tmp_path, "recovery.json").rename(tmp_path / "offline.json")

    assert loaded(tmp_path).party_keys == ring.party_keys
    seed = load_recovery_seed(kept_offline, PARTIES, Role.CMO, PASSPHRASE)
    assert recovery_vkey(ring.party_keys.origin, seed) == ring.party_keys.recovery


def test_keys_are_never_made_twice(tmp_path: Path) -> None:
    ring = made(tmp_path)

    with pytest.raises(KeysExistError, match="try: "):
        made(tmp_path)

    assert loaded(tmp_path).party_keys == ring.party_keys


def test_a_making_that_did_not_end_leaves_no_keys_and_can_be_done_again(tmp_path: Path) -> None:
    made(tmp_path)
    file_of(tmp_path).unlink()  # the file that is written last

    with pytest.raises(KeysMissingError):
        loaded(tmp_path)
    again = made(tmp_path)
    assert loaded(tmp_path).party_keys == again.party_keys


def test_keys_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(KeysMissingError, match="try: "):
        loaded(tmp_path)


@pytest.mark.parametrize("passphrase", [b"wrong", b"", PASSPHRASE + b"\n"])
def test_a_wrong_passphrase_is_told(passphrase: bytes, tmp_path: Path) -> None:
    made(tmp_path)

    with pytest.raises(PassphraseError, match="try: ") as refused:
        loaded(tmp_path, passphrase)

    assert "canary" not in str(refused.value)


def test_an_empty_passphrase_makes_no_keys(tmp_path: Path) -> None:
    with pytest.raises(PassphraseError):
        make_keys(tmp_path, PARTIES, Role.CMO, b"", cost=CHEAP)

    assert not file_of(tmp_path).exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
@pytest.mark.parametrize("name", ["keys.json", "public.txt"])
def test_a_file_that_others_may_touch_is_refused(name: str, mode: int, tmp_path: Path) -> None:
    made(tmp_path)
    file_of(tmp_path, name).chmod(mode)

    with pytest.raises(KeysOpenToOthersError, match=f"mode 0{mode:o}; try: chmod 600"):
        loaded(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_changed_byte_is_found(place: int, value: int, tmp_path: Path) -> None:
    if not file_of(tmp_path).exists():
        made(tmp_path)
        file_of(tmp_path, "kept").write_bytes(file_of(tmp_path).read_bytes())
    raw = bytearray(file_of(tmp_path, "kept").read_bytes())
    place %= len(raw)
    was, raw[place] = raw[place], value
    file_of(tmp_path).write_bytes(raw)
    try:
        loaded(tmp_path)
    except KeysDamagedError:
        assert was != value
    else:
        assert json.loads(raw) == json.loads(file_of(tmp_path, "kept").read_bytes())  # white space, or the same byte


@pytest.mark.parametrize("length", [0, 1, 100, 500])
def test_a_truncated_file_is_told(length: int, tmp_path: Path) -> None:
    made(tmp_path)
    file_of(tmp_path).write_bytes(file_of(tmp_path).read_bytes()[:length])

    with pytest.raises(KeysDamagedError, match="try: restore it from a backup"):
        loaded(tmp_path)


def test_a_cost_beyond_bounds_takes_no_memory(tmp_path: Path) -> None:
    made(tmp_path)
    fields = json.loads(file_of(tmp_path).read_bytes())
    file_of(tmp_path).write_text(json.dumps(fields | {"n": 2**40}))

    with pytest.raises(KeysDamagedError):
        loaded(tmp_path)


def test_the_file_of_another_relationship_or_purpose_is_refused(tmp_path: Path) -> None:
    made(tmp_path)
    made(tmp_path, Role.MAH)
    of_mah = relationship_folder(tmp_path, PARTIES, Role.MAH) / "keys.json"

    file_of(tmp_path).write_bytes(of_mah.read_bytes())
    with pytest.raises(KeysDamagedError):
        loaded(tmp_path)
    file_of(tmp_path).write_bytes(file_of(tmp_path, "recovery.json").read_bytes())
    with pytest.raises(KeysDamagedError):
        loaded(tmp_path)


def test_other_public_keys_beside_the_private_ones_are_found(tmp_path: Path) -> None:
    made(tmp_path)
    made(tmp_path / "other")
    file_of(tmp_path, "public.txt").write_bytes(file_of(tmp_path / "other", "public.txt").read_bytes())

    with pytest.raises(KeysMismatchError, match="try: "):
        loaded(tmp_path)


def test_nothing_that_can_be_printed_holds_a_secret(tmp_path: Path) -> None:
    seeds: list[bytes] = []

    def chance(count: int) -> bytes:
        seeds.append(os.urandom(count))
        return seeds[-1]

    ring = make_keys(tmp_path, PARTIES, Role.CMO, PASSPHRASE, cost=CHEAP, chance=chance)
    seeds = [each for each in seeds if len(each) == SEED_BYTES]

    shown = f"{ring!r} {ring.__dict__!r} {[repr(value) for value in vars(ring).values() if type(value) is not bytes]}"

    assert repr(ring) == f"KeyRing('{PARTIES.origin(Role.CMO)}')"
    assert all(seed.hex() not in shown for seed in seeds)
    for path in file_of(tmp_path).parent.iterdir():
        raw = path.read_bytes()
        assert all(seed not in raw and seed.hex().encode() not in raw for seed in seeds)
        assert PASSPHRASE not in raw


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")

    with pytest.raises(KeysError, match="try: "):
        made(tmp_path / "keys")


def test_nothing_is_left_behind_beside_the_files(tmp_path: Path) -> None:
    made(tmp_path)

    assert not [name for _, _, names in os.walk(tmp_path) for name in names if name.startswith(".")]
