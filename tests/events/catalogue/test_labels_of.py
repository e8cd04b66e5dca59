"""The labels of an event are fields of its body; free text is none."""

from typing import Any

import pytest

from events.catalogue.registry import ANNOUNCED, decode_body, event_type
from tests.events.catalogue.sampling import sample


def labels(name: str, **changed: Any) -> tuple[str, ...]:
    type_ = event_type(name)
    assert type_ is not None
    return type_.labels(decode_body(type_, {**sample(name), **changed}))


def test_a_deviation_is_labelled_by_its_batches_product_line_and_site() -> None:
    assert labels("deviation.opened.v1") == (
        "batch/B2026-001",
        "batch/B2026-002",
        "product/P-CRO-1G",
        "line/二车间粉针2线",
        "site/S1",
    )


def test_what_a_deviation_does_not_state_is_no_label() -> None:
    nothing: dict[str, Any] = {"product": None, "batches": [], "line": None, "site": None}

    assert labels("deviation.opened.v1", **nothing) == ()
    assert labels("deviation.opened.v1", **nothing | {"product": {"name": "注射用头孢曲松钠"}}) == ()


def test_a_batch_that_is_named_twice_is_one_label() -> None:
    batches = [{"number": "B1"}, {"number": "B1"}]

    assert labels("deviation.opened.v1", batches=batches, product=None, line=None, site=None) == ("batch/B1",)


def test_an_agreement_is_labelled_by_its_products() -> None:
    products = [
        {"code": "P1", "name": "甲"},
        {"code": "P2", "name": "乙"},
        {"name": "丙"},
        {"code": "P1", "name": "甲"},
    ]

    assert labels("agreement.drafted.v1", products=products) == ("product/P1", "product/P2")


def test_a_linked_batch_is_a_label() -> None:
    assert labels("deviation.batch_linked.v1", batch={"number": "B9"}) == ("batch/B9",)


def test_a_correction_is_labelled_by_the_batch_number_that_it_brings_in() -> None:
    changes = [
        {"field": "batches.0.number", "before": "B1", "after": "B2"},
        {"field": "batches.1.number", "before": "B3", "after": None},
        {"field": "batch.number", "before": "B5", "after": "B6"},
        {"field": "title", "before": "a", "after": "batch/B4"},
    ]

    assert labels("deviation.corrected.v1", changes=changes) == ("batch/B2", "batch/B6")
    in_scope = [{"field": "scope.batches.3.number", "before": "B1", "after": "B9"}]
    assert labels("oos.corrected.v1", changes=in_scope) == ("batch/B9",)
    of_a_part = [{"field": "parts.1.number", "before": "B1B", "after": "B1C"}]
    assert labels("batch.corrected.v1", changes=of_a_part) == ("batch/B1C",)


WITH_SCOPE = (
    "risk.raised",
    "suspension.demanded",
    "suspension.started",
    "regulatory_measure.recorded",
    "change.proposed",
    "change.found_implemented",
    "change_review.found_implemented",
    "oos.suspected",
    "capa.opened",
    "obligation.registered",
    "capability_profile.published",
    "capability_profile.changed",
)
OF_PRODUCTS_AND_SITES = ("process_version.approved", "standard_version.approved")
LABELLED = {
    "agreement.drafted.v1",
    "deviation.opened.v1",
    "suspension.batch_disposed.v1",
    "suspension_review.batch_disposed.v1",
    *(f"{name}.v1" for name in (*WITH_SCOPE, *OF_PRODUCTS_AND_SITES)),
    "lot.allocated.v1",
    "lot.used.v1",
    "lot.breach_found.v1",
    "batch.authorised.v1",
    "batch.started.v1",
    "batch.split.v1",
    "release_package.submitted.v1",
    *(name for name in ANNOUNCED if name.endswith(".batch_linked.v1")),
    *(name for name in ANNOUNCED if name.endswith(".corrected.v1") and "_review" not in name),
}


@pytest.mark.parametrize("name", WITH_SCOPE)
def test_what_a_matter_is_about_labels_it(name: str) -> None:
    scope = {"products": [{"name": "甲", "code": "P1"}, {"name": "乙"}], "batches": [{"number": "B1"}], "lines": ["L1"]}

    assert labels(f"{name}.v1", scope=scope) == ("batch/B1", "product/P1", "line/L1")
    assert labels(f"{name}.v1", scope={}) == ()


@pytest.mark.parametrize("name", OF_PRODUCTS_AND_SITES)
def test_a_version_is_labelled_by_its_products_and_sites(name: str) -> None:
    scope = {"products": [{"name": "甲", "code": "P1"}, {"name": "乙", "code": "P2"}], "sites": ["S1"]}

    assert labels(f"{name}.v1", scope=scope) == ("product/P1", "product/P2", "site/S1")


def test_a_batch_that_is_disposed_of_labels_the_entry() -> None:
    assert labels("suspension.batch_disposed.v1", batch={"number": "B7"}) == ("batch/B7",)


@pytest.mark.parametrize("name", sorted(set(ANNOUNCED) - LABELLED))
def test_no_other_event_has_labels_of_its_own(name: str) -> None:
    assert labels(name) == ()
