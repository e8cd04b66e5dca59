"""One gateway with several partners: each partner has what is between the two, the one in the middle has all of it."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from events.encoding.identifiers import Role
from tests.attack.serving import wait_until
from tests.attack.two_partners import desk_of, paired, running
from tests.services.api.stepped import Desk, Person

NOT_FOUND, INVALID = 404, 422
LINE = "L-1"


def reader(desk: Desk) -> Person:
    return desk.as_("qa_manager", "person/reader")


def items(desk: Desk, **asked: str) -> set[str]:
    return {row["item"] for row in reader(desk).get("/v1/communications", **asked).json()["data"]}


@pytest.mark.parametrize(("middle", "partners"), [(Role.CMO, 3), (Role.MAH, 2)])
def test_each_partner_sees_what_is_between_the_two_and_nothing_of_the_others(
    middle: Role, partners: int, tmp_path: Path
) -> None:
    with ExitStack() as ending:
        centre = desk_of(ending.enter_context(running(tmp_path, middle, 0)))
        others = [
            desk_of(ending.enter_context(running(tmp_path, middle.other, number))) for number in range(1, partners + 1)
        ]
        opened: dict[str, str] = {}
        for other in others:
            cmo, mah = (centre, other) if middle is Role.CMO else (other, centre)
            where = {"relationship": paired(cmo, mah)}
            body = {**where, "title": "真空泵报警", "detected_at": "2026-11-22"}
            opened[where["relationship"]] = cmo.as_("qa_manager", "system/eqms").does("/v1/deviations", body)["item"]

        wait_until(lambda: items(centre) == set(opened.values()))
        for other, (relationship, item) in zip(others, opened.items(), strict=True):
            wait_until(lambda other=other, item=item: items(other) == {item})  # type: ignore[misc] # bound now
            assert items(centre, relationship=relationship) == {item}
            foreign = set(opened.values()) - {item}
            answers = {reader(other).get(f"/v1/communications/{each}").status_code for each in foreign}
            assert answers == {NOT_FOUND}
            assert [
                each["relationship"] for each in other.as_("operator", "person/op").get("/v1/partners").json()["data"]
            ] == [relationship]


def test_who_makes_on_a_line_that_stands_and_was_not_told_is_named(tmp_path: Path) -> None:
    with ExitStack() as ending:
        cmo = desk_of(ending.enter_context(running(tmp_path, Role.CMO, 0)))
        holders = [desk_of(ending.enter_context(running(tmp_path, Role.MAH, number))) for number in (1, 2, 3)]
        person = cmo.as_("qa_manager", "system/eqms")
        relationships = [paired(cmo, holder) for holder in holders]
        for relationship, line in zip(relationships, (LINE, LINE, "L-2"), strict=True):
            body = {"relationship": relationship, "title": "真空泵报警", "detected_at": "2026-11-22", "line": line}
            person.does("/v1/deviations", body)
        scope = {"lines": [LINE]}
        stopped = {"relationship": relationships[0], "reason": "停线", "stopped_at": "2026-11-22", "scope": scope}
        item = person.does("/v1/suspensions", {**stopped, "external_number": "INV-7"}, wait=30)["item"]

        def told(**asked: str) -> dict[str, tuple[list[str], bool]]:
            rows = person.get("/v1/notices", concerning=LINE, **asked).json()["data"]
            return {row["relationship"]: ([each["item"] for each in row["notices"]], row["missing"]) for row in rows}

        wait_until(lambda: told() == {relationships[0]: ([item], False), relationships[1]: ([], True)})
        assert told(record="INV-8") == {relationships[0]: ([], True), relationships[1]: ([], True)}

        person.does(
            "/v1/suspensions", {**stopped, "relationship": relationships[1], "external_number": "INV-7"}, wait=30
        )
        wait_until(lambda: [missing for _, missing in told(record="INV-7").values()] == [False, False])
        assert person.get("/v1/notices", concerning=LINE, category="nothing").status_code == INVALID
        assert reader(holders[2]).get("/v1/notices", concerning=LINE).json()["data"] == []
