"""The checker reads real servers too: stores in PostgreSQL, topics of a broker."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from events.encoding.identifiers import Role
from events.journal.wire import WireRecord
from infra.servers.choose import fresh_database
from infra.wire.opening import open_wire
from tests.checker.client_log import Command, read_logs
from tests.checker.run import Topics, check_stores, judge, shared
from tests.checker.stores.database import Postgresql
from tests.checker.stores.reading import read_rows
from tests.checker.trials.catalogue import ALL
from tests.checker.trials.corruption import STORE, Corruption, Trial, named
from tests.checker.trials.good_run import Files, make_good_run, read_lines
from tests.checker.trials.tables import open_file, open_server
from tests.checker.verdict import Verdict
from tests.checker.wire import Record, read_topic
from tests.events.golden.cast import RELATIONSHIP
from tests.sizes import size

STORED = [corruption for corruption in ALL if corruption.of == STORE]
SAMPLE = Random(1).sample(STORED, min(len(STORED), size("checker_postgres", small=24, campaign=len(ALL))))  # noqa: S311 - the same sample each time


@dataclass
class ServerRun:
    """A good run whose stores are databases of a server, with its log and its wire as they were read."""

    files: Files
    commands: list[Command]
    topics: Topics

    def after(self, corruption: Corruption) -> Verdict:
        """Check what a corruption leaves; nothing of it stays."""
        with ExitStack() as opened:
            servers = {str(role): opened.enter_context(open_server(url)) for role, url in self.files.urls.items()}
            wire = opened.enter_context(open_file(self.files.folder / "wire.sqlite"))
            chance = Random(corruption.name)  # noqa: S311 - chance that is repeated
            stores = {role: tables for role, (tables, _) in servers.items()}
            corruption.change(Trial(stores, wire, read_lines(self.files.log), chance))
            rows = {role: read_rows(Postgresql(connection)) for role, (_, connection) in servers.items()}
            return judge(shared(rows), self.commands, self.topics)


@pytest.fixture(scope="module")
def server_run(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerRun]:
    with ExitStack() as stack:
        urls = {role: stack.enter_context(fresh_database(postgres_url)) for role in Role}
        files = make_good_run(tmp_path_factory.mktemp("server-run"), urls)
        topics = {role.value: read_topic(files.wire, RELATIONSHIP.topic(role)) for role in Role}
        yield ServerRun(files, read_logs([files.log]), topics)


def test_a_good_run_on_postgresql_holds(server_run: ServerRun) -> None:
    files = server_run.files

    verdict = check_stores(files.urls[Role.MAH], files.urls[Role.CMO], [files.log], files.wire)

    assert verdict.ok, verdict.told()


@pytest.mark.campaign
@pytest.mark.parametrize("corruption", SAMPLE, ids=named(SAMPLE))
def test_a_corruption_on_postgresql_is_caught_and_named(corruption: Corruption, server_run: ServerRun) -> None:
    verdict = server_run.after(corruption)

    assert corruption.check in verdict.names, verdict.told()
    assert not any("could not go on" in line for line in verdict.told()), verdict.told()


def test_the_topics_of_a_broker_are_accounted_for_as_those_in_a_file(
    kafka_address: str, good_run: Files, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(good_run.folder, tmp_path / "run"))
    names = [RELATIONSHIP.topic(role) for role in Role]
    copied = {name: read_topic(good_run.wire, name) for name in names}
    wire = open_wire(f"kafka:{kafka_address}")
    for name, topic in copied.items():
        assert topic is not None
        wire.ensure_topic(name)
        wire.publish(name, [WireRecord(record.kind, record.value) for record in topic.records])
    wire.close()

    found = {name: read_topic(f"kafka:{kafka_address}", name) for name in names}
    stores = [f"sqlite:///{folder / role.value}.sqlite" for role in Role]
    verdict = check_stores(stores[0], stores[1], wire=f"kafka:{kafka_address}")

    assert {name: records(topic.records if topic else []) for name, topic in found.items()} == {
        name: records(topic.records if topic else []) for name, topic in copied.items()
    }
    assert verdict.ok, verdict.told()
    assert read_topic(f"kafka:{kafka_address}", "counterfoil.nobody") is None


def records(read: list[Record]) -> list[tuple[str, bytes]]:
    return [(record.kind, record.value) for record in read]
