"""Who may draft, sign and put in force what the parties agree."""

from domain.parties.right import AGREEMENTS, COMMUNICATION, MANAGER, SIGNERS, Right

RIGHTS = (
    Right(("agreement.drafted.v1", "agreement.activated.v1"), MANAGER, AGREEMENTS),
    Right(("agreement.signed.v1", "agreement_review.signed.v1"), SIGNERS, AGREEMENTS),
    Right(("communication_list.drafted.v1", "communication_list.activated.v1"), MANAGER, COMMUNICATION),
    Right(("communication_list.signed.v1", "communication_list_review.signed.v1"), SIGNERS, COMMUNICATION),
)
"""The rights of agreements and communication lists."""
