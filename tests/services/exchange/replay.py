"""A third reader: it has nothing but the two journals, and judges every entry again from entry 0 in the one order."""

from collections.abc import Mapping, Sequence

from domain.judging.history import JournalView
from domain.judging.judge import Judge, Judged, read_line
from events.encoding.identifiers import Role
from events.labels import Labeller
from events.stored.journal import JournalClaims
from tests.events.golden.cast import RELATIONSHIP


def judge_again(journals: Mapping[Role, Sequence[bytes]], labeller: Labeller | None = None) -> dict[Role, list[Judged]]:
    """The verdict of every line, computed anew."""
    views = {role: JournalView(role) for role in Role}
    judge = Judge(RELATIONSHIP, views, labeller)
    claims = dict.fromkeys(Role, JournalClaims())
    judged: dict[Role, list[Judged]] = {role: [] for role in Role}
    while any(len(judged[role]) < len(journals[role]) for role in Role):
        role = _next(journals, judged)
        position = len(judged[role])
        arrival = read_line(journals[role][position])
        verdict = judge.judge_arrival(role, position, arrival, claims[role], len(journals[role.other]))
        claims[role] = verdict.claims
        judged[role].append(verdict)
    return judged


def _next(journals: Mapping[Role, Sequence[bytes]], judged: Mapping[Role, Sequence[Judged]]) -> Role:
    """The next MAH entry, unless none is held or its `seen` exceeds the CMO entries already taken."""
    taken = {role: len(judged[role]) for role in Role}
    if taken[Role.MAH] < len(journals[Role.MAH]):
        arrival = read_line(journals[Role.MAH][taken[Role.MAH]])
        seen = 0 if arrival.head is None else arrival.head.seen
        if seen <= taken[Role.CMO] or taken[Role.CMO] == len(journals[Role.CMO]):
            return Role.MAH
    return Role.CMO
