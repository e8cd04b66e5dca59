"""One flipped bit anywhere in a store is found, and a good store is found good."""

import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Table

from events.encoding.identifiers import Role
from infra.servers.choose import fresh_database
from tests.services.checking.flips import TABLES, Flipper, NoSuchFlipError
from tests.services.checking.stores import pair_with_everything, whole
from tests.services.exchange.world import Side
from tests.sizes import size

FLIPS = size("flips", small=60, campaign=1_000)
SEED = 20261122


def missed(side: Side, count: int, tables: list[Table] = TABLES, seed: int = SEED) -> list[str]:
    """Turn so many single bits over, one at a time, and return those that a check of the whole store does not find."""
    flipper, found, not_found = Flipper(side.url, seed), Counter[str](), list[str]()
    began = time.perf_counter()
    while found.total() + len(not_found) < count:
        flip = flipper.choose(tables)
        try:
            with flipper.turned(flip):
                findings = whole(side.store)
        except NoSuchFlipError:
            continue
        if findings.count:
            found[flip.table.name] += 1
        else:
            not_found.append(str(flip))
    flipper.engine.dispose()
    print(f"{count} flips in {time.perf_counter() - began:.1f} s, found in {dict(sorted(found.items()))}")  # noqa: T201 - the figures of a campaign
    return not_found


@pytest.mark.campaign
def test_every_flipped_bit_is_found(tmp_path: Path) -> None:
    world = pair_with_everything(tmp_path, deviations=4)
    side = world.mah
    assert whole(side.store).kept == []

    assert missed(side, FLIPS) == []

    assert whole(side.store).kept == []
    assert set(whole(side.store).looked_at) >= {"entry", "page", "receipt", "quarantine", "held_page", "journal"}
    for each in world.sides:
        each.store.close()


@pytest.mark.campaign
def test_every_flipped_bit_of_a_tree_with_kept_nodes_is_found(tmp_path: Path) -> None:
    world = pair_with_everything(tmp_path, deviations=260)
    tables = [table for table in TABLES if table.name in ("tree_node", "page")]

    assert missed(world.mah, max(2, FLIPS // 50), tables, SEED + 1) == []

    assert whole(world.mah.store).looked_at["tree_node"] == 1
    for each in world.sides:
        each.store.close()


@pytest.mark.campaign
def test_every_flipped_bit_is_found_on_postgresql_too(tmp_path: Path, postgres_url: str) -> None:
    with fresh_database(postgres_url) as url:
        world = pair_with_everything(tmp_path, deviations=4, urls={Role.MAH: url})
        assert whole(world.mah.store).kept == []

        assert missed(world.mah, max(5, FLIPS // 10), seed=SEED + 2) == []

        for each in world.sides:
            each.store.close()
