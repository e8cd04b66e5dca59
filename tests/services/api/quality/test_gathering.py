"""What judging a batch needs is brought in whole, whatever was brought in before it in the same transaction."""

from typing import Any

from domain.batch.lineage import MAX_LINEAGE, lineage_of
from domain.judging.context import Context
from events.encoding.identifiers import Role
from services.gateway.exchange.receiving.gathering import Gathering
from tests.services.api.quality.making import PRODUCT, QUANTITY, SIGNED, batch, ref
from tests.services.api.stepped import Desk, Person

CMO = Role.CMO
LOT = {
    "material": "头孢曲松钠",
    "lot_kind": "key_material",
    "generic_name": "注射用头孢曲松钠",
    "signature": SIGNED,
}


def brought(desk: Desk, *subjects: str) -> Context:
    """The context after these subjects of the manufacturer were brought in, one after the other."""
    channel = desk.gateway.side.channel
    views = {channel.own.role: channel.own.view, channel.held.role: channel.held.view}
    with desk.gateway.store.reading() as reading:
        gathering = Gathering(channel, reading)
        for subject in subjects:
            gathering.subjects(CMO, [subject])
    return Context(channel.own.role, channel.own.size, channel.held.judged, views)


def test_a_batch_that_touched_another_is_followed_itself_later(
    clerk: Person, cmo: Desk, documents: dict[str, Any]
) -> None:
    whole = clerk.does("/v1/batches", batch(documents))["item"]
    part = {"number": "B2026-001A", "quantity": QUANTITY}
    clerk.does(f"/v1/batches/{whole}/splits", {"parts": [part], "reason": "分两批包装"})
    other = clerk.does("/v1/batches", batch(documents, "B2026-001A"))["item"]
    opening = {"title": "t", "detected_at": "2026-11-22", "batches": [{"number": "B2026-001"}]}
    deviation = clerk.does("/v1/deviations", opening)["item"]

    context = brought(cmo, f"batch/{other}", f"batch/{whole}")

    assert f"deviation/{deviation}" in context.subjects_of_batch(CMO, "B2026-001")
    assert context.accepted(CMO, f"deviation/{deviation}")


def test_a_part_that_names_no_parent_is_brought_with_what_it_was_split_from(
    clerk: Person, cmo: Desk, documents: dict[str, Any]
) -> None:
    whole = clerk.does("/v1/batches", batch(documents))["item"]
    part = {"number": "B2026-001A", "quantity": QUANTITY}
    clerk.does(f"/v1/batches/{whole}/splits", {"parts": [part], "reason": "分两批包装"})
    opening = {"title": "t", "detected_at": "2026-11-22", "batches": [{"number": "B2026-001"}]}
    deviation = clerk.does("/v1/deviations", opening)["item"]
    other = clerk.does("/v1/batches", batch(documents, "B2026-001A"))["item"]

    context = brought(cmo, f"batch/{other}")

    assert lineage_of(context, other).identities == (other, whole)
    assert context.accepted(CMO, f"deviation/{deviation}")


def test_the_lots_that_a_batch_is_to_be_made_of_are_brought_with_all_that_was_said_of_them(
    clerk: Person, cmo: Desk
) -> None:
    told = clerk.does("/v1/lots", {**LOT, "product": PRODUCT, "number": "M-9"})
    change = {"field": "product.code", "before": "CRO-1G", "after": "OTHER"}
    correction = {"entry": ref(told), "changes": [change], "reason": "录入错误"}
    clerk.does(f"/v1/lots/{told['item']}/corrections", correction)

    channel = cmo.gateway.side.channel
    with cmo.gateway.store.reading() as reading:
        Gathering(channel, reading).batches([{"lots": [ref(told)]}])

    assert [past.name for past in channel.own.view.subject(f"lot/{told['item']}")][-1] == "lot.corrected.v1"


def test_each_of_two_lineages_is_brought_to_its_own_bound(clerk: Person, cmo: Desk, documents: dict[str, Any]) -> None:
    half = MAX_LINEAGE // 2 + 5
    ends = []
    for line in ("X", "Y"):
        parents: list[dict[str, Any]] = []
        for count in range(half):
            told = clerk.does("/v1/batches", batch(documents, f"{line}-{count:03d}", parents=parents))
            parents = [ref(told)]
        ends.append(told["item"])
    opening = {"title": "t", "detected_at": "2026-11-22", "batches": [{"number": "Y-000"}]}
    deviation = clerk.does("/v1/deviations", opening)["item"]
    channel = cmo.gateway.side.channel
    with cmo.gateway.store.reading() as reading:
        Gathering(channel, reading).subjects(CMO, [f"batch/{item}" for item in ends])

    assert f"deviation/{deviation}" in channel.own.view.subjects_of_batch("Y-000")
