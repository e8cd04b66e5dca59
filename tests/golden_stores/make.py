"""Write the golden store of the release at hand: `python -m tests.golden_stores.make`, from the root of the project.

One that is there is never written again: what a release signed stays as it is.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from events.encoding.identifiers import Role
from infra.keys.ring import SEEDS
from services.gateway.exchange.software import SOFTWARE
from tests.events.golden.cast import RELATIONSHIP
from tests.golden_stores.kept import FOLDER, Golden, folded
from tests.golden_stores.story import tell
from tests.services.exchange.world import NUMBER, Side, World, keys_of, seed_of


def write(folder: Path) -> None:
    """Write a golden store into a new folder."""
    folder.mkdir()
    with tempfile.TemporaryDirectory() as place:
        world = tell(Path(place))
        _write_world(world, folder)
        for role in Role:
            found = folded(Golden(folder), role, folder_in(place, f"folded-{role.value}"))
            (folder / f"expected-{role.value}.json").write_text(_json(found))


def folder_in(place: str, name: str) -> Path:
    """Make a folder in a place."""
    made = Path(place) / name
    made.mkdir()
    return made


def _write_world(world: World, folder: Path) -> None:
    keys = {
        side.role.value: {
            "seeds": {name: seed_of(RELATIONSHIP.origin(side.role), name).hex() for name in SEEDS},
            "recovery": str(keys_of(RELATIONSHIP, side.role).party_keys.recovery),
        }
        for side in world.sides
    }
    (folder / "test-keys.json").write_text(_json(keys))
    for side in world.sides:
        (folder / f"invitation-{side.role.value}.json").write_bytes(side.channel.stored.own_invitation)
        (folder / f"arrivals-{side.role.value}.txt").write_text(_arrivals(side))
        lines = b"".join(entry.line + b"\n" for entry in side.entries(side.role))
        (folder / f"journal-{side.role.value}.txt").write_bytes(lines)
        (folder / f"checkpoints-{side.role.value}.jsonl").write_text(_checkpoints(side))


def _arrivals(side: Side) -> str:
    with side.store.reading() as reading:
        pages = [page for role in Role for page in reading.pages_from(NUMBER, role, 0, 10_000)]
    return "".join(f"{page.role.value} {page.first}\n" for page in sorted(pages, key=lambda page: page.sequence))


def _checkpoints(side: Side) -> str:
    with side.store.reading() as reading:
        pages = reading.pages_from(NUMBER, side.role, 0, 10_000)
    kept = [{"size": page.size, "note": page.note.decode()} for page in pages]
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in kept)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    target = FOLDER / SOFTWARE
    if target.exists():
        sys.exit(f"error: {target.name} has its golden store; try: raise the version in pyproject.toml")
    write(target)
