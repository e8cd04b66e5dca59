"""What the story tells of the quality core: a matter of each kind, gates that opened, and a fact that broke one."""

from dataclasses import replace
from typing import Any

from domain.change.names import REVIEW_OPINION
from domain.drafts import Draft
from domain.risk.names import REVIEW_CLASSIFIED
from events.encoding.identifiers import Role
from tests.domain.batch import steps as batch
from tests.domain.capa import test_capa as capa
from tests.domain.change import test_change as change
from tests.domain.key_person import test_key_person as key_person
from tests.domain.language import STAFF, Step, Story, Written, cmo, mah
from tests.domain.matters import named, says
from tests.domain.oos import test_oos as oos
from tests.domain.risk import test_risk as risk
from tests.domain.suspension import test_suspension as suspension

_NUMBERS = {kind: number for number, kind in enumerate(("risk", "suspension", "change", "oos", "capa"), 0x10)}


def tell_matters(story: Story) -> None:
    """Have both parties write about a batch until it is on the market, and about what got in its way."""
    story.and_then(cmo(key_person.registered("qualified_person")), mah(batch.PROCESS), mah(batch.STANDARD))
    making = (batch.authorised(), batch.started(), batch.MANUFACTURED, batch.results())
    story.and_then(*map(cmo, making))
    _examine(story)
    resolved = [named("deviation.closed.v1"), named("oos.invalidated.v1")]
    story.and_then(cmo(batch.released(*resolved), batch.QP), cmo(_package()))
    story.and_then(*(mah(batch.concluded(item)) for item in batch.ITEMS), mah(batch.marketed(), batch.QP))
    _change(story)
    _stop(story)
    actions = (capa.OPENED, capa.completed(1), capa.completed(2))
    story.and_then(*(cmo(_apart(step)) for step in actions), cmo(_apart(capa.checked(effective=True)), STAFF))
    story.and_then(cmo(_apart(capa.CLOSED)))


def _examine(story: Story) -> None:
    """A result that is invalidated for the cause that the laboratory found."""
    story.and_then(cmo(_apart(oos.SUSPECTED)), cmo(_apart(oos.phase()), STAFF), cmo(_apart(oos.INVALIDATED)))


def _package() -> Step:
    """The records of the batch with the investigation of its deviation."""
    files = {
        batch.RECORD: "batch_production_record",
        batch.TESTS: "batch_test_record",
        batch.INVESTIGATION: "deviation_investigation",
    }
    manifest: list[dict[str, Any]] = [{"kind": kind, "sha256": sha256} for sha256, kind in files.items()]
    manifest[-1]["about"] = named("deviation.opened.v1", 0)
    return batch.package(
        manifest=manifest,
        attachments=[{"sha256": sha256, "name": f"{kind}.pdf", "size": 1} for sha256, kind in files.items()],
        no_deviations=None,
    )


def _change(story: Story) -> None:
    """A change about whose category the parties are of two minds, up to its implementation."""
    theirs = change.opinion("approval", REVIEW_OPINION)
    first: tuple[Written, ...] = (cmo(_apart(change.PROPOSED)), cmo(_apart(change.opinion("filing"))))
    story.and_then(*first, mah(_apart(theirs)), cmo(_apart(change.determined("approval"))))
    story.and_then(mah(_apart(change.APPROVED)), mah(_apart(change.recorded("approval_certificate"))))
    story.and_then(cmo(_apart(change.implemented())))


def _stop(story: Story) -> None:
    """A major risk stops a product; a batch of it that is made all the same is marked; both lift the suspension."""
    theirs = risk.level("major", REVIEW_CLASSIFIED)
    story.and_then(cmo(_apart(risk.RAISED)), cmo(_apart(risk.MAJOR)), mah(_apart(says(**theirs))))
    story.and_then(cmo(_apart(suspension.STARTED)), cmo(_apart(risk.MEASURE)))
    story.and_then(cmo(batch.started_without(batch.PARENT_ID, number="B2026-002")))
    story.and_then(cmo(_apart(suspension.LIFT)), mah(_apart(suspension.PARTNERS_LIFT)))


def _apart(step: Step) -> Step:
    """Have each kind of matter under a UUID of its own."""

    def moved(story: Story, role: Role) -> Draft:
        draft = step(story, role)
        kind = draft.subject.partition("/")[0]
        number = _NUMBERS[kind.removesuffix("_review")]
        return replace(draft, subject=f"{kind}/0193572e-0000-7000-8000-0000000001{number:02x}")

    return moved
