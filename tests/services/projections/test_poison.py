"""In a gateway that runs: rows that cannot be folded call people, and stop to once they can be."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from domain.items.item import item_of
from events.encoding.identifiers import Role
from services.gateway.projections import folding, parking
from tests.attack.serving import wait_until
from tests.attack.two_partners import desk_of, paired, running


def test_people_are_called_for_an_item_that_stands_still_until_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"first"}

    def fold(events: Any, *rest: Any) -> Any:
        listed = list(events)
        if broken and any(getattr(past.body, "title", "") in broken for past in listed):
            raise ArithmeticError("no such day")
        return item_of(listed, *rest)

    for room in (folding, parking):
        monkeypatch.setattr(room, "item_of", fold)
    with ExitStack() as ending:
        wire = f"embedded:{tmp_path / 'wire.sqlite'}"
        cmo, mah = (ending.enter_context(running(tmp_path, role, 7, wire)) for role in (Role.CMO, Role.MAH))
        desk = desk_of(cmo)
        paired(desk, desk_of(mah))
        person = desk.as_("qa_manager", "system/eqms")
        first, second = (
            person.does("/v1/deviations", {"title": title, "detected_at": "2026-11-22"})["item"]
            for title in ("first", "second")
        )

        wait_until(lambda: [each.code for each in cmo.alarms.standing()] == ["projection.failed"])
        (alarm,) = cmo.alarms.standing()
        assert first in alarm.detail
        wait_until(lambda: person.get(f"/v1/communications/{second}").status_code == 200)

        broken.clear()
        wait_until(lambda: cmo.alarms.standing() == ())
        wait_until(lambda: person.get(f"/v1/communications/{first}").status_code == 200)
