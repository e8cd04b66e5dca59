"""The demo's story: three deviations of the manufacturer, told to the holder. All of it is invented.

D1: particles beyond the limit in grade A, major: question and answer, investigation, the holder's approval, closed.
D2: a pump alarm of the freeze dryer, minor: noted, investigated and closed in time. D3: a blurred label, open: the
reader's turn.
"""

from collections.abc import Callable
from typing import Any

from services.gateway.cli.client import Client
from services.gateway.demo.documents import CEFTRIAXONE, METFORMIN
from services.gateway.demo.pair import Side
from services.gateway.demo.setting_up import Stage, now_stated

ITEMS = "/v1/communications"
_SOURCE = "示例 QMS"


def play(stage: Stage) -> str:
    """Play the story, each step once, and return the id of the item that is left open."""
    _particles(stage)
    _pump_alarm(stage)
    return _open(stage, "d3", _LABEL)


_PARTICLES = {
    "external_number": "示例-PC-2026-014",
    "title": "灌装 A 级区动态悬浮粒子 ≥5.0 µm 超出警戒限(示例)",
    "description": "CRO-261101 批灌装 14:20 至 14:23，A 级区在线监测 ≥5.0 µm 粒子连续三次为 29 个/m³，行动限 20 个/m³。"
    "已停机，隔离该时段产品 1 260 瓶。",
    "product": CEFTRIAXONE,
    "batches": [{"number": "CRO-261101"}],
    "line": "二车间粉针2线",
    "site": "江北一厂",
    "class": "major",
    "rationale": "无菌灌装关键区域环境超出行动限，可能影响无菌保证水平。",
}
_PUMP = {
    "external_number": "示例-EQ-2026-087",
    "title": "冻干机真空泵油温报警(示例)",
    "description": "一次干燥期间真空泵油温报警 2 分钟，备用泵自动切换，真空度始终在工艺范围内。",
    "product": CEFTRIAXONE,
    "batches": [{"number": "CRO-261102"}],
    "line": "二车间粉针2线",
    "site": "江北一厂",
    "class": "minor",
    "rationale": "工艺参数未超出范围，不影响产品质量。",
}
_LABEL = {
    "external_number": "示例-PK-2026-031",
    "title": "标签批号打印模糊(示例)",
    "description": "MET-261015 批抽检 200 盒，3 盒批号末位打印模糊但可辨认。已停线检查打印头，全批复核中。",
    "product": METFORMIN,
    "batches": [{"number": "MET-261015"}],
    "line": "固体车间1线",
    "site": "江北二厂",
    "class": "moderate",
    "rationale": "标识可辨认，但存在误读风险。",
}


def _particles(stage: Stage) -> None:
    cmo, mah = stage.cmo, stage.mah
    item = _open(stage, "d1", _PARTICLES)
    _step(stage, "d1-noted", mah.acting("qa_staff"), f"{item}/acknowledgement", {"text": "已收到，持有人启动评估。"})
    question = {"text": "请说明该时段人员干预情况，以及沉降菌、浮游菌的结果。"}
    _step(stage, "d1-asked", mah.acting("qa_staff"), f"{item}/questions", question)
    answer = {"text": "14:19 操作人员更换胶塞料斗，手套干预约 40 秒；该时段沉降菌、浮游菌均为 0 CFU。"}
    _step(
        stage,
        "d1-answered",
        cmo.acting("qa_staff"),
        f"{item}/answers",
        answer,
        when=lambda: _row(cmo, item)["open_questions"],
    )
    investigation = {
        "cause": "更换料斗时干预动作过快，扰动单向流。",
        "impact": "受影响产品 1 260 瓶已隔离并报废；同批其余产品微生物监测、粒子监测均合格。",
        "conclusion": "修订干预规程并再培训；该批留样并开展持续稳定性考察；不影响其余产品。",
    }
    _step(stage, "d1-investigated", cmo.acting("qa_staff"), f"{item}/investigation", investigation)
    approval = {"signature": {"meaning": "approved", "reason": "调查充分，同意关闭；同意留样和稳定性考察安排。"}}
    _step(
        stage,
        "d1-approved",
        mah.acting("qualified_person"),
        f"{item}/closure-approval",
        approval,
        when=lambda: _row(mah, item)["investigation"],
    )
    closure = {"signature": {"meaning": "approved", "reason": "持有人已批准，措施已落实。"}}
    _step(stage, "d1-closed", cmo.manager, f"{item}/closure", closure, when=lambda: _is_approved(cmo, item))


def _pump_alarm(stage: Stage) -> None:
    cmo, mah = stage.cmo, stage.mah
    item = _open(stage, "d2", _PUMP)
    _step(stage, "d2-noted", mah.acting("qa_staff"), f"{item}/acknowledgement", {"text": "已知悉。"})
    investigation = {
        "cause": "泵油冷却水滤网堵塞。",
        "impact": "真空度曲线在工艺范围内，对产品无影响。",
        "conclusion": "清洗滤网，维护周期由 6 个月改为 3 个月。",
    }
    _step(stage, "d2-investigated", cmo.acting("qa_staff"), f"{item}/investigation", investigation)
    closure = {"signature": {"meaning": "approved", "reason": "原因明确，措施完成。"}}
    _step(stage, "d2-closed", cmo.manager, f"{item}/closure", closure)


def _open(stage: Stage, name: str, deviation: dict[str, Any]) -> str:
    """Open a deviation at the manufacturer and wait until the holder shows it."""
    body = stage.stated(f"{name}-opened", {**deviation, "source": _SOURCE, "detected_at": now_stated()})
    item = str(stage.post(f"{name}-opened", stage.cmo.acting("qa_staff"), "/v1/deviations", body)["item"])
    stage.until(lambda: _row(stage.mah, item))
    return item


def _step(
    stage: Stage,
    name: str,
    client: Client,
    path: str,
    body: dict[str, Any],
    *,
    when: Callable[[], object] | None = None,
) -> None:
    stage.post(name, client, f"{ITEMS}/{path}", body, when=when)


def _row(side: Side, item: str) -> dict[str, Any]:
    row: dict[str, Any] = side.manager.get(f"{ITEMS}/{item}")
    return row


def _is_approved(side: Side, item: str) -> bool:
    return bool(_row(side, item)["state"] == "closure_approved")
