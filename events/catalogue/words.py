"""The closed vocabularies that bodies speak. What each word means, in two languages: domain/vocabulary."""

from typing import Literal

AgreementKind = Literal["quality", "contract_manufacturing"]
"""Which of the two agreements of the parties."""

ClockEvent = Literal[
    "detected", "recorded", "received", "acknowledged", "asked", "answered", "investigated", "decided", "closed"
]
"""What starts or stops a clock."""

DeviationClass = Literal["major", "moderate", "minor"]
"""How severe a deviation is, the most severe first."""

Direction = Literal["cmo_to_mah", "mah_to_cmo", "both"]
"""Who tells whom."""

PartyRole = Literal["mah", "cmo"]
"""One of the two parties."""

PersonRole = Literal[
    "qa_staff", "qa_manager", "qualified_person", "auditor", "integrator", "operator", "inspector", "admin"
]
"""What a person may do."""

SignatureMeaning = Literal["drafted", "reviewed", "approved", "released", "noted"]
"""What a signature stands for."""

Unit = Literal["hours", "calendar_days", "working_days"]
"""In what a time limit is counted."""
