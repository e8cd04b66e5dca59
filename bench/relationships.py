"""P12: a manufacturer with fifty holders beside one with a single holder; the same work in all."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.pair import Remote, party_code
from bench.party import EVENTS_A_ROW, PROFILES, wait_until
from bench.rows import Measured, Servers, Sizes
from events.encoding.identifiers import Role
from infra.keys.party import Party, write_party
from infra.servers.choose import fresh_database
from services.gateway.assembly import build
from services.gateway.settings import load_settings

MANY = 50
ROWS_A_COMMAND = 50


def measure_p12(servers: Servers, sizes: Sizes) -> Measured:
    """Events a second, written by one gateway for all its partners: durable, on the wire and in its read model."""
    measured = Measured()
    for _ in range(sizes.repeats):
        measured.limit.append([_rate(servers, sizes, 1)])
        measured.product.append([_rate(servers, sizes, MANY)])
    return measured


def _rate(servers: Servers, sizes: Sizes, partners: int) -> float:
    with _manufacturer(servers, partners) as cmo:
        started = cmo.ask("open_in_bulk", sizes.bulk_rows, ROWS_A_COMMAND)
        ended = max(cmo.ask("await_items", sizes.bulk_rows), cmo.ask("await_sent"))
        return float(sizes.bulk_rows * EVENTS_A_ROW / (ended - started))


@contextmanager
def _manufacturer(servers: Servers, partners: int) -> Iterator[Remote]:
    """Give a gateway that is paired with so many holders; theirs are stopped: nobody waits for them."""
    code = party_code(Role.CMO)
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="counterfoil-bench-")))
        store = ending.enter_context(fresh_database(servers.postgres))
        cmo = Remote(Role.CMO, code, _environment(servers, folder / "cmo") | {"COUNTERFOIL_STORE": store})
        cmo.start()
        ending.callback(cmo.stop)
        for number in range(partners):
            _pair_with_holder(cmo, code, _environment(servers, folder / f"mah-{number}"))
        yield cmo


def _environment(servers: Servers, folder: Path) -> dict[str, str]:
    return {
        "COUNTERFOIL_DATA": str(folder),
        "COUNTERFOIL_WIRE": f"kafka:{servers.broker}",
        "COUNTERFOIL_PASSPHRASE": secrets.token_hex(16),
    }


def _pair_with_holder(cmo: Remote, code: str, environment: dict[str, str]) -> None:
    """Run a holder's gateway for as long as the pairing takes."""
    holder = party_code(Role.MAH)
    settings = load_settings(environment)
    write_party(Path(settings.data), Party(holder, "示例 mah"))
    gateway = build(settings, PROFILES[Role.MAH])
    gateway.start()
    try:
        to_cmo, to_mah = gateway.invite(code), cmo.ask("invite", holder)
        fingerprint = gateway.accept(to_mah)
        assert fingerprint == cmo.ask("accept", to_cmo)
        gateway.confirm(gateway.status()[0].number, "person/bench", fingerprint)
        cmo.ask("confirm_last", fingerprint)
        wait_until(lambda: gateway.status()[0].paired)
        cmo.ask("await_pairing")
    finally:
        gateway.stop()
