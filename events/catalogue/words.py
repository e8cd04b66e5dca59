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

RiskLevel = Literal["major", "moderate", "minor"]
"""How severe a risk is; a major one suspends."""

RiskKind = Literal["quality", "compliance"]
"""What a risk threatens."""

BatchDisposition = Literal["completed", "held", "rejected"]
"""What becomes of a batch in process when manufacturing is suspended."""

Measure = Literal[
    "interview", "warning", "rectification", "suspend_manufacturing", "suspend_sales", "suspend_use", "recall"
]
"""What a regulator orders."""

ChangeCategory = Literal["approval", "filing", "reporting", "no_registration_effect"]
"""How a change passes the regulator, the highest category first."""

RegulatoryStep = Literal["approval_certificate", "filing_record", "annual_report_queued"]
"""What opens the implementation of a change in its category."""

ResultKind = Literal["oos", "oot"]
"""Out of specification, or out of trend."""

OosPhase = Literal["laboratory", "manufacturing"]
"""Phase I and phase II of the examination."""

OosDecision = Literal["agreed", "not_agreed"]
"""What the partner says to how an examination ended."""

ProcessState = Literal["validation", "commercial"]
"""For which batches a version of a process is approved."""

ElementKind = Literal[
    "org_chart", "key_personnel", "site", "building", "line", "equipment", "qa_procedure", "risk_procedure"
]
"""What an element of a capability profile is."""

ElementChange = Literal["added", "changed", "removed"]
"""What became of an element of a capability profile."""

Post = Literal[
    "legal_representative",
    "head_of_enterprise",
    "head_of_production",
    "head_of_quality",
    "qualified_person",
    "head_of_pharmacovigilance",
]
"""The posts of key persons."""
BatchPurpose = Literal["commercial", "validation", "inspection", "engineering"]
"""What a batch is made for."""

TestVerdict = Literal["conforms", "does_not_conform"]
"""Whether a result is within its limits."""

LotKind = Literal["key_material", "material", "intermediate", "finished_product"]
"""What a lot is of; all but a material that is not key belong to one owner's product."""

RecordKind = Literal["batch_production_record", "batch_test_record", "deviation_investigation", "other"]
"""What a record of a release package is; the first three are mandatory (NMPA 134/2025 XII)."""

ReviewItem = Literal["test_results", "key_production_records", "deviation_control"]
"""What the holder reviews before a marketing release."""

ReviewVerdict = Literal["satisfactory", "not_satisfactory"]
"""How a review ended."""
