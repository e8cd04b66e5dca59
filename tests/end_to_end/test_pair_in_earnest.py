"""The README's pair in earnest, typed line by line for both parties on one machine; only the wire is a file."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest

from events.encoding.identifiers import uscc_check_character
from infra.servers.kept import free_ports
from tests.deployment.documents import READMES, shell_lines_in, text_of
from tests.end_to_end.one_demo import environment, until

SECTION = {"README.md": "A pair in earnest", "README.zh-CN.md": "正式配对"}
CODES = {
    role: code + uscc_check_character(code)
    for role, code in (("mah", "91330100MA5EX0001"), ("cmo", "91320100MA5EX0001"))
}
OTHER = {"mah": "cmo", "cmo": "mah"}


class Party:
    """One party with its own data, passphrase and port, and the tokens that it made."""

    def __init__(self, role: str, folder: Path, port: int) -> None:
        self.role, self.folder, self.url = role, folder / role, f"http://127.0.0.1:{port}"
        self.folder.mkdir()
        (self.folder / "passphrase").write_text("a passphrase of the test\n")
        (self.folder / "li.na.password").write_text("a password of li.na\n")
        self.settings = {
            "COUNTERFOIL_DATA": str(self.folder / "data"),
            "COUNTERFOIL_PASSPHRASE_FILE": str(self.folder / "passphrase"),
            "COUNTERFOIL_WIRE": f"embedded:{folder / 'wire.sqlite'}",
            "COUNTERFOIL_LISTEN_PORT": str(port),
            "COUNTERFOIL_HEARTBEAT_SECONDS": "1",
        }
        self.tokens: dict[str, str] = {}

    def environment(self, token: str = "") -> dict[str, str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        spoken = {"COUNTERFOIL_URL": self.url, "COUNTERFOIL_TOKEN": self.tokens[token]} if token else {}
        spoken["COUNTERFOIL_SIGNING_PASSWORD_FILE"] = str(self.folder / "li.na.password")
        return {**environment(), **self.settings, **spoken, "PATH": path, "NO_COLOR": "1", "COUNTERFOIL_LANG": "en"}

    def type(self, line: str, token: str = "") -> str:
        said = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=self.folder,
            env=self.environment(token),
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, f"{self.role}: {line}\n{said.stdout}{said.stderr}"
        return said.stdout

    def is_paired(self) -> bool:
        return bool(json.loads(self.type("counterfoil partner status --json", "admin"))["data"][0]["paired"])

    def state_of(self, kind: str, document: str) -> str:
        rows = json.loads(self.type(f"counterfoil {kind} list --json", "qa_manager"))["data"]
        return next((str(row["state"]) for row in rows if row["document"] == document), "")


@pytest.fixture
def parties(tmp_path: Path) -> Iterator[Mapping[str, Party]]:
    with ExitStack() as running:
        found = {role: Party(role, tmp_path, port) for role, port in zip(CODES, free_ports(2), strict=True)}
        yield running.enter_context(_Served(found))


class _Served:
    """Gateways that run from when they are served until the end of the test."""

    def __init__(self, parties: dict[str, Party]) -> None:
        self._parties = parties
        self.running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Mapping[str, Party]:
        for party in self._parties.values():
            party.served = self.running  # type: ignore[attr-defined]  # where `serve` leaves its process
        return self._parties

    def __exit__(self, *_: object) -> None:
        for process in self.running:
            process.terminate()
            process.wait(30)


def serve(party: Party) -> None:
    """`counterfoil serve`, in a terminal of its own."""
    command = ["counterfoil", "serve"]
    log = (party.folder / "log").open("wb")
    process = subprocess.Popen(command, env=party.environment(), cwd=party.folder, stdout=log, stderr=log)
    party.served.append(process)  # type: ignore[attr-defined]  # as above
    until(partial(answers, party))


def answers(party: Party) -> bool:
    try:
        return httpx.get(f"{party.url}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def lines_of(document: str) -> list[str]:
    """The section's lines without the settings, which a test makes its own, and without Docker."""
    sections = text_of(document).split("\n## ")
    (found,) = [section for section in sections if section.startswith(SECTION[document])]
    return [line for line in shell_lines_in(found.partition("\n### ")[0]) if not line.startswith("export ")]


@pytest.mark.parametrize("document", READMES)
def test_two_parties_pair_and_agree_as_the_readme_says(document: str, parties: Mapping[str, Party]) -> None:
    drafts: dict[str, str] = {}
    fingerprint = ""
    for line in lines_of(document):
        command = line.split()[1]
        if command == "partner":
            fingerprint = pair(line, parties, fingerprint)
        elif command in ("init", "token", "signer", "serve", "person"):
            for party in parties.values():
                alone(command, line, party)
        else:
            agree(line, parties, drafts)

    for kind, document_id in drafts.items():
        until(lambda kind=kind, document_id=document_id: parties["cmo"].state_of(kind, document_id) == "activated")  # type: ignore[misc]  # strings
    assert set(drafts) == {"agreement", "communication-list"}


def alone(command: str, line: str, party: Party) -> None:
    """A step that each party takes by itself."""
    if command == "serve":
        serve(party)
    elif command == "person":
        until(party.is_paired)
        party.type(line, "admin")
    else:
        made = re.search(r"cft_\S+", party.type(own(line, party.role)))
        if command == "token":
            assert made is not None
            party.tokens[line.rsplit(maxsplit=1)[-1]] = made[0]


def own(line: str, role: str) -> str:
    """A line of the holder's as the party types it."""
    return line.replace("--party mah", f"--party {role}").replace(CODES["mah"], CODES[role])


def pair(line: str, parties: Mapping[str, Party], fingerprint: str) -> str:
    """One step of the pairing on both sides; the fingerprint that both read to each other."""
    step = line.split()[2]
    for role, party in parties.items():
        if step == "invite":
            party.type(f"counterfoil partner invite {CODES[OTHER[role]]} --out our-invitation.json", "admin")
        elif step == "accept":
            theirs = parties[OTHER[role]].folder / "our-invitation.json"
            (party.folder / "their-invitation.json").write_bytes(theirs.read_bytes())
            said = party.type(line, "admin")
            shown = re.search(r"(?:[0-9a-f]{4} ){11}[0-9a-f]{4}", said)
            assert shown is not None, said
            assert fingerprint in ("", shown[0])
            fingerprint = shown[0]
        else:
            party.type(f'counterfoil partner {step} "{fingerprint}"', "admin")
    return fingerprint


def agree(line: str, parties: Mapping[str, Party], drafts: dict[str, str]) -> None:
    """A step of a document: drafted and put in force by the holder, signed by both."""
    _, kind, step, *_ = line.split()
    typed = line.replace("DOCUMENT", drafts.get(kind, ""))
    if step == "draft":
        drafts[kind] = json.loads(parties["mah"].type(f"{line} --json", "qa_manager"))["document"]
    elif step == "sign":
        for party in parties.values():
            until(partial(is_known, party, kind, drafts[kind]))
            party.type(typed, "qa_manager")
    else:
        if step == "activate":
            until(lambda: parties["mah"].state_of(kind, drafts[kind]) == "signed")
        parties["mah"].type(typed, "qa_manager")


def is_known(party: Party, kind: str, document: str) -> bool:
    return party.state_of(kind, document) != ""
