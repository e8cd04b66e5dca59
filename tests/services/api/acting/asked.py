"""What people ask for in the tests of steps and signatures, and how they name what came of it."""

from typing import Any

SIGNATURE = {"meaning": "approved", "reason": "核对无误"}
SCOPE = {"products": [{"name": "注射用头孢曲松钠", "code": "CRO-1G"}]}
CHANGE = {"title": "更换胶塞供应商", "description": "由甲换为乙", "scope": SCOPE}
OPINION = {"major": False, "rationale": "依据指导原则"}
DEVIATION = {"title": "冰箱报警", "detected_at": "2026-11-22T08:10:00+08:00"}
INVESTIGATION = {"cause": "门未关严", "impact": "一批", "conclusion": "不影响质量"}
PHASE = {"phase": "laboratory", "conclusion": "实验室原因", "cause": "称量错误"}
RESULT = {
    "title": "含量",
    "result_kind": "oos",
    "test": "含量测定 HPLC",
    "result": "94.80",
    "limits": "95.0–105.0",
    "suspected_at": "2026-11-22",
}


def ref(told: dict[str, Any], index: int = -1) -> dict[str, Any]:
    """The reference to an entry that a command led to."""
    event = told["events"][index]
    return {name: event[name] for name in ("journal", "position", "leaf")}
