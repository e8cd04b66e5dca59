"""The marketing release rests on the package of the standing factory release, and on the last word of its review."""

from typing import Any

from domain.batch import names as n
from domain.deviation import names as deviation
from events.encoding.identifiers import Role
from tests.domain.batch.steps import (
    BATCH_ID,
    INVESTIGATION,
    ITEMS,
    QP,
    RECORD,
    TESTS,
    concluded,
    marketed,
    package,
    released,
    results,
    reviewed,
    then_marked_both_ways,
    then_refused_both_ways,
)
from tests.domain.language import MANAGER, Step, Story, cmo, mah
from tests.domain.matters import asks, named, says, signs
from tests.domain.steps import classified, closed, investigated, opened
from tests.domain.steps import refused as refused_entry

CMO, MAH = Role.CMO, Role.MAH
GATE = "gate.marketing_release"
FINISHED = (cmo(investigated()), cmo(classified("minor")), cmo(closed()))
PERMITTED = signs(n.DISPATCH_PERMITTED, BATCH_ID, release=named(n.MARKETING_RELEASED))
FOUND = mah(concluded(ITEMS[0], "not_satisfactory"))


def released_anew() -> Story:
    """After the reviews the batch was reworked, tested anew and released anew, without a package."""
    story = reviewed(cmo(says(n.REWORKED, BATCH_ID, procedure="重新灯检", reason="外观")), cmo(results()))
    asks(story, CMO, released(), QP).then(n.FACTORY_RELEASED)
    return story


def later_package(release: int = -1, **changes: Any) -> Step:
    return package(2, release=named(n.FACTORY_RELEASED, release), reason="补充记录", **changes)


def with_investigation() -> Step:
    files = {
        RECORD: "batch_production_record",
        TESTS: "batch_test_record",
        INVESTIGATION: "deviation_investigation",
    }
    manifest: list[dict[str, Any]] = [{"kind": kind, "sha256": sha256} for sha256, kind in files.items()]
    manifest[-1]["about"] = named(deviation.OPENED)
    attachments = [{"sha256": sha256, "name": kind, "size": 0} for sha256, kind in files.items()]
    return later_package(manifest=manifest, attachments=attachments, no_deviations=None)


def test_a_release_that_was_given_anew_is_marketed_on_a_package_of_its_own() -> None:
    story = released_anew()
    then_refused_both_ways(story, MAH, marketed(), GATE, "not of the factory release that stands")
    story.and_then(cmo(later_package()), *(mah(concluded(item)) for item in ITEMS))
    asks(story, MAH, marketed(), QP).then(n.MARKETING_RELEASED)


def test_a_later_package_of_a_release_that_fell_is_marked() -> None:
    story = released_anew()
    then_marked_both_ways(story, CMO, later_package(0), n.SUBMITTED)
    then_refused_both_ways(story, MAH, marketed(), GATE, "not the latest, or not whole")


def test_the_last_word_on_an_item_counts_whichever_reviews_are_named() -> None:
    story = reviewed(FOUND)
    then_refused_both_ways(story, MAH, marketed(0, 1, 2), GATE, "three satisfactory reviews")
    story.and_then(mah(concluded(ITEMS[0])))
    then_refused_both_ways(story, MAH, marketed(0, 1, 2), GATE, "three satisfactory reviews")
    asks(story, MAH, marketed(1, 2, 4), QP).then(n.MARKETING_RELEASED)


def test_a_review_that_found_something_shuts_though_the_manufacturer_disputes_it() -> None:
    story = reviewed(FOUND, cmo(refused_entry(n.ITEM_CONCLUDED), "system/gateway"))
    then_refused_both_ways(story, MAH, marketed(0, 1, 2), GATE, "three satisfactory reviews")


def test_a_review_that_finds_something_after_the_marketing_release_shuts_the_dispatch() -> None:
    story = reviewed(mah(marketed(), QP), FOUND)
    then_refused_both_ways(story, MAH, PERMITTED, GATE, "three satisfactory reviews", actor=MANAGER)


def test_a_deviation_that_came_up_after_the_package_is_investigated_in_a_later_one() -> None:
    story = reviewed(cmo(opened()), *FINISHED)
    then_refused_both_ways(story, MAH, marketed(), GATE, "there is a deviation: deviation DEV-2026-0001")
    story.and_then(cmo(with_investigation()), *(mah(concluded(item)) for item in ITEMS))
    asks(story, MAH, marketed(), QP).then(n.MARKETING_RELEASED)
