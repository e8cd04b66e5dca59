"""What lifts a suspension: the signatures of those whom the agreement in force at its beginning names.

Who lifts is a policy, `suspension.lift` (domain.md 2.4; default: both parties' signatures). A signature lifts what it
had in view: after a correction that made the scope wider, whoever signed before signs anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.agreement.in_force import Versions, policies_at
from domain.evidence import names
from domain.judging.history import PastEvent
from domain.steps.history import History
from domain.steps.scopes import standing_scope, widenings
from domain.suspension import names as n
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment

_BOTH = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Lifting:
    """A suspension that is lifted: what it was about, as it stands, and the signatures that lifted it."""

    scope: frozenset[str]  # empty: the whole relationship
    signatures: tuple[PastEvent, ...]

    def is_after(self, past: PastEvent) -> bool:
        """Tell whether everybody who had to sign had an entry in view."""
        return all(each.has_seen(past) for each in self.signatures)


def signatures_of(history: History) -> Mapping[Role, PastEvent]:
    """Return each party's signature that can be relied on and had the whole scope in view."""
    wider = widenings(history)
    signed = history.relied(n.LIFT_SIGNED, n.REVIEW_LIFT_SIGNED)
    return {past.role: past for past in signed if all(past.has_seen(each) for each in wider)}


def lifting_parties(history: History, agreements: Versions) -> frozenset[Role]:
    """Return whose signatures lift a suspension, as agreed when it began."""
    opening = history.opening
    agreed = "both" if opening is None else policies_at(agreements, parse_moment(opening.time)).suspension_lift
    return _BOTH if agreed == "both" else frozenset({Role(agreed)})


def lifting_of(history: History, agreements: Versions) -> Lifting | None:
    """Return how a suspension was lifted; None while somebody has still to sign."""
    signed, needed = signatures_of(history), lifting_parties(history, agreements)
    if not needed <= signed.keys():
        return None
    return Lifting(standing_scope(history), tuple(signed[role] for role in Role if role in needed))


def is_lifted(history: History, agreements: Versions) -> bool:
    """Tell whether everybody who has to has signed that a suspension is lifted."""
    return lifting_of(history, agreements) is not None


def is_about(suspension: History, raised: PastEvent) -> bool:
    """Tell whether a suspension names a risk, by the entry that raised it."""
    opening = suspension.opening
    return opening is not None and opening.body.risk is not None and names(opening.body.risk, raised)
