from pathlib import Path

import pytest

from infra.keys.errors import PartyError
from infra.keys.party import Party, party_file, read_party, write_party
from tests.infra.store.samples import uscc

PARTY = Party(uscc(1), "江北康德制药(示例)")


def test_a_party_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_party(tmp_path / "data", PARTY)

    assert read_party(tmp_path / "data") == PARTY


def test_writing_the_same_party_again_changes_nothing_and_another_is_refused(tmp_path: Path) -> None:
    write_party(tmp_path, PARTY)
    write_party(tmp_path, PARTY)

    with pytest.raises(PartyError, match=r"is of .* already; try: another data folder"):
        write_party(tmp_path, Party(uscc(2), "another"))
    assert read_party(tmp_path) == PARTY


def test_a_missing_party_is_told(tmp_path: Path) -> None:
    with pytest.raises(PartyError, match="try: counterfoil init"):
        read_party(tmp_path)


@pytest.mark.parametrize(
    ("code", "name", "told"),
    [
        (uscc(1)[:-1] + "0", "x", "check character"),
        ("", "x", "18 characters"),
        (uscc(1), "", "name: "),
        (uscc(1), "a\nb", "name: "),
        (uscc(1), "x" * 401, "name: "),
        (uscc(1), " x", "name: "),
    ],
)
def test_what_is_no_party_is_told_with_its_field(code: str, name: str, told: str) -> None:
    with pytest.raises(PartyError, match=told):
        Party(code, name)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"\xff",
        b"{}",
        b'{"uscc": 1, "name": "x"}',
        b'{"uscc": "a", "uscc": "b", "name": "x"}',
        b'{"uscc": "x", "name": "y", "more": "z"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_party_file_is_told(raw: bytes, tmp_path: Path) -> None:
    party_file(tmp_path).write_bytes(raw)
    party_file(tmp_path).chmod(0o600)

    with pytest.raises(PartyError, match="try: counterfoil init"):
        read_party(tmp_path)
