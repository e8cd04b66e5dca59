"""The rules of all matters: what an event must fulfil beyond its form, by its type."""

from collections.abc import Mapping

from domain.agreement.rules import RULES as AGREEMENT_RULES
from domain.approved_version.rules import RULES as APPROVED_VERSION_RULES
from domain.batch.rules import RULES as BATCH_RULES
from domain.capa.rules import RULES as CAPA_RULES
from domain.capability_profile.rules import RULES as CAPABILITY_PROFILE_RULES
from domain.change.rules import RULES as CHANGE_RULES
from domain.communication_list.rules import RULES as COMMUNICATION_LIST_RULES
from domain.deviation.rules import RULES as DEVIATION_RULES
from domain.drafts import Rule
from domain.key_person.rules import RULES as KEY_PERSON_RULES
from domain.liaison.rules import RULES as LIAISON_RULES
from domain.lot.rules import RULES as LOT_RULES
from domain.obligation.rules import RULES as OBLIGATION_RULES
from domain.oos.rules import RULES as OOS_RULES
from domain.parties.rules import RULES as PEOPLE_RULES
from domain.regulatory_measure.rules import RULES as REGULATORY_MEASURE_RULES
from domain.relationship.rules import RULES as RELATIONSHIP_RULES
from domain.risk.rules import RULES as RISK_RULES
from domain.suspension.rules import RULES as SUSPENSION_RULES

RULES: Mapping[str, Rule] = {
    **RELATIONSHIP_RULES,
    **PEOPLE_RULES,
    **AGREEMENT_RULES,
    **COMMUNICATION_LIST_RULES,
    **DEVIATION_RULES,
    **RISK_RULES,
    **SUSPENSION_RULES,
    **REGULATORY_MEASURE_RULES,
    **CHANGE_RULES,
    **OOS_RULES,
    **CAPA_RULES,
    **APPROVED_VERSION_RULES,
    **OBLIGATION_RULES,
    **CAPABILITY_PROFILE_RULES,
    **LIAISON_RULES,
    **KEY_PERSON_RULES,
    **LOT_RULES,
    **BATCH_RULES,
}
"""The rule of each event type that has one."""
