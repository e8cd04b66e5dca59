"""Whether what both signed has to be reviewed: something linked to it changed after it was put in force.

An occasion is known to a document if it stands in the context of its activation, or of a newer draft: then the parties
had it before them. Any other occasion asks for a review, until a newer version is drafted or put in force.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.agreement.document import Document
from domain.approved_version import names as version
from domain.capability_profile import names as profile
from domain.items.rows import Row, ref_to
from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.key_person import names as person
from domain.liaison import names as liaison
from domain.regulatory_measure import names as measure
from domain.steps.history import history_of, overlap

_PRODUCT = "product/"

_PEOPLE = (liaison.DESIGNATED, person.REGISTERED, person.DELEGATED, person.WITHDRAWN)
"""Who answers for what was agreed, whatever the product."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """An entry on which what was agreed is reviewed, and the labels of what it is about (none: everything)."""

    past: PastEvent
    labels: tuple[str, ...]

    @property
    def order(self) -> tuple[str, str, int]:
        """Return its place among others: by time; two of the same moment have one order all the same."""
        return self.past.time, self.past.role.value, self.past.position

    @property
    def products(self) -> list[str]:
        """Return the labels of products; none: all products are touched."""
        return [label for label in self.labels if label.startswith(_PRODUCT)]


def occasions_in(context: Context, implemented: Iterable[Occasion] = ()) -> list[Occasion]:
    """Return everything on which agreements and lists are reviewed, by time; a marked word is no occasion.

    `implemented` are the implementations of changes that the regulator approves, which no context has at hand.

    Source: NMPA 134/2025 (XV), "update the contract manufacturing agreement and quality agreement in a timely manner".
    """
    found = [each for each in (*_standing(context), *implemented) if not each.past.violates]
    return sorted(found, key=lambda each: each.order)


def review_reasons(
    document: Document, activation: PastEvent, products: Iterable[str], occasions: Iterable[Occasion]
) -> list[Row]:
    """Return on which occasions a document in force by this activation is to be reviewed, each as a row.

    `products` are the labels of the products that it is about; none: all.
    """
    drafts = (draft for draft in document.drafts if not draft.violates)
    latest = max((activation, *drafts), key=lambda past: past.position)
    covered = list(products)
    return [
        {"type": each.past.name, "entry": ref_to(each.past), "recorded_at": each.past.time}
        for each in occasions
        if not latest.has_seen(each.past) and overlap(each.products, covered)
    ]


def _standing(context: Context) -> Iterator[Occasion]:
    for name in (profile.CHANGED, measure.RECORDED, *version.APPROVALS):
        for past in context.standing(name):
            yield Occasion(past, past.body.scope.labels)
    for name in version.WITHDRAWALS:
        for past in context.standing(name):
            yield Occasion(past, _labels_of_version(past, context))
    for name in _PEOPLE:
        for past in context.standing(name):
            yield Occasion(past, ())


def _labels_of_version(past: PastEvent, context: Context) -> tuple[str, ...]:
    """Return the labels of the version that is withdrawn."""
    if past.head is None:
        return ()
    opening = history_of(context, past.role, past.head.subject_kind, past.head.subject_id).opening
    return () if opening is None else opening.body.scope.labels
