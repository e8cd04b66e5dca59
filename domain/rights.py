"""Who may do what: a plain table of rights, each with the roles that have it and where it comes from.

Rights bind people by the roles that their own party's journal gives them (`domain.parties.people`). A system may state
facts, never act: what permits, signs or closes is a named person's. Until a party has authorised its first
administrator, authorising and the entries of the protocol itself are free: somebody has to begin.
"""

from domain.agreement.rights import RIGHTS as AGREEMENT_RIGHTS
from domain.approved_version.rights import RIGHTS as APPROVED_VERSION_RIGHTS
from domain.batch.rights import RIGHTS as BATCH_RIGHTS
from domain.capa.rights import RIGHTS as CAPA_RIGHTS
from domain.capability_profile.rights import RIGHTS as CAPABILITY_PROFILE_RIGHTS
from domain.change.rights import RIGHTS as CHANGE_RIGHTS
from domain.deviation.rights import RIGHTS as DEVIATION_RIGHTS
from domain.judging.context import Context, Proposed
from domain.key_person.rights import RIGHTS as KEY_PERSON_RIGHTS
from domain.liaison.rights import RIGHTS as LIAISON_RIGHTS
from domain.lot.rights import RIGHTS as LOT_RIGHTS
from domain.obligation.rights import RIGHTS as OBLIGATION_RIGHTS
from domain.oos.rights import RIGHTS as OOS_RIGHTS
from domain.parties.errors import NotPermittedError
from domain.parties.people import AUTHORISED, NAMED, WITHDRAWN, PersonRole, ever_held, roles_of
from domain.parties.right import PERSON, SYSTEM
from domain.regulatory_measure.rights import RIGHTS as REGULATORY_MEASURE_RIGHTS
from domain.relationship.rights import RIGHTS as RELATIONSHIP_RIGHTS
from domain.risk.rights import RIGHTS as RISK_RIGHTS
from domain.suspension.rights import RIGHTS as SUSPENSION_RIGHTS
from events.catalogue.registry import Kind, event_type

RIGHTS = (
    *DEVIATION_RIGHTS,
    *AGREEMENT_RIGHTS,
    *RELATIONSHIP_RIGHTS,
    *RISK_RIGHTS,
    *SUSPENSION_RIGHTS,
    *REGULATORY_MEASURE_RIGHTS,
    *CHANGE_RIGHTS,
    *OOS_RIGHTS,
    *CAPA_RIGHTS,
    *APPROVED_VERSION_RIGHTS,
    *OBLIGATION_RIGHTS,
    *CAPABILITY_PROFILE_RIGHTS,
    *LIAISON_RIGHTS,
    *KEY_PERSON_RIGHTS,
    *LOT_RIGHTS,
    *BATCH_RIGHTS,
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
