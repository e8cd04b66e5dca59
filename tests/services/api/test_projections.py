"""Projections through the interface: how far rows are folded, whether the partner concludes the same, a rebuild."""

from events.conclusions.total import Sizes
from events.encoding.base64 import encode_base64
from tests.services.api.stepped import Desk, Pair

PROJECTIONS = "/v1/projections"


def test_both_sides_say_at_which_sizes_they_concluded_the_same(pair: Pair) -> None:
    for _ in range(3):
        pair.beat()

    told = [desk.as_("operator").get(PROJECTIONS).json() for desk in pair.desks]

    for each in told:
        (row,) = each["relationships"]
        assert row["agreed"] == row["concluded"] == told[0]["relationships"][0]["concluded"]
        assert row["difference"] is None
        assert each["position"] == each["last_sequence"]


def test_a_partner_that_concludes_otherwise_is_shown_in_its_health(cmo: Desk) -> None:
    conclusions = cmo.gateway.side.channel.conclusions
    sizes = conclusions.latest or Sizes(0, 0)
    conclusions.hear(sizes, encode_base64(bytes(32)))

    row = cmo.as_("operator").get("/v1/partners").json()["data"][0]["conclusions"]["difference"]

    assert {name: row[name] for name in ("mah", "cmo", "partner")} == {
        "mah": sizes.mah,
        "cmo": sizes.cmo,
        "partner": encode_base64(bytes(32)),
    }


def test_a_rebuild_is_under_way_until_the_new_rows_stand(cmo: Desk) -> None:
    operator = cmo.as_("operator")
    before = operator.get("/v1/communications").json()

    asked = operator.post(f"{PROJECTIONS}/rebuild", {})

    assert asked.status_code == 202
    cmo.gateway.fold()
    assert operator.get(PROJECTIONS).json()["rebuild"] is None
    assert operator.get("/v1/communications").json() == before


def test_who_may_only_read_may_not_rebuild(cmo: Desk) -> None:
    assert cmo.as_("auditor").post(f"{PROJECTIONS}/rebuild", {}).status_code == 403
