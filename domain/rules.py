"""The rules of all matters: what an event must fulfil beyond its form, by its type."""

from collections.abc import Mapping

from domain.agreement.rules import RULES as AGREEMENT_RULES
from domain.communication_list.rules import RULES as COMMUNICATION_LIST_RULES
from domain.deviation.rules import RULES as DEVIATION_RULES
from domain.drafts import Rule
from domain.parties.rules import RULES as PEOPLE_RULES
from domain.relationship.rules import RULES as RELATIONSHIP_RULES

RULES: Mapping[str, Rule] = {
    **RELATIONSHIP_RULES,
    **PEOPLE_RULES,
    **AGREEMENT_RULES,
    **COMMUNICATION_LIST_RULES,
    **DEVIATION_RULES,
}
"""The rule of each event type that has one."""
