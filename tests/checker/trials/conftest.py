"""One good run for all trials, and copies of it to be spoilt."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from tests.checker.run import check_stores
from tests.checker.trials.corruption import Trial
from tests.checker.trials.good_run import Files, make_good_run, read_lines
from tests.checker.trials.tables import open_file
from tests.checker.verdict import Verdict


@pytest.fixture(scope="session")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return make_good_run(tmp_path_factory.mktemp("good-run"))


@pytest.fixture
def spoilt(good_run: Files, tmp_path: Path) -> Path:
    """A copy of the good run's files."""
    return Path(shutil.copytree(good_run.folder, tmp_path / "run"))


@contextmanager
def on_trial(folder: Path, seed: str) -> Iterator[Trial]:
    """Open the files of a run; what is done to them stands at the end of the block."""
    log = folder / "clients.jsonl"
    lines = read_lines(log)
    with (
        open_file(folder / "mah.sqlite") as mah,
        open_file(folder / "cmo.sqlite") as cmo,
        open_file(folder / "wire.sqlite") as wire,
    ):
        yield Trial({"mah": mah, "cmo": cmo}, wire, lines, Random(seed))  # noqa: S311 - chance that is repeated
    log.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def check_folder(folder: Path) -> Verdict:
    mah, cmo = (f"sqlite:///{folder / name}.sqlite" for name in ("mah", "cmo"))
    return check_stores(mah, cmo, [folder / "clients.jsonl"], f"embedded:{folder / 'wire.sqlite'}")
