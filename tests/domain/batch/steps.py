"""What the parties write about a batch, as their partner sees it; each names the last entries of the story."""

from dataclasses import replace
from typing import Any

from domain.approved_version import names as versions
from domain.batch import names as n
from domain.drafts import Draft
from domain.judging.history import PastEvent
from domain.lot.names import ALLOCATED
from domain.lot.rules import lot_id
from domain.relationship.commands import open_relationship
from events.encoding.identifiers import Role
from tests.domain.approved_version.test_approved_version import approved
from tests.domain.language import MANAGER, Outcome, Step, Story, Written, cmo, given, mah
from tests.domain.matters import asks, named, says, signs
from tests.domain.relationship.test_protocol import confirming
from tests.domain.steps import opened
from tests.events.golden import cast

BATCH_ID = "0193572e-0000-7000-8000-0000000000b1"
PARENT_ID = "0193572e-0000-7000-8000-0000000000b2"
PROCESS_ID = "0193572e-0000-7000-8000-0000000000f1"
STANDARD_ID = "0193572e-0000-7000-8000-0000000000f2"
HOLDER = cast.RELATIONSHIP.mah
QP = "person/qualified_person"
PRODUCT = {"name": "注射用头孢曲松钠 1.0 g", "code": "CRO-1G"}
QUANTITY = {"amount": "10000", "unit": "支"}
ITEMS = ("test_results", "key_production_records", "deviation_control")
RECORD, TESTS, INVESTIGATION = "a" * 64, "b" * 64, "c" * 64

PROCESS = approved(versions.PROCESS, PROCESS_ID, effective_from="2026-01-01")
STANDARD = approved(versions.STANDARD, STANDARD_ID, effective_from="2026-01-01")


def made(number: str = "B2026-001", **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "source": "MES",
        "product": PRODUCT,
        "purpose": "commercial",
        "line": "L-02",
        "site": "二车间",
        **changes,
    }


def authorised(identity: str = BATCH_ID, **changes: Any) -> Step:
    documents = {
        "process_version": named(versions.PROCESS_APPROVED),
        "standard_version": named(versions.STANDARD_APPROVED),
    }
    return signs(n.AUTHORISED, identity, **made(**{**documents, **changes}))


def started(identity: str = BATCH_ID, **changes: Any) -> Step:
    named_act = {"authorisation": named(n.AUTHORISED), "started_at": "2026-11-22T09:40:00+08:00"}
    return says(n.STARTED, identity, **made(**{**named_act, **changes}))


def started_without(identity: str = BATCH_ID, **changes: Any) -> Step:
    return says(n.STARTED, identity, **made(**{"started_at": "2026-11-22T09:40:00+08:00", **changes}))


def results(verdict: str = "conforms") -> Step:
    result = {"test": "含量测定 HPLC", "result": "99.50", "unit": "%", "limits": "95.0–105.0", "verdict": verdict}
    return says(n.TESTED, BATCH_ID, results=[result], tested_at="2026-11-22")


MANUFACTURED = says(n.MANUFACTURED, BATCH_ID, quantity=QUANTITY, completed_at="2026-11-22")


def released(*resolved: Any) -> Step:
    return signs(n.FACTORY_RELEASED, BATCH_ID, QP, resolved=list(resolved))


def package(version: int = 1, **changes: Any) -> Step:
    """A package of all three kinds of records, or without a deviation, as a signed statement says."""
    files = [(RECORD, "batch_production_record"), (TESTS, "batch_test_record")]
    body: dict[str, Any] = {
        "batch": {"number": "B2026-001"},
        "product": "CRO-1G",
        "version": version,
        "manifest": [{"kind": kind, "sha256": sha256} for sha256, kind in files],
        "attachments": [{"sha256": sha256, "name": f"{kind}.pdf", "size": 1} for sha256, kind in files],
        "no_deviations": statement(MANAGER),
    }
    body |= changes
    return says(n.SUBMITTED, BATCH_ID, **{name: value for name, value in body.items() if value is not None})


