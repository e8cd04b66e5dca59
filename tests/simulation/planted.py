"""Bugs that could be in an engine, put into this one for the length of a test: the simulation must find each.

Each changes one thing that a promise rests on, by replacing a method of the real engine.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from domain.judging.context import Context
from services.gateway.exchange.channel import Channel
from services.gateway.exchange.jobs import Job
from services.gateway.exchange.receiving.gathering import Gathering
from services.gateway.exchange.receiving.intake import Intake
from services.gateway.exchange.receiving.lineage import Lineages
from services.gateway.exchange.sending.publishing import Publisher
from services.gateway.exchange.writing import writer
from services.gateway.exchange.writing.answers import KeptAnswers
from services.gateway.exchange.writing.round import Round
from services.gateway.exchange.writing.writer import Writer

EVERYTHING = 2**53

Plant = Callable[[pytest.MonkeyPatch], None]


def _answers_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    close = Round.close

    def closed(self: Round) -> None:
        close(self)
        self.settle()
        self._done.clear()
        self._failed.clear()

    def failed(jobs: Iterable[Job], error: Exception) -> None:
        for job in jobs:
            if not job.outcome.done():
                job.outcome.set_exception(error)

    patch.setattr(Round, "close", closed)
    patch.setattr(writer, "_fail", failed)


def _hands_receipts_over_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    sign = Round._sign_receipt

    def signed(self: Round, channel: Channel) -> None:
        sign(self, channel)
        self.hand_over()

    patch.setattr(Round, "_sign_receipt", signed)


def _takes_a_repeated_command_for_a_new_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(KeptAnswers, "repeat", lambda _self, _job: None)


def _keeps_memory_after_a_failed_commit(patch: pytest.MonkeyPatch) -> None:
    load = Writer._load

    def loaded(self: Writer) -> None:
        if not self._channels:
            load(self)
        self._is_stale = False

    patch.setattr(Writer, "_load", loaded)


def _judges_on_what_it_holds_now(patch: pytest.MonkeyPatch) -> None:
    """What the reader holds of the author's partner decides, not what the author had seen of it."""
    patch.setattr(Context, "reach", lambda self, role: self.position if role is self.role else EVERYTHING)


def _publishes_before_it_marks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Publisher, "_mark", lambda *_: None)


def _never_goes_back(patch: pytest.MonkeyPatch) -> None:
    """The send cursor stays where it is, whatever the partner lacks."""
    patch.setattr(Channel, "rewind", lambda *_: None)


def _forgets_pages_that_wait(patch: pytest.MonkeyPatch) -> None:
    """What is beyond a gap is dropped, and the gap closed with it."""

    def dropped(self: Intake, _page: Any, _value: bytes) -> None:
        self.channel.gap.close()

    patch.setattr(Intake, "_buffer", dropped)
    patch.setattr("services.gateway.exchange.channel.GapState.want", lambda *_: None)


def _takes_what_is_behind_for_whole(patch: pytest.MonkeyPatch) -> None:
    """A restored store goes on signing."""
    patch.setattr(Channel, "behind", property(lambda _: False))


def _forgets_what_touches_a_batch(patch: pytest.MonkeyPatch) -> None:
    """A release is decided and judged without the deviations, results and changes that name the batch."""
    patch.setattr(Lineages, "touching", lambda *_: None)


def _brings_no_entries_that_are_named(patch: pytest.MonkeyPatch) -> None:
    """What a command names as evidence is not brought for it, unless it is of the same matter."""
    patch.setattr(Gathering, "positions", lambda *_: None)


def _lets_work_go_on(patch: pytest.MonkeyPatch) -> None:
    """No suspension ever shuts a gate, on either side alike: only who reads the law anew sees it."""
    patch.setattr("domain.suspension.blocks.blocks_on", lambda *_: [])


PLANTS: dict[str, Plant] = {
    plant.__name__.strip("_"): plant
    for plant in (
        _takes_a_repeated_command_for_a_new_one,
        _publishes_before_it_marks,
        _answers_before_the_commit,
        _keeps_memory_after_a_failed_commit,
        _judges_on_what_it_holds_now,
        _takes_what_is_behind_for_whole,
        _hands_receipts_over_before_the_commit,
        _never_goes_back,
        _forgets_pages_that_wait,
        _forgets_what_touches_a_batch,
        _brings_no_entries_that_are_named,
        _lets_work_go_on,
    )
}
"""By name, those that are found first before others."""
