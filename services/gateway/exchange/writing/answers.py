"""What commands were answered under their keys: asked for once a transaction, and kept once, before its commit.

What is lost if the process dies before the commit: nothing that anybody was told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from events.stored.intake import RememberedAnswer
from services.gateway.exchange.errors import KeyReusedError
from services.gateway.exchange.jobs import Answer, CommandJob, Job
from services.gateway.ports.store import Writing


@dataclass(slots=True)
class KeptAnswers:
    """The answers that the commands of one transaction may repeat, those that it gives itself included."""

    _writing: Writing
    _known: dict[tuple[str, str], RememberedAnswer | None] = field(default_factory=dict)
    _new: list[RememberedAnswer] = field(default_factory=list)

    def look_up(self, jobs: Iterable[Job]) -> None:
        """Ask the store for the keys of these jobs that are not known yet, all at once."""
        keys = [(job.caller, job.key) for job in jobs if isinstance(job, CommandJob) and job.key is not None]
        wanted = [key for key in dict.fromkeys(keys) if key not in self._known]
        if wanted:
            self._known |= dict.fromkeys(wanted, None) | dict(self._writing.remembered(wanted))

    def repeat(self, job: CommandJob) -> Answer | None:
        """Return what this command was answered before, None when it is new.

        Raises:
            KeyReusedError: its key was used for another request.
        """
        if job.key is None:
            return None
        self.look_up([job])
        remembered = self._known[job.caller, job.key]
        if remembered is None:
            return None
        if remembered.request_digest != job.digest:
            raise KeyReusedError("this Idempotency-Key was used for another request; try: a new key")
        return Answer(remembered.status, remembered.answer, replayed=True)

    def keep(self, job: CommandJob, status: int, body: bytes, when: str) -> None:
        """Keep what a command with a key is answered."""
        if job.key is not None:
            answer = RememberedAnswer(job.caller, job.key, job.digest, status, body, when)
            self._known[job.caller, job.key] = answer
            self._new.append(answer)

    def write(self) -> None:
        """Write the answers that this transaction gives."""
        new: Sequence[RememberedAnswer] = self._new
        if new:
            self._writing.remember(new)
