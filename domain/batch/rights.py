"""Who may make, test, release and review batches."""

from domain.batch import names as n
from domain.citations import Citation
from domain.parties.people import PersonRole
from domain.parties.right import RECORDERS, SIGNERS, STAFF, Right, rights_of_steps

MADE = Citation("NMPA 134/2025", "(I)", "organize manufacturing in accordance with national drug standards")
FACTORY = Citation("NMPA 134/2025", "(XII)", "may only be released upon the signature of the qualified person")
MARKETING = Citation("NMPA 134/2025", "(XII)", "MAHs shall strictly review the drug quality test results")

QUALIFIED = frozenset({PersonRole.QUALIFIED_PERSON})

RIGHTS = (
    Right((n.AUTHORISED,), SIGNERS, MADE),
    Right((n.STARTED, n.MANUFACTURED, n.TESTED, n.SPLIT, n.JOINED, n.REWORKED), RECORDERS, MADE),
    Right((n.REJECTED,), STAFF | SIGNERS, FACTORY),
    Right((n.FACTORY_RELEASED,), QUALIFIED, FACTORY),
    Right((n.SUBMITTED,), STAFF | SIGNERS, FACTORY),
    Right((n.ITEM_CONCLUDED,), STAFF | SIGNERS, MARKETING),
    Right((n.FULL_REVIEW_REQUESTED, n.HELD, n.REVIEW_REJECTED, n.RELEASE_WITHDRAWN), STAFF | SIGNERS, MARKETING),
    Right((n.HOLD_LIFTED, n.DISPATCH_PERMITTED), SIGNERS, MARKETING),
    Right((n.MARKETING_RELEASED,), QUALIFIED, MARKETING),
    Right(n.DISPATCHES, RECORDERS, MARKETING),
    *(right for right in rights_of_steps("batch") if right.types != ("batch.batch_linked.v1",)),
)
"""The rights of the matter; a batch is not linked to another, so nobody may."""
