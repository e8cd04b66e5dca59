"""The quality agreement and the communication list of the demo, complete as NMPA 134/2025 (VI) and (VII) ask."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.demo.cast import HOLDER, MANUFACTURER

CEFTRIAXONE = {"name": "注射用头孢曲松钠 1.0 g(示例)", "code": "CRO-1G"}
METFORMIN = {"name": "盐酸二甲双胍缓释片 0.5 g(示例)", "code": "MET-500"}

Reference = Mapping[str, Any]

_METHOD = "Counterfoil 网关；重大事项另以电话告知"
_DAYS = {
    "changes": 5,
    "oos_oot": 1,
    "qualification_validation": 10,
    "retention_stability": 5,
    "pharmacovigilance": 1,
    "regulatory_inspections": 1,
    "credit_records": 3,
}
"""Working days for telling the partner, by category; deviations have clocks of their own."""

_TOLD_BY_THE_HOLDER = ("pharmacovigilance", "credit_records", "audits", "record_requests")

_HOURS = {"technical_transfers": 24, "risks": 2, "coline_assessments": 48, "audits": 48, "record_requests": 24}
"""Hours for telling the partner of what is no category of the announcement's list, but has terms that are agreed."""

_TERMS: Mapping[str, Sequence[tuple[str, str, str, str, int]]] = {
    "oos_oot": (("decide", "received", "decided", "mah", 5),),
    "changes": (("approve", "received", "decided", "mah", 10), ("eliminate_risk", "detected", "closed", "cmo", 3)),
    "technical_transfers": (("handle", "recorded", "closed", "cmo", 5),),
    "coline_assessments": (("feedback", "received", "answered", "mah", 5),),
    "audits": (("report", "closed", "received", "mah", 10), ("rectify", "received", "closed", "cmo", 30)),
    "record_requests": (("answer", "asked", "answered", "cmo", 2),),
}
"""Further terms in working days: name, from what until what, whose, how many."""


def agreement() -> dict[str, Any]:
    """Return the body of the draft of the quality agreement."""
    return {
        "agreement_kind": "quality",
        "products": [CEFTRIAXONE, METFORMIN],
        "terms": [
            {"clause": "VI", "text": "持有人有权查阅与受托生产有关的管理体系、操作规程、文件和记录，并有权现场检查。"},
            {"clause": "VII", "text": "双方按沟通事项清单沟通质量信息；清单是本协议的组成部分。"},
        ],
        "policies": {"deviation_closure_approval": ["major"]},
        "consult_right": True,
        "inspect_right": True,
    }


def communication_list(agreement_draft: Reference, calendar: Reference) -> dict[str, Any]:
    """Return the body of the draft of the communication list, under an agreement and counted by a calendar."""
    told = [_category(category, days, calendar) for category, days in _DAYS.items()]
    agreed = [_agreed(category, hours, calendar) for category, hours in _HOURS.items()]
    return {"agreement": dict(agreement_draft), "rows": [_deviations(calendar), *told, *agreed]}


def _deviations(calendar: Reference) -> dict[str, Any]:
    limits = [
        _limit("notify", "detected", "received", "cmo", 24, class_="major"),
        _limit("notify", "detected", "received", "cmo", 3, class_="moderate", calendar=calendar),
        _limit("notify", "detected", "received", "cmo", 10, class_="minor", calendar=calendar),
        _limit("handle", "recorded", "closed", "cmo", 30, calendar=calendar),
        _limit("acknowledge", "received", "acknowledged", "mah", 2, calendar=calendar),
        _limit("answer", "asked", "answered", "cmo", 3, calendar=calendar),
        _limit("closure_approval", "investigated", "decided", "mah", 5, calendar=calendar),
        _limit("risk_decision", "recorded", "decided", "cmo", 4, class_="major"),
    ]
    return _row("deviations", "cmo_to_mah", limits)


def _category(category: str, days: int, calendar: Reference) -> dict[str, Any]:
    direction, sender = _direction(category)
    notify = _limit("notify", "detected", "received", sender, days, calendar=calendar)
    return _row(category, direction, [notify, *_terms(category, calendar)])


def _agreed(category: str, hours: int, calendar: Reference) -> dict[str, Any]:
    direction, sender = _direction(category)
    limits = [_limit("notify", "detected", "received", sender, hours)]
    if category == "risks":
        limits.append(_limit("suspend", "detected", "decided", "cmo", hours))
    return _row(category, direction, [*limits, *_terms(category, calendar)])


def _direction(category: str) -> tuple[str, str]:
    """Return who tells whom, and the one who tells."""
    return ("mah_to_cmo", "mah") if category in _TOLD_BY_THE_HOLDER else ("cmo_to_mah", "cmo")


def _terms(category: str, calendar: Reference) -> list[dict[str, Any]]:
    return [_limit(*term, calendar=calendar) for term in _TERMS.get(category, ())]


def _row(category: str, direction: str, limits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    sender, receiver = (HOLDER, MANUFACTURER) if direction == "mah_to_cmo" else (MANUFACTURER, HOLDER)
    return {
        "category": category,
        "direction": direction,
        "senders": [sender.manager.name],
        "receivers": [receiver.manager.name],
        "deputies": [sender.staff.name, receiver.staff.name],
        "responsibilities": "发送方按时限如实告知，接收方确认收到并答复",
        "method": _METHOD,
        "limits": list(limits),
    }


def _limit(
    name: str,
    start: str,
    stop: str,
    party: str,
    value: int,
    *,
    class_: str | None = None,
    calendar: Reference | None = None,
) -> dict[str, Any]:
    """Return a time limit: hours, or, with a calendar, its working days."""
    return {
        "name": name,
        "class": class_,
        "start": start,
        "stop": stop,
        "party": party,
        "value": value,
        "unit": "hours" if calendar is None else "working_days",
        "calendar": None if calendar is None else dict(calendar),
    }
