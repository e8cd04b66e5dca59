"""A gateway comes back from its backup, on either database; a damaged backup or a place in use changes nothing."""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from events.encoding.identifiers import Role
from events.pairing import PartyKeys
from infra.backup.backups import check_backup, restore_backup, write_backup
from infra.backup.errors import BackupDamagedError, BackupError, BackupUnfitError, PlaceNotEmptyError
from infra.keys.errors import KeysMissingError
from infra.keys.key_files import keys_folder, load_keys, load_recovery_seed, make_keys, relationship_folder
from infra.keys.mark import MarkFile
from infra.keys.party import Party, read_party, write_party
from infra.keys.sealed import ScryptCost
from infra.servers.choose import fresh_database
from infra.store.sql_store import SqlStore, open_store
from tests.infra.store.samples import MOMENT, commit, entry, malformed, relationship, uscc

PARTY = Party(uscc(3), "江北康德制药(示例)")
PARTIES = relationship(1).relationship
PASSPHRASE = b"canary"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if kind == "postgresql":
        return str(request.getfixturevalue("fresh_postgres"))
    return f"sqlite:///{tmp_path / 'data' / 'store.sqlite'}"


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if kind == "postgresql":
        with fresh_database(str(request.getfixturevalue("postgres_url"))) as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path / 'restored' / 'store.sqlite'}"


@pytest.fixture
def keys(tmp_path: Path) -> PartyKeys:
    """The keys of a gateway whose data folder has everything that a running one has."""
    data = tmp_path / "data"
    write_party(data, PARTY)
    ring = make_keys(keys_folder(data), PARTIES, Role.CMO, PASSPHRASE, cost=ScryptCost(2, 1, 1))
    with MarkFile(relationship_folder(keys_folder(data), PARTIES, Role.CMO) / "mark") as mark:
        mark.advance(7, 3)
    return ring.party_keys


@contextmanager
def opened(url: str) -> Iterator[SqlStore]:
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()


def fill(store: SqlStore) -> None:
    with store.writing() as writing:
        writing.save_relationship(relationship(1))
    commit(store, [entry(0), entry(1)])
    commit(store, [malformed(2)])


