"""Evidence that an entry names: another entry, which must be there, of the right type and about the right thing."""

from collections.abc import Iterable

from domain.errors import DomainError
from domain.judging.context import Context
from domain.judging.history import PastEvent
from events.catalogue.bodies import EventRef
from events.encoding.base64 import encode_base64
from events.encoding.identifiers import Role


class EvidenceNotFoundError(DomainError):
    """What an entry names as its evidence is not in its context, or is something else."""

    code = "evidence.not_found"
    slug = "validation"
    refusal = "entry.wrong_reference"


def evidence(context: Context, ref: EventRef, *types: str) -> PastEvent:
    """Return the accepted entry of one of these types that a reference names.

    Raises:
        EvidenceNotFoundError: no accepted entry of the context is meant (journal, position and leaf), or another type.
    """
    found = context.find(ref)
    if found is None or found.head is None:
        raise EvidenceNotFoundError(
            f"no accepted entry at {ref.journal} {ref.position} with this leaf is in the context"
        )
    if found.head.type not in types:
        raise EvidenceNotFoundError(f"{ref.journal} {ref.position} is {found.head.type}, not {' or '.join(types)}")
    return found


def evidence_of(context: Context, role: Role, subject: str, ref: EventRef, *types: str) -> PastEvent:
    """Return the accepted entry that a reference names, if this party wrote it in this subject, of one of these types.

    Raises:
        EvidenceNotFoundError: as `evidence`, or the entry is about something else.
    """
    found = evidence(context, ref, *types)
    if found.role is not role or found.head is None or found.head.subject != subject:
        raise EvidenceNotFoundError(f"{ref.journal} {ref.position} is not of {subject} of the {role.value}")
    return found


def check_there(context: Context, refs: Iterable[EventRef]) -> None:
    """Ask that each reference names an accepted entry of the context, of whatever type.

    Raises:
        EvidenceNotFoundError: one does not.
    """
    for ref in refs:
        if context.find(ref) is None:
            raise EvidenceNotFoundError(f"no accepted entry at {ref.journal} {ref.position} is in the context")


def reference(past: PastEvent) -> EventRef:
    """Return the reference by which an entry of either journal (of the first generation) is named as evidence."""
    return EventRef(journal=past.role.value, position=past.position, leaf=encode_base64(past.leaf))


def names(ref: EventRef, past: PastEvent) -> bool:
    """Tell whether a reference names this entry: same journal, position and leaf."""
    is_there = ref.position == past.position and ref.journal == past.role.value
    return is_there and ref.leaf == encode_base64(past.leaf)
