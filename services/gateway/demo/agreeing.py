"""Waiting until both gateways agree: each holds, judged and projected all of the other, under equal checkpoints."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from events.encoding.identifiers import Role
from services.gateway.cli.client import Client
from services.gateway.cli.errors import UnreachableError
from services.gateway.demo.pair import Pair

_PATIENCE_SECONDS = 600.0
_LOOK_SECONDS = 0.1
_ROWS_OF_PAGE = 200


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two gateways stand to each other. Sizes count entries of the CMO's journal."""

    cmo_entries: int
    mah_held: int
    checkpoints_equal: bool
    settled: bool  # receipts on both sides say that everything is held and judged, and rows show it


def wait_until_agreed(pair: Pair, patience_seconds: float = _PATIENCE_SECONDS) -> Agreement:
    """Wait until nothing is on its way any more, looking after both gateways meanwhile.

    Raises:
        UnreachableError: they do not come to agree.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        found = _asked_again(lambda: look(pair), pair)
        if found.settled and found.checkpoints_equal:
            return found
        if time.monotonic() > deadline:
            raise UnreachableError("the gateways do not agree yet: {found}", hint="counterfoil doctor", found=found)
        time.sleep(_LOOK_SECONDS)
        pair.attend()


def look(pair: Pair) -> Agreement:
    """Look how both gateways stand now."""
    mah, cmo = (_partner(side.manager) for side in (pair.mah, pair.cmo))
    settled = _is_settled(mah, cmo) and _is_settled(cmo, mah) and _shown(pair.mah.manager) and _shown(pair.cmo.manager)
    equal = settled and all(_same_checkpoint(pair, role) for role in Role)
    return Agreement(cmo["own_size"], mah["held"], checkpoints_equal=equal, settled=settled)


def items_at(client: Client, source: str, wanted: set[str]) -> int:
    """Count which of these items a gateway shows.

    Source and total are asked first: where they agree, all items of the source are these.
    """
    query: dict[str, str | int | bool | None] = {"source": source, "limit": 1, "total": True}
    total = int(client.get("/v1/communications", query)["total"])
    if total == len(wanted):
        return total
    shown = client.rows("/v1/communications", {"source": source, "sort": "number"})
    return len(wanted & {row["item"] for row in shown})


def _partner(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/partners")["data"][0]
    return found


def _is_settled(author: dict[str, Any], reader: dict[str, Any]) -> bool:
    """Tell whether the reader holds all of the author, and the author has heard that it is held and judged."""
    size, heard = author["own_size"], author["heard"] or {}
    return bool(reader["held"] == size == heard.get("held") == heard.get("judged"))


def _shown(client: Client) -> bool:
    """Tell whether a gateway's rows show all that it holds."""
    return bool(client.get("/v1/health")["projection_lag"] == 0)


def _same_checkpoint(pair: Pair, role: Role) -> bool:
    """Tell whether both gateways show the same text (origin, size, root) for a journal."""
    path = f"/v1/journals/{pair.mah.uscc}/{pair.cmo.uscc}/{role.value}/checkpoint"
    texts = {side.manager.text(path).partition("\n\n")[0] for side in pair.sides.values()}
    return len(texts) == 1


def _asked_again(work: Callable[[], Agreement], pair: Pair) -> Agreement:
    while True:
        try:
            return work()
        except UnreachableError as error:
            pair.again(error)
