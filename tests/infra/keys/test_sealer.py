"""Small secrets: sealed to their purpose by a key that the passphrase opens."""

from pathlib import Path

import pytest

from infra.keys.errors import KeysDamagedError, PassphraseError
from infra.keys.sealed import ScryptCost
from infra.keys.sealer import LateSealer, open_sealer

QUICK = ScryptCost(2, 1, 1)


def test_what_was_sealed_is_opened_after_a_restart(tmp_path: Path) -> None:
    sealed = open_sealer(tmp_path, b"passphrase", QUICK).seal(b"secret", "of li.na")

    assert b"secret" not in sealed
    assert open_sealer(tmp_path, b"passphrase", QUICK).open(sealed, "of li.na") == b"secret"


def test_a_secret_opens_to_its_own_purpose_alone(tmp_path: Path) -> None:
    sealer = open_sealer(tmp_path, b"passphrase", QUICK)
    sealed = sealer.seal(b"secret", "of li.na")

    for wrong, purpose in ((sealed, "of wang.wei"), (sealed[:-1], "of li.na"), (b"", "of li.na")):
        with pytest.raises(KeysDamagedError):
            sealer.open(wrong, purpose)


def test_another_passphrase_opens_nothing(tmp_path: Path) -> None:
    open_sealer(tmp_path, b"passphrase", QUICK)

    with pytest.raises(PassphraseError):
        open_sealer(tmp_path, b"another", QUICK)


def test_a_late_sealer_makes_its_key_with_the_first_secret_and_opens_what_others_sealed(tmp_path: Path) -> None:
    late = LateSealer(tmp_path, b"passphrase", QUICK)
    assert list(tmp_path.iterdir()) == []

    sealed = late.seal(b"secret", "of li.na")

    assert open_sealer(tmp_path, b"passphrase", QUICK).open(sealed, "of li.na") == late.open(sealed, "of li.na")
