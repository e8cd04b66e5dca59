"""What overtakes the steps of a batch: what stops the work, and what shuts its releases and its dispatch.

Looked at are the batch's own number and scope, not those that it came from: rows of items follow these alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from domain.as_read import as_read
from domain.batch import names as n
from domain.batch.blockers import TOUCHING_KINDS, blocks_by_number, dispositions
from domain.batch.lineage import labelled, labels_of_batch
from domain.batch.release import says_failed, unmet_tests
from domain.batch.standing import is_outdated, marketing_release_of, open_holds
from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.regulatory_measure.in_force import MANUFACTURING, SALES, measures_on
from domain.steps.crossing import Around, Block, Blocks, crossings_of
from domain.steps.history import History, history_of
from domain.suspension.blocks import suspending, suspending_releases


def is_release_overtaken(history: History, context: Context) -> bool:
    """Tell whether the marketing release that stands crossed a block of the manufacturer that still stands."""
    release = marketing_release_of(history)
    if release is None:
        return False
    around = Around(context, partial(touching_in, context))
    return any(each.is_open for each in crossings_of(release, history, BLOCKS[n.MARKETING_RELEASED], around))


def touching_in(context: Context, numbers: Sequence[str]) -> list[History]:
    """Return the matters of a context that touch batches with these numbers, as they are read."""
    return [
        history_of(context, role, kind, identity)
        for role, kind, identity in labelled(context, numbers)
        if kind in TOUCHING_KINDS
    ]


def _work(history: History, _past: PastEvent, around: Around) -> Iterator[Block]:
    labels = labels_of_batch(history)
    yield from (block for _, block in suspending(around.context, labels))
    yield from measures_on(around.context, labels, MANUFACTURING)


def _release(history: History, _past: PastEvent, around: Around) -> Iterator[Block]:
    labels = labels_of_batch(history)
    yield from (block for _, block in suspending_releases(around.context, labels))
    yield from measures_on(around.context, labels, MANUFACTURING | SALES)
    numbers = list(dict.fromkeys(as_read(each.body.number) for each in history.of(*n.OPENINGS)))
    yield from blocks_by_number(around.touching(numbers), numbers, around.context)
    yield from dispositions(around.context, numbers)
    yield from (Block(each, is_open=True) for each in history.of(*n.REJECTIONS))


def _marketing_release(history: History, past: PastEvent, around: Around) -> Iterator[Block]:
    """A release for the market rests on the manufacturer's, which rework, joins and failures void, and its package."""
    yield from _release(history, past, around)
    standing = marketing_release_of(history)
    is_open = standing is not None and is_outdated(history, standing)
    yield from (Block(each, is_open) for each in history.of(n.REWORKED, n.JOINED, n.SUBMITTED))
    is_unmet = bool(unmet_tests(history))
    yield from (Block(each, is_unmet) for each in history.of(n.TESTED, n.CORRECTED) if says_failed(each))


def _dispatch(history: History, past: PastEvent, around: Around) -> Iterator[Block]:
    """Goods leave on a release for the market that would still be given."""
    yield from _marketing_release(history, past, around)
    held = open_holds(history)
    yield from (Block(each, each in held) for each in history.of(n.HELD))
    yield from (Block(each, is_open=True) for each in history.of(n.RELEASE_WITHDRAWN))


BLOCKS: Mapping[str, Blocks] = {
    **dict.fromkeys((n.AUTHORISED, n.STARTED, n.MANUFACTURED, n.SPLIT, n.JOINED, n.REWORKED), _work),
    n.FACTORY_RELEASED: _release,
    n.MARKETING_RELEASED: _marketing_release,
    n.DISPATCH_PERMITTED: _dispatch,
    n.DISPATCHED: _dispatch,
    n.REVIEW_DISPATCHED: _dispatch,
}
"""By event type."""
