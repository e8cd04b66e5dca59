import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.gateway.cli.main import run
from services.gateway.profile import Profile
from tests.services.cli.fake_gateway import FakeGateway, fake_gateway


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


Cli = Callable[..., Result]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs the command line in a folder of its own, with no setting but those a test gives."""
    for name in list(os.environ):
        if name.startswith(("COUNTERFOIL_", "LC_")) or name == "LANG":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COUNTERFOIL_DATA", str(tmp_path / "data"))

    def run_it(*arguments: str, profile: Profile | None = None, **environment: str) -> Result:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = run(arguments, profile)
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return run_it


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    with fake_gateway() as fake:
        yield fake
