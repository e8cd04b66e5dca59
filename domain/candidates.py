"""What every step of every matter could name now, by its type; a type that is not here need name nothing."""

from collections.abc import Mapping

from domain.agreement.candidates import candidates_of_document
from domain.agreement.rules import AGREEMENT
from domain.batch.candidates import CANDIDATES as BATCH
from domain.capa.candidates import CANDIDATES as CAPA
from domain.change.candidates import CANDIDATES as CHANGE
from domain.communication_list.rules import COMMUNICATION_LIST
from domain.deviation.candidates import CANDIDATES as DEVIATION
from domain.lot.candidates import CANDIDATES as LOT
from domain.matters import KINDS
from domain.obligation.candidates import CANDIDATES as OBLIGATION
from domain.oos.candidates import CANDIDATES as OOS
from domain.regulatory_measure.candidates import CANDIDATES as REGULATORY_MEASURE
from domain.risk.candidates import CANDIDATES as RISK
from domain.steps.candidates import Candidates, candidates_of_steps
from domain.suspension.candidates import CANDIDATES as SUSPENSION

_EVERY_MATTER = {name: each for kind in KINDS for name, each in candidates_of_steps(kind).items()}

CANDIDATES: Mapping[str, Candidates] = {
    **_EVERY_MATTER,
    **candidates_of_document(AGREEMENT),
    **candidates_of_document(COMMUNICATION_LIST),
    **DEVIATION,
    **RISK,
    **SUSPENSION,
    **REGULATORY_MEASURE,
    **CHANGE,
    **OOS,
    **CAPA,
    **OBLIGATION,
    **BATCH,
    **LOT,
}
"""The candidates of each event type that has some."""
