"""The whole store in one view, checked from the bytes that were signed: what `counterfoil fsck` does.

1. What the database says of its own file; rows of no relationship; sums of rows that nothing signed stands for.
2. Each relationship's invitations; every entry, tree, page and receipt; what was set aside (`stepping`).
3. The keys in both parties' first entries, and every verdict, judged again; only over a store in which nothing else was
   found, for it reads the same rows.
"""

from collections.abc import Callable, Mapping

from events.encoding.identifiers import Relationship
from events.labels import Labeller
from services.gateway.checking.findings import Findings, Place
from services.gateway.checking.relationships import Parties, check_opened
from services.gateway.checking.stepping import BytesCheck
from services.gateway.checking.verdicts import AT_ONCE, JudgingAgain
from services.gateway.ports.store import Reading
from services.gateway.ports.stored_rows import StoredRows

_BELONGING = (
    "relationship",
    "entry",
    "journal",
    "entry_count",
    "standing",
    "page",
    "tree_node",
    "receipt",
    "seal",
    "wire_cursor",
    "sent_size",
    "quarantine",
    "quarantine_total",
    "held_page",
    "external_number",
    "refused_command",
)

LabellerOf = Callable[[Parties], Labeller | None]
"""Returns the label secret of a relationship, None where its private key is not at hand."""


class StoreCheck:
    """Checks one store in one consistent view; `run` returns what was found."""

    def __init__(
        self, rows: StoredRows, reading: Reading, labeller_of: LabellerOf, findings: Findings | None = None
    ) -> None:
        self._rows = rows
        self._reading = reading
        self._labeller_of = labeller_of
        self.findings = findings or Findings()
        self._bytes = BytesCheck(self.findings)

    def run(self) -> Findings:
        """Check everything."""
        self._check_rows()
        self._check_bytes()
        if not self.findings.count:
            for parties in self._bytes.parties.values():
                check_opened(parties, self._reading, self.findings)
            self._judge_again()
        return self.findings

    def _check_rows(self) -> None:
        for said in self._rows.complaints():
            self.findings.add(Place("database"), said)
        for table in _BELONGING:
            strays = self._rows.strays(table)
            if strays:
                self.findings.add(Place(table), f"{strays} rows belong to no journal of this gateway")
        for table, key in self._rows.wrong_sums():
            self.findings.add(Place(table, field=f"row {key}"), "the row has another sum than it was written with")

    def _check_bytes(self) -> None:
        total = self._reading.last_sequence()
        self._bytes.read_parties(self._rows)
        while not self._bytes.take_entries(self._rows, AT_ONCE):
            self.findings.advance(self._bytes.last, total)
        while not self._bytes.take_receipts(self._rows, self._reading, AT_ONCE):
            pass
        self._bytes.take_seals(self._rows, self._reading)
        self._bytes.take_set_aside(self._rows)

    def _judge_again(self) -> None:
        judging = {
            number: JudgingAgain(
                number, Relationship.parse(parties.name), self._reading, self._labeller_of(parties), self.findings
            )
            for number, parties in self._bytes.parties.items()
        }
        last, total = 0, self._reading.last_sequence()
        while found := self._reading.since(last, AT_ONCE):
            for number, again in judging.items():
                again.take([entry for relationship, entry in found if relationship == number])
            last = found[-1][1].sequence
            self.findings.advance(last, total)
        for again in judging.values():
            again.finish()


def counted(findings: Findings) -> Mapping[str, int]:
    """Return how many rows of each table were looked at, by table."""
    return dict(sorted(findings.looked_at.items()))
