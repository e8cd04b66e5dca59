"""The matters of the quality core, by the kind of their subjects. The deviation, which is older, stands by itself."""

from collections.abc import Mapping

from domain.approved_version.state import PROCESS_MATTER, STANDARD_MATTER
from domain.batch.state import MATTER as BATCH
from domain.capa.state import MATTER as CAPA
from domain.capability_profile.state import MATTER as CAPABILITY_PROFILE
from domain.change.state import MATTER as CHANGE
from domain.lot.state import MATTER as LOT
from domain.obligation.state import MATTER as OBLIGATION
from domain.oos.state import MATTER as OOS
from domain.regulatory_measure.state import MATTER as REGULATORY_MEASURE
from domain.risk.state import MATTER as RISK
from domain.steps.matter import Matter
from domain.suspension.state import MATTER as SUSPENSION

DEVIATION = "deviation"

_ALL = (
    RISK,
    SUSPENSION,
    REGULATORY_MEASURE,
    CHANGE,
    OOS,
    CAPA,
    PROCESS_MATTER,
    STANDARD_MATTER,
    OBLIGATION,
    CAPABILITY_PROFILE,
    LOT,
    BATCH,
)

MATTERS: Mapping[str, Matter] = {each.kind: each for each in _ALL}
"""Every matter but the deviation."""

KINDS = (DEVIATION, *MATTERS)
"""The kinds of subjects that are items of the list."""

KIND_OF = {"deviations": DEVIATION} | {each.category: each.kind for each in MATTERS.values()}
"""The kind of subject of each category of the list that items are of."""

ENDED = frozenset({("deviations", "closed")}) | {(each.category, state) for each in _ALL for state in each.ended}
"""Each category with the states in which nothing is left to be done."""

STOPPING = frozenset(kind for kind, each in MATTERS.items() if each.stops)
"""The kinds of matters whose entries shut gates of whatever has their scope."""

GATED = frozenset(name for each in MATTERS.values() for name in each.blocks)
"""The types of entries that a block of the partner may overtake."""
