"""A right: which events somebody of certain roles may write, and where that comes from."""

from dataclasses import dataclass

from domain.citations import Citation
from domain.parties.people import PersonRole

POLICY = "policy: who decides within a party is the party's own matter; the announcement asks only that it is named"
"""Where the law says nothing: a right that this product sets, and a decision record may change."""

PERSON = "person/"
SYSTEM = "system/"

HANDLED = Citation("NMPA 134/2025", "(V)", "any deviation shall be promptly recorded, handled")
NOTIFIED = Citation("NMPA 134/2025", "(V)", "the MAHs shall be promptly notified of such deviation")
COMMUNICATION = Citation("NMPA 134/2025", "(VII)", "clarify the communication personnel and responsibilities")
AGREEMENTS = Citation("NMPA 134/2025", "(XV)", "update the contract manufacturing agreement and quality agreement")
DATA = Citation("NMPA 134/2025", "(XIV)", "ensure that the data are true, accurate, complete and traceable")

STAFF = frozenset({PersonRole.QA_STAFF, PersonRole.QA_MANAGER})
SIGNERS = frozenset({PersonRole.QA_MANAGER, PersonRole.QUALIFIED_PERSON})
RECORDERS = STAFF | {PersonRole.INTEGRATOR}
MANAGER = frozenset({PersonRole.QA_MANAGER})
ADMIN = frozenset({PersonRole.ADMIN})
RUNNERS = frozenset({PersonRole.ADMIN, PersonRole.OPERATOR})


@dataclass(frozen=True, slots=True)
class Right:
    """The event types that somebody of these roles may write, and the clause or policy behind it."""

    types: tuple[str, ...]
    roles: frozenset[PersonRole]
    source: Citation | str


def rights_of_steps(kind: str) -> tuple[Right, ...]:
    """Return the rights to the steps that every matter knows."""
    return (
        Right((f"{kind}.batch_linked.v1",), RECORDERS, DATA),
        Right((f"{kind}.answered.v1", f"{kind}_review.asked.v1"), STAFF, COMMUNICATION),
        Right((f"{kind}.corrected.v1", f"{kind}_review.corrected.v1"), STAFF, DATA),
        Right((f"{kind}_review.acknowledged.v1",), STAFF, NOTIFIED),
    )