@pytest.mark.usefixtures("keys")
class TestRestoring:
    def test_a_restored_gateway_has_its_party_keys_and_every_entry(
        self, store_url: str, empty_url: str, keys: PartyKeys, tmp_path: Path
    ) -> None:
        with opened(store_url) as store:
            fill(store)
            written = write_backup(tmp_path / "b", data=tmp_path / "data", store_url=store_url, made_at=MOMENT)
            with store.reading() as reading:
                entries, pages = reading.entries(1, Role.CMO, 0, 10), reading.pages_from(1, Role.CMO, 0, 10)

        restored = restore_backup(tmp_path / "b", data=tmp_path / "restored", store_url=empty_url)

        assert restored == written
        assert read_party(tmp_path / "restored") == PARTY
        assert load_keys(keys_folder(tmp_path / "restored"), PARTIES, Role.CMO, PASSPHRASE).party_keys == keys
        with opened(empty_url) as store, store.reading() as reading:
            assert reading.entries(1, Role.CMO, 0, 10) == entries
            assert reading.pages_from(1, Role.CMO, 0, 10) == pages
            assert reading.relationships() == [relationship(1)]

    def test_a_restored_store_goes_on_where_it_was(self, store_url: str, empty_url: str, tmp_path: Path) -> None:
        with opened(store_url) as store:
            fill(store)
        write_backup(tmp_path / "b", data=tmp_path / "data", store_url=store_url, made_at=MOMENT)
        restore_backup(tmp_path / "b", data=tmp_path / "restored", store_url=empty_url)

        with opened(empty_url) as store:
            commit(store, [entry(3)])
            with store.reading() as reading:
                assert reading.last_sequence() == 4

    def test_neither_the_mark_nor_the_recovery_key_is_in_a_backup(
        self, store_url: str, empty_url: str, tmp_path: Path
    ) -> None:
        with opened(store_url):
            write_backup(tmp_path / "b", data=tmp_path / "data", store_url=store_url, made_at=MOMENT)
        restore_backup(tmp_path / "b", data=tmp_path / "restored", store_url=empty_url)

        folder = relationship_folder(keys_folder(tmp_path / "restored"), PARTIES, Role.CMO)
        assert sorted(path.name for path in folder.iterdir()) == ["keys.json", "public.txt"]
        with pytest.raises(KeysMissingError):
            load_recovery_seed(folder / "recovery.json", PARTIES, Role.CMO, PASSPHRASE)

    def test_nothing_is_restored_over_something(self, store_url: str, tmp_path: Path) -> None:
        with opened(store_url) as store:
            fill(store)
        write_backup(tmp_path / "b", data=tmp_path / "data", store_url=store_url, made_at=MOMENT)

        with pytest.raises(PlaceNotEmptyError, match="try: "):
            restore_backup(tmp_path / "b", data=tmp_path / "data", store_url=store_url)
        with pytest.raises(PlaceNotEmptyError, match="try: "):
            restore_backup(tmp_path / "b", data=tmp_path / "restored", store_url=store_url)
        assert not (tmp_path / "restored").exists()

    def test_a_backup_is_private_and_never_overwritten(self, store_url: str, tmp_path: Path) -> None:
        with opened(store_url):
            write_backup(tmp_path / "b", data=tmp_path / "data", store_url=store_url, made_at=MOMENT)
            with pytest.raises(BackupError, match="is there already"):
                write_backup(tmp_path / "b", data=tmp_path / "data", store_url=store_url, made_at=MOMENT)

        assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]

    def test_every_changed_byte_of_a_backup_is_found_before_anything_is_written(
        self, store_url: str, empty_url: str, tmp_path: Path
    ) -> None:
        with opened(store_url) as store:
            fill(store)
        write_backup(tmp_path / "b", data=tmp_path / "data", store_url=store_url, made_at=MOMENT)
        whole = check_backup(tmp_path / "b")
        raw = (tmp_path / "b").read_bytes()

        for place in range(0, len(raw), max(1, len(raw) // 97)):
            (tmp_path / "c").write_bytes(raw[:place] + bytes([raw[place] ^ 0x55]) + raw[place + 1 :])
            try:
                assert check_backup(tmp_path / "c") == whole  # a byte that means nothing, such as a time
            except BackupDamagedError:
                with pytest.raises(BackupDamagedError):
                    restore_backup(tmp_path / "c", data=tmp_path / "restored", store_url=empty_url)
        assert not (tmp_path / "restored").exists()


def test_a_backup_cut_off_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with opened(url):
        write_backup(tmp_path / "b", data=tmp_path, store_url=url, made_at=MOMENT)
    raw = (tmp_path / "b").read_bytes()

    for length in (0, 1, len(raw) // 2, len(raw) - 1):
        (tmp_path / "c").write_bytes(raw[:length])
        with pytest.raises(BackupDamagedError, match="try: another backup"):
            check_backup(tmp_path / "c")


@pytest.mark.parametrize("name", ["../party.json", "keys/../../x", "/etc/passwd", "keys/a/b/c", "x"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with opened(url):
        write_backup(tmp_path / "b", data=tmp_path, store_url=url, made_at=MOMENT)
    with zipfile.ZipFile(tmp_path / "b") as package:
        manifest = package.read("manifest.json").replace(b"store/store.sqlite", name.encode())
        content = package.read("store/store.sqlite")
    with zipfile.ZipFile(tmp_path / "c", "w") as package:
        package.writestr(name, content)
        package.writestr("manifest.json", manifest)

    with pytest.raises(BackupDamagedError, match="an unexpected file"):
        restore_backup(tmp_path / "c", data=tmp_path / "restored", store_url=f"sqlite:///{tmp_path / 'r.sqlite'}")


def test_a_backup_of_another_kind_of_store_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with opened(url):
        write_backup(tmp_path / "b", data=tmp_path, store_url=url, made_at=MOMENT)

    with pytest.raises(BackupUnfitError, match="of a store in sqlite; try: "):
        restore_backup(tmp_path / "b", data=tmp_path / "restored", store_url="postgresql://nobody@localhost/none")


def test_a_store_that_is_not_there_is_told_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no store"):
        write_backup(tmp_path / "b", data=tmp_path, store_url=f"sqlite:///{tmp_path / 'none'}", made_at=MOMENT)

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_backup_is_told(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"no backup")

    with pytest.raises(BackupDamagedError, match="try: "):
        check_backup(tmp_path / "b")
    with pytest.raises(BackupError, match="No such file"):
        check_backup(tmp_path / "none")
