"""Which roles a person holds at a moment: what the party's own journal says of the person, the later word first.

A `person.authorised.v1` or `person.withdrawn.v1` speaks for its roles and for its time: from `from` on, before `to`
(null: for ever). Of all words about a role and a moment the one recorded last counts. A word that is marked as a
violation counts for nothing; one that is disputed gives no role, but takes one.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from events.encoding.moments import format_moment

AUTHORISED = "person.authorised.v1"
WITHDRAWN = "person.withdrawn.v1"
NAMED = "person.named.v1"


class PersonRole(StrEnum):
    """What a person is to the party. Labels in both languages: domain/vocabulary/roles.json."""

    QA_STAFF = "qa_staff"
    QA_MANAGER = "qa_manager"
    QUALIFIED_PERSON = "qualified_person"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"
    OPERATOR = "operator"
    INSPECTOR = "inspector"
    ADMIN = "admin"


def roles_of(context: Context, party: Role, person: str, at: datetime) -> frozenset[str]:
    """Return the roles that a person (`person` of the bodies, without `person/`) holds for a party at a moment."""
    words = [*_words(context, party, AUTHORISED, person), *_words(context, party, WITHDRAWN, person)]
    moment = format_moment(at)
    held: set[str] = set()
    for past in sorted(words, key=_position):
        if _covers(past.body, moment):
            _hear(held, past, context)
    return frozenset(held)


def ever_held(context: Context, party: Role, role: PersonRole) -> bool:
    """Tell whether a party ever authorised anybody for a role."""
    return any(
        role in past.body.roles and not context.is_disputed(past)
        for past in context.standing_of(party, AUTHORISED)
        if not past.violates
    )


def _hear(held: set[str], past: PastEvent, context: Context) -> None:
    if past.name == WITHDRAWN:
        held.difference_update(past.body.roles)
    elif not context.is_disputed(past):
        held.update(past.body.roles)


def _words(context: Context, party: Role, name: str, person: str) -> Iterator[PastEvent]:
    for past in context.standing_of(party, name):
        if past.body.person == person and not past.violates:
            yield past


def _covers(body: Any, moment: str) -> bool:  # noqa: ANN401 - the bodies of both words have the same fields
    """Tell whether a word speaks for a moment; recorded times compare as the texts they are."""
    since, until = body.from_, body.to
    return bool(since <= moment and (until is None or moment < until))


def _position(past: PastEvent) -> int:
    return past.position
