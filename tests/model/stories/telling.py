"""Both judges before one story: where the model and the engine differ, and the shortest story in which they do."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from events.encoding.identifiers import Role
from tests.events.golden.cast import RELATIONSHIP
from tests.model.entries import Entry
from tests.model.folding import deviation_rows, document_rows
from tests.model.judging import STOPS, Journals, Verdict
from tests.model.stories.drafting import START, moment
from tests.model.stories.engine import KINDS, Engine, read_from_entry_0
from tests.model.stories.story import LABEL_SECRET, LABELLER, Plan, Story

A_MONTH = 30 * 86_400  # seconds; which version of a document is in force is asked for then
DIED = "a judge died of "


def journals_of(lines: Mapping[Role, Sequence[bytes]]) -> Journals:
    return Journals(str(RELATIONSHIP), LABEL_SECRET, {role.value: each for role, each in lines.items()})


class Folded:
    """The model's verdicts, marks and rows of two journals, and how a reader's differ."""

    def __init__(self, journals: Journals) -> None:
        self.journals = journals
        context = journals.everything()
        self._order = [(entry.role, entry.position) for entry in journals.one_order()]
        self.standings = {(entry.role, entry.position): context.standing(entry) for entry in context.all()}
        self.deviations = deviation_rows(journals)
        self.documents = {kind: document_rows(journals, kind, moment(A_MONTH)) for kind in KINDS}

    def differences(self, engine: Engine) -> Iterator[str]:
        for role in Role:
            entries = self.journals.entries[role.value]
            judged = [Verdict(past.code or "", past.violates) for past in engine.past(role)]
            judged += [Verdict(STOPS)] * (len(entries) - len(judged))
            for entry, said in zip(entries, judged, strict=True):
                found = self.journals.verdict(entry)
                if said != found:
                    yield f"{role.value} {entry.position} {entry.type}: {said} | {found}"
        order = [(past.role.value, past.position) for past in engine.one_order()]
        if order != self._order:
            yield f"the one order: {order} | {self._order}"
        yield from _differing("standing", engine.standings(), self.standings)
        yield from _differing("deviation", engine.deviation_rows(), self.deviations)
        for kind, rows in self.documents.items():
            yield from _differing(kind, engine.document_rows(kind, START + timedelta(seconds=A_MONTH)), rows)


def _differing(what: str, said: Mapping[Any, Any], found: Mapping[Any, Any]) -> Iterator[str]:
    for key in said.keys() | found.keys():
        if said.get(key) != found.get(key):
            yield f"{what} {key}: {said.get(key)} | {found.get(key)}"


def compared(plan: Plan) -> tuple[Folded | None, str]:
    """Return what the model says of a story, and the first difference; what a judge dies of is one."""
    try:
        story = Story(plan)
        folded = Folded(journals_of(story.lines))
        return folded, next(differences(story, folded), "")
    except Exception as error:  # noqa: BLE001 - whatever a judge dies of
        return None, f"{DIED}{type(error).__name__}: {error}"


def difference_in(plan: Plan) -> str:
    return compared(plan)[1]


def differences(story: Story, folded: Folded) -> Iterator[str]:
    """Say in which verdicts, marks, order and rows a faithful gateway, or a third reader, and the model differ."""
    readers = {f"{party.role}'s gateway": party.engine for party in story.parties.values() if party.is_faithful}
    chance = random.Random(len(story.lines[Role.MAH]))  # noqa: S311 - an order of arrival that repeats
    readers["third reader"] = read_from_entry_0(story.lines, LABELLER, chance)
    for name, engine in readers.items():
        for difference in folded.differences(engine):
            yield f"{difference} ({name} | model)"


def shrunk(plan: Plan, attempts: int = 400) -> Plan:
    """Leave out steps, ever fewer at a time, as long as there is a difference."""
    has_died, size = difference_in(plan).startswith(DIED), len(plan.steps) // 2
    while size and attempts:
        place = 0
        while place < len(plan.steps) and attempts:
            attempts -= 1
            shorter = replace(plan, steps=plan.steps[:place] + plan.steps[place + size :])
            difference = difference_in(shorter)
            if difference and difference.startswith(DIED) == has_died:
                plan = shorter
            else:
                place += size
        size //= 2
    return plan


def told(plan: Plan) -> str:
    """Tell a story entry by entry, with the model's verdicts, and what differs."""
    lines, story = [f"liars: {', '.join(sorted(plan.liars)) or 'none'}"], Story(plan)
    journals = journals_of(story.lines)
    for entry in [*journals.entries["mah"], *journals.entries["cmo"]]:
        who = f"{entry.role} {entry.position:2}: {entry.type} {entry.subject[-4:]} r{entry.head.get('revision')}"
        lines.append(f"{who} seen {entry.seen} {entry.head.get('actor')} {entry.time} -> {_verdict(journals, entry)}")
        lines.append(f"         {str({name: value for name, value in entry.body.items() if name != 'salt'})[:400]}")
    return "\n".join([*lines, difference_in(plan)])


def _verdict(journals: Journals, entry: Entry) -> str:
    try:
        verdict = journals.verdict(entry)
    except RecursionError as error:
        return f"{DIED}{error}"
    return verdict.code or ("violates" if verdict.violates else "accepted")
