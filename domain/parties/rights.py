"""Who may do what: a plain table of rights, each with the roles that have it and where it comes from.

Rights bind people by the roles that their own party's journal gives them (`domain.parties.people`). A system may state
facts, never act: what permits, signs or closes is a named person's. Until a party has authorised its first
administrator, authorising and the entries of the protocol itself are free: somebody has to begin.
"""

from dataclasses import dataclass

from domain.citations import Citation
from domain.judging.context import Context, Proposed
from domain.parties.errors import NotPermittedError
from domain.parties.people import AUTHORISED, NAMED, WITHDRAWN, PersonRole, ever_held, roles_of
from events.catalogue.registry import Kind, event_type

POLICY = "policy: who decides within a party is the party's own matter; the announcement asks only that it is named"
"""Where the law says nothing: a right that this product sets, and a decision record may change."""

PERSON = "person/"
SYSTEM = "system/"

_DEVIATIONS = Citation("NMPA 134/2025", "(V)", "any deviation shall be promptly recorded, handled")
_NOTIFIED = Citation("NMPA 134/2025", "(V)", "the MAHs shall be promptly notified of such deviation")
_COMMUNICATION = Citation("NMPA 134/2025", "(VII)", "clarify the communication personnel and responsibilities")
_AGREEMENTS = Citation("NMPA 134/2025", "(XV)", "update the contract manufacturing agreement and quality agreement")
_DATA = Citation("NMPA 134/2025", "(XIV)", "ensure that the data are true, accurate, complete and traceable")

_STAFF = frozenset({PersonRole.QA_STAFF, PersonRole.QA_MANAGER})
_SIGNERS = frozenset({PersonRole.QA_MANAGER, PersonRole.QUALIFIED_PERSON})
_RECORDERS = _STAFF | {PersonRole.INTEGRATOR}
_MANAGER = frozenset({PersonRole.QA_MANAGER})
_ADMIN = frozenset({PersonRole.ADMIN})
_RUNNERS = frozenset({PersonRole.ADMIN, PersonRole.OPERATOR})


@dataclass(frozen=True, slots=True)
class Right:
    """The event types that somebody of these roles may write, and the clause or policy behind it."""

    types: tuple[str, ...]
    roles: frozenset[PersonRole]
    source: Citation | str


RIGHTS = (
    Right(("deviation.opened.v1", "deviation.classified.v1"), _RECORDERS, _DEVIATIONS),
    Right(("deviation.batch_linked.v1",), _RECORDERS, _DATA),
    Right(("deviation.investigated.v1",), _STAFF, _DEVIATIONS),
    Right(("deviation.answered.v1",), _STAFF, _COMMUNICATION),
    Right(("deviation.corrected.v1", "deviation_review.corrected.v1"), _STAFF, _DATA),
    Right(("deviation_review.acknowledged.v1",), _STAFF, _NOTIFIED),
    Right(("deviation_review.asked.v1",), _STAFF, _COMMUNICATION),
    Right(("deviation.closed.v1",), _SIGNERS, _DEVIATIONS),
    Right(("deviation_review.closure_approved.v1", "deviation_review.closure_rejected.v1"), _SIGNERS, POLICY),
    Right(("agreement.drafted.v1", "agreement.activated.v1"), _MANAGER, _AGREEMENTS),
    Right(("agreement.signed.v1", "agreement_review.signed.v1"), _SIGNERS, _AGREEMENTS),
    Right(("communication_list.drafted.v1", "communication_list.activated.v1"), _MANAGER, _COMMUNICATION),
    Right(("communication_list.signed.v1", "communication_list_review.signed.v1"), _SIGNERS, _COMMUNICATION),
    Right(("refusal.disputed.v1", "dispute.settled.v1"), _MANAGER, POLICY),
    Right(("calendar.published.v1",), _MANAGER | _RUNNERS, _COMMUNICATION),
    Right((AUTHORISED, WITHDRAWN, NAMED), _ADMIN, POLICY),
    Right(("body.erased.v1",), _ADMIN, POLICY),
    Right(("relationship.opened.v1", "gateway.announced.v1", "key.rotated.v1"), _RUNNERS, POLICY),
    Right(("journal.taken.v1", "entry.refused.v1"), _RUNNERS, POLICY),
)
"""The table role x permission. An auditor and an inspector read; an administrator has no right on quality data."""

RIGHT_OF = {name: right for right in RIGHTS for name in right.types}
"""The right by event type; a type without one is a system's alone."""

_NOBODY: frozenset[PersonRole] = frozenset()

_FREE_TO_BEGIN = frozenset(
    {
        AUTHORISED,
        WITHDRAWN,
        NAMED,
        "relationship.opened.v1",
        "gateway.announced.v1",
        "calendar.published.v1",
        "journal.taken.v1",
        "entry.refused.v1",
        "refusal.disputed.v1",
        "key.rotated.v1",
    }
)
"""The facts of the protocol itself, which need nobody's right before there is anybody to give one."""


def roles_with(name: str) -> frozenset[PersonRole]:
    """Return the roles that have the right to write an event type; none for a type that nobody has a right to."""
    right = RIGHT_OF.get(name)
    return _NOBODY if right is None else right.roles


def check_right(proposed: Proposed, context: Context) -> None:
    """Ask that the actor may write this event now: by a role that the own party's journal gives it.

    Source: NMPA 134/2025 (VII), "clarify the communication personnel and responsibilities".

    Raises:
        NotPermittedError: a system acts, a person lacks the role, or signs for somebody else.
    """
    if _is_act(proposed.type):
        _check_signer(proposed)
    if proposed.actor.startswith(SYSTEM) or _is_beginning(proposed, context):
        return
    person = proposed.actor.removeprefix(PERSON)
    if roles_with(proposed.type).isdisjoint(roles_of(context, proposed.role, person, proposed.time)):
        wanted = " or ".join(sorted(roles_with(proposed.type))) or "a system"
        raise NotPermittedError(f"{proposed.actor} is not {wanted} now; {proposed.type} needs that")


def _is_act(name: str) -> bool:
    type_ = event_type(name)
    return type_ is not None and type_.kind is Kind.ACT


def _is_beginning(proposed: Proposed, context: Context) -> bool:
    return proposed.type in _FREE_TO_BEGIN and not ever_held(context, proposed.role, PersonRole.ADMIN)


def _check_signer(proposed: Proposed) -> None:
    """Ask for a named person who signs in the own name."""
    if not proposed.actor.startswith(PERSON):
        raise NotPermittedError(f"{proposed.type} is an act of a named person, not of {proposed.actor}")
    signature = getattr(proposed.body, "signature", None)
    if signature is not None and signature.person.removeprefix(PERSON) != proposed.actor.removeprefix(PERSON):
        raise NotPermittedError(f"{proposed.actor} does not sign for {signature.person}")
