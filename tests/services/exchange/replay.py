"""A third reader: it has nothing but the two journals, and judges every entry again from entry 0 in the one order."""

from collections.abc import Mapping, Sequence

from domain.judging.history import REFUSED, JournalView
from domain.judging.judge import Judge, Judged, read_line
from events.encoding.base64 import decode_base64
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
    named = _named_by_refusals(journals)
    while any(len(judged[role]) < len(journals[role]) for role in Role):
        role = _next(journals, judged)
        position = len(judged[role])
        arrival = read_line(journals[role][position])
        verdict = judge.judge_arrival(role, position, arrival, claims[role], _reach(journals, named, role, position))
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


def _named_by_refusals(journals: Mapping[Role, Sequence[bytes]]) -> dict[tuple[Role, int, bytes], int]:
    """Where the other journal first refuses each entry, known before anything is judged: the two need each other."""
    named: dict[tuple[Role, int, bytes], int] = {}
    for role, lines in journals.items():
        for at, arrival in enumerate(map(read_line, lines)):
            if arrival.entry is None or arrival.entry.head.type != REFUSED:
                continue
            for each in arrival.entry.body.get("refused", []):
                named.setdefault((role.other, each["position"], decode_base64(each["leaf"])), at)
    return named


def _reach(
    journals: Mapping[Role, Sequence[bytes]], named: Mapping[tuple[Role, int, bytes], int], role: Role, position: int
) -> int:
    """How much of the other journal an entry can have seen: not the refusal that names it."""
    arrival = read_line(journals[role][position])
    refused_at = named.get((role, position, arrival.leaf))
    return len(journals[role.other]) if refused_at is None else refused_at
