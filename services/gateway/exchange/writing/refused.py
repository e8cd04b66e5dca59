"""What rules refused in one transaction: each attempt leaves a trace, written in that transaction (domain.md 2.2).

A step that comes too early, that its person may not take, or that its own author would approve leaves one. What is
wrong in its form alone leaves none: a missing field, an entry that is not there. Nor does a dry run. Nothing of a body
is kept but what the rule itself says.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.drafts import FORM
from domain.errors import DomainError
from events.encoding.moments import format_moment
from events.stored.intake import RefusedCommand
from services.gateway.exchange.errors import RefusedByRuleError
from services.gateway.exchange.jobs import CommandJob
from services.gateway.ports.store import Writing


@dataclass(slots=True)
class RefusedAttempts:
    """The traces of one transaction; of each relationship the newest `kept` stay in the store."""

    _writing: Writing
    _kept: int
    _found: Mapping[int, list[RefusedCommand]] = field(default_factory=lambda: defaultdict(list))

    def note(self, job: CommandJob, error: Exception, at: datetime) -> None:
        """Note a command that ended in an error, if a rule refused it."""
        if job.dry_run or not isinstance(error, DomainError | RefusedByRuleError) or error.refusal in FORM:
            return
        subject = error.subject or next(iter(job.subjects), "")
        when = format_moment(at)
        trace = RefusedCommand(0, when, job.actor, error.event, subject, error.refusal, error.code, error.detail)
        self._found[job.relationship].append(trace)

    def write(self) -> None:
        """Write the traces."""
        for relationship, found in self._found.items():
            self._writing.trace_refused(relationship, found, self._kept)
