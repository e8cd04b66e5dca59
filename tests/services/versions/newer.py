"""A later version of this software, as far as the catalogue goes: it knows a second version of one event."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from domain.drafts import Draft
from events.catalogue import registry
from events.catalogue.bodies import Body
from events.catalogue.forms import Code, Remark
from events.catalogue.registry import CATALOGUE, Author, Catalogue, EventType, Kind, Succession
from services.gateway.exchange.receiving import reacting

LINKED = "deviation.batch_linked.v2"


class LinkedAgain(Body):
    """A batch that a deviation touches, and how it came to be known."""

    batch: Code
    remark: Remark = ""


_SECOND = EventType(LINKED, Kind.FACT, Author.OWNER, "deviation", LinkedAgain, later=True)
_FIRST = "deviation.batch_linked.v1"


def _to_second(body: Any) -> dict[str, Any]:
    return {"salt": body.salt, "batch": body.batch.number}


def _next_version(type_: EventType) -> EventType:
    return replace(type_, succeeded=Succession(_SECOND, _to_second)) if type_.name == _FIRST else type_


NEWER = Catalogue((*map(_next_version, CATALOGUE.types), _SECOND))


@contextmanager
def newer_software() -> Iterator[None]:
    """Run what stands in the block with the later version, whichever side does it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "CATALOGUE", NEWER)
        patch.setattr(reacting, "ANNOUNCED", tuple(each.name for each in NEWER.types))
        yield


def link(subject: str, batch: str) -> list[Draft]:
    """The draft of an event that only the later version knows."""
    return [Draft(LINKED, subject, {"batch": batch, "remark": "事后发现"})]
