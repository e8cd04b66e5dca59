"""The quality core at the command line: from a deviation to the market, by two gateways that are really served."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from services.gateway.api.server.bounds import Bounds
from tests.attack.serving import served
from tests.services.api.conftest import employed
from tests.services.api.quality.making import DEVIATION, ITEMS, PRODUCT, VERSION, batch
from tests.services.api.stepped import Desk, Pair, pair_of
from tests.services.cli.conftest import Cli, Result
from tests.services.exchange.world import new_world

RECORDS = ("batch_production_record", "batch_test_record")
PASSWORD = "correct-horse-battery"
PEOPLE = {
    "clerk": ("cmo", "qa_manager", "li.na"),
    "holder": ("mah", "qa_manager", "wang.wei"),
    "colleague": ("mah", "qa_manager", "li.na"),
    "qp_cmo": ("cmo", "qualified_person", "zhou.qp"),
    "qp_mah": ("mah", "qualified_person", "zhou.qp"),
}


class Desks:
    """Both gateways, served, and the people who type at them; after each command everything travels."""

    def __init__(self, pair: Pair, ports: dict[str, int], cli: Cli, folder: Path) -> None:
        self.pair, self._ports, self._cli, self._folder = pair, ports, cli, folder
        self._tokens = {
            name: self._desk(side).token(role, f"person/{id_}") for name, (side, role, id_) in PEOPLE.items()
        }

    def types(self, who: str, line: str, body: object = None, why: str = "", /, **values: str) -> Result:
        """Run a command line as somebody; the body is its file, `why` its reason, values are single fields."""
        words = line.split()
        if body is not None:
            (self._folder / "body.json").write_text(json.dumps(body), encoding="utf-8")
            words.append("body.json")
        words += ["--reason", why] if why else []
        for name, value in values.items():
            words += ["--set", f"{name}={value}"]
        url = f"http://127.0.0.1:{self._ports[PEOPLE[who][0]]}"
        said = self._cli(*words, COUNTERFOIL_TOKEN=self._tokens[who], COUNTERFOIL_URL=url)
        self.pair.settle()
        return said

    def does(self, who: str, line: str, body: object = None, why: str = "", /, **values: str) -> str:
        """Run a command that succeeds; return where its first event stands, such as `cmo:17`."""
        said = self.types(who, line, body, why, **values)
        assert said.code == 0, said.err
        return said.out.split()[2]

    def enrol(self, side: str) -> Path:
        """Give the qualified person of a side a password, and return the file it stands in."""
        admin = self._desk(side).as_("admin", "person/admin")
        assert admin.puts("/v1/people/zhou.qp/signing-secret", {"password": PASSWORD}).status_code == 200
        file = self._folder / "password"
        file.write_text(PASSWORD)
        return file

    def _desk(self, side: str) -> Desk:
        return self.pair.cmo if side == "cmo" else self.pair.mah


@pytest.fixture
def desks(cli: Cli, tmp_path: Path) -> Iterator[Desks]:
    world = new_world(tmp_path)
    pair = employed(pair_of(world))
    with ExitStack() as stack:
        ports = {}
        for side, desk in (("cmo", pair.cmo), ("mah", pair.mah)):
            desk.as_("admin", "person/admin").does("/v1/people/zhou.qp/authorisations", {"roles": ["qualified_person"]})
            ports[side] = stack.enter_context(served(desk.http.app, Bounds())).port
        pair.settle()
        yield Desks(pair, ports, cli, tmp_path)
    for each in world.sides:
        each.store.close()


def test_from_a_deviation_over_suspension_and_oos_to_the_market(
    desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = approved(desks)
    desks.does("clerk", "batch open", paper, "批准生产")
    desks.does("clerk", "batch start B2026-001", started_at="2026-11-22T09:00:00+08:00")

    suspended(desks)
    refused = desks.types("clerk", "batch open", paper, "批准生产", number="B2026-002")
    for who in ("clerk", "holder"):
        desks.does(who, "suspension lifting SUS-2026-0001", None, "风险已消除")
    desks.does("clerk", "batch open", paper, "批准生产", number="B2026-002")

    made(desks)
    package = {"package": release_package(desks, tmp_path)}
    suspected = {"title": "含量", "result_kind": "oos", "scope": {"batches": [{"number": "B2026-001"}]}}
    result = {"test": "含量", "result": "94.80", "limits": "95.0–105.0", "suspected_at": "2026-11-22"}
    desks.does("holder", "oos open", suspected, **result)
    early = desks.types("qp_cmo", "batch factory-release B2026-001", package, "符合放行条件")
    found = {"phase": "laboratory", "conclusion": "实验室原因", "cause": "称量错误"}
    phase = desks.does("colleague", "oos phases OOS-2026-0001", **found)
    desks.does("holder", "oos invalidation OOS-2026-0001", None, "核对无误", phase=phase, cause="称量错误")

    password = desks.enrol("cmo")
    unsigned = desks.types("qp_cmo", "batch factory-release B2026-001", package, "符合放行条件")
    monkeypatch.setenv("COUNTERFOIL_SIGNING_PASSWORD_FILE", str(password))
    desks.does("qp_cmo", "batch factory-release B2026-001", package, "符合放行条件")
    for each in ITEMS:
        desks.does("holder", "batch reviews B2026-001", None, "审核完毕", item=each, verdict="satisfactory")
    without = desks.types("qp_mah", "batch marketing-release B2026-001", None, "符合上市放行条件")
    for kind in RECORDS:
        desks.types("holder", f"attach {kind}.pdf")
    desks.does("qp_mah", "batch marketing-release B2026-001", None, "符合上市放行条件")

    assert [each.code for each in (refused, early, unsigned, without)] == [1] * 4
    assert "suspension SUS-2026-0001, risk RSK-2026-0001" in refused.err
    assert "problem: state-transition suspension.active" in refused.err
    assert "oos OOS-2026-0001" in early.err
    assert "problem: release-blocked release.factory_blocked" in early.err
    assert "state: tested; allowed now:" in early.err
    assert "problem: blob-missing" in without.err
    shown = json.loads(desks.types("clerk", "batch show B2026-001 --json").out)
    assert shown["item"]["state"] == "marketing_released"
    registers = json.loads(desks.types("clerk", "registers --json").out)
    assert [row["number"] for row in registers["process-versions"]] == ["PRV-2026-0001"]


def approved(desks: Desks) -> dict[str, Any]:
    """Process and standard of the product are approved; what a batch is authorised by."""
    desks.does("holder", "standard-version open", VERSION, "核对无误")
    of_process = {"state": "commercial", "prescription": {"number": "RX-1", "version": "2", "document": "e" * 64}}
    process = desks.does("holder", "process-version open", {**VERSION, **of_process}, "核对无误")
    unsigned = {name: value for name, value in batch({}).items() if name != "signature"}
    return {**unsigned, "process_version": process, "standard_version": "STV-2026-0001"}


def suspended(desks: Desks) -> None:
    """A deviation, a risk in it that the holder calls major, and the stop."""
    deviation = desks.does("clerk", "deviation open", DEVIATION)
    scope = {"scope": {"products": [PRODUCT]}}
    identified = "2026-11-22T08:30:00+08:00"
    risk = desks.does("clerk", "risk open", scope, title="无菌保证不足", identified_at=identified, deviation=deviation)
    severity = {"level": "major", "risk_kind": "quality", "rationale": "影响无菌"}
    desks.does("holder", "risk classification RSK-2026-0001", **severity)
    desks.does("clerk", "suspension open", scope, "重大质量风险", risk=risk, stopped_at="2026-11-22")


def made(desks: Desks) -> None:
    """The batch is manufactured and tested."""
    quantity = {"quantity": {"amount": "10000", "unit": "支"}}
    desks.does("clerk", "batch manufacturing B2026-001", quantity, completed_at="2026-11-22")
    result = {"test": "含量", "result": "99.50", "unit": "%", "limits": "95.0–105.0", "verdict": "conforms"}
    desks.does("clerk", "batch tests B2026-001", {"results": [result]}, tested_at="2026-11-22")


def release_package(desks: Desks, folder: Path) -> dict[str, Any]:
    """The records of the batch, uploaded by the manufacturer, and the statement that there were no deviations."""
    attached: list[dict[str, Any]] = []
    for kind in RECORDS:
        (folder / f"{kind}.pdf").write_bytes(kind.encode())
        attached += json.loads(desks.types("clerk", f"attach {kind}.pdf").out)["attachments"]
    manifest = [{"kind": kind, "sha256": each["sha256"]} for kind, each in zip(RECORDS, attached, strict=True)]
    signed = {"meaning": "released", "reason": "本批无偏差"}
    return {"manifest": manifest, "attachments": attached, "no_deviations": signed}