def statement(person: str) -> dict[str, str]:
    return {
        "statement": "本批无偏差",
        "meaning": "released",
        "reason": "核对无误",
        "person": person.removeprefix("person/"),
        "at": "2026-11-22T09:30:00+08:00",
    }


def concluded(item: str, verdict: str = "satisfactory") -> Step:
    return signs(n.ITEM_CONCLUDED, BATCH_ID, item=item, verdict=verdict, package=named(n.SUBMITTED))


def marketed(*reviews: int) -> Step:
    """The holder's release on the last package and on the reviews with these indexes, by default the last three."""
    named_reviews = [named(n.ITEM_CONCLUDED, index) for index in reviews or (-3, -2, -1)]
    return signs(
        n.MARKETING_RELEASED,
        BATCH_ID,
        QP,
        factory_release=named(n.FACTORY_RELEASED),
        package=named(n.SUBMITTED),
        reviews=named_reviews,
    )


def allocated(product: str = "CRO-1G", number: str = "M-1", owner: str = HOLDER, kind: str = "key_material") -> Step:
    body: dict[str, Any] = {
        "number": number,
        "source": "WMS",
        "material": "头孢曲松钠",
        "lot_kind": kind,
        "owner": owner,
        "generic_name": "注射用头孢曲松钠",
        "product": {"name": product, "code": product},
    }
    return signs(ALLOCATED, lot_id("头孢曲松钠", number), **body)


def opened_about(name: str) -> Step:
    """The deviation that a gateway opens by itself when its last fact of a type broke a gate."""

    def step(story: Story, role: Role) -> Draft:
        head = story.past(name).head
        return replace(opened()(story, role), cause=None if head is None else head.id)

    return step


def apart(step: Step, identity: str) -> Step:
    """Has a step be about another matter of its kind."""

    def moved(story: Story, role: Role) -> Draft:
        draft = step(story, role)
        return replace(draft, subject=f"{draft.subject.partition('/')[0]}/{identity}")

    return moved


def with_documents(*entries: Written) -> Story:
    """The two are paired, and the holder has approved process and standard."""
    return given(mah(paired), mah(PROCESS), mah(STANDARD), *entries)


def paired(story: Story, role: Role) -> Draft:
    """The party confirms the pairing: from then on the journals say who the holder is."""
    return open_relationship(confirming(), story.context(role), MANAGER, story.now)[0]


def made_and_tested(*entries: Written) -> Story:
    """A batch was authorised, started, made and tested; nothing touches it but these entries."""
    making = (cmo(authorised()), cmo(started()), cmo(MANUFACTURED), cmo(results()))
    return with_documents(*making, *entries)


def released_and_submitted(*entries: Written) -> Story:
    """The manufacturer has released the batch with a complete package."""
    story = made_and_tested()
    asks(story, Role.CMO, released(), QP).then(n.FACTORY_RELEASED)
    return story.and_then(cmo(package()), *entries)


def reviewed(*entries: Written) -> Story:
    """And the holder has concluded the three reviews."""
    return released_and_submitted(*(mah(concluded(item)) for item in ITEMS), *entries)


def then_refused_both_ways(
    story: Story, role: Role, step: Step, refusal: str, words: str = "", *, actor: str = QP
) -> None:
    """The author's own gateway refuses it, naming these words, and so does a reader of an author that did not ask."""
    error = asks(story, role, step, actor).then_refused(refusal)
    assert words in error.detail, error.detail
    story.receives(Written(role, step, actor)).then_refused(refusal)


def then_marked_both_ways(story: Story, role: Role, step: Step, name: str) -> PastEvent:
    """The fact is taken and marked: by its author, and by every reader."""
    outcome: Outcome = asks(story, role, step)
    outcome.then_marked(name)
    return story.past(name)
