"""What the parties write in the tests, as their partner sees it: bodies put together by hand, no command asked."""

from typing import Any

from domain.deviation import names as n
from domain.drafts import Draft
from events.catalogue.bodies import EventRef
from events.encoding.identifiers import Role
from tests.domain.language import JOURNAL_ID, MANAGER, Step, Story, leaf_ref, signature

DEVIATION_ID = "0193572e-0000-7000-8000-0000000000d1"
DEVIATION = n.subject(DEVIATION_ID)
REVIEW = n.review_subject(DEVIATION_ID)
AGREEMENT_ID = "0193572e-0000-7000-8000-0000000000a1"
LIST_ID = "0193572e-0000-7000-8000-0000000000c1"


def opened(number: str = "DEV-2026-0001", **changes: Any) -> Step:
    body = {
        "number": number,
        "source": "eQMS",
        "title": "压片机转速超出范围",
        "detected_at": "2026-11-22T08:10:00+08:00",
        "batches": [{"number": "B2026-001"}],
        **changes,
    }
    return lambda _story, _role: Draft(n.OPENED, DEVIATION, body)


def classified(class_: str = "major") -> Step:
    return lambda _story, _role: Draft(n.CLASSIFIED, DEVIATION, {"class": class_, "rationale": "影响关键质量属性"})


def investigated(conclusion: str = "不影响质量") -> Step:
    body = {"cause": "传感器漂移", "impact": "一批", "conclusion": conclusion}
    return lambda _story, _role: Draft(n.INVESTIGATED, DEVIATION, body)


def closed(
    investigation: int = -1, approval: int | None = None, person: str = MANAGER, foreign: EventRef | None = None
) -> Step:
    """The closing names the investigation and the approval with these indexes among those of the story."""

    def step(story: Story, _role: Role) -> Draft:
        body = {"investigation": _dump(story.ref(n.INVESTIGATED, investigation)), "signature": _signed(person)}
        if approval is not None:
            body["approval"] = _dump(story.ref(n.CLOSURE_APPROVED, approval))
        if foreign is not None:
            body["approval"] = _dump(foreign)
        return Draft(n.CLOSED, DEVIATION, body)

    return step


def approved(investigation: int = -1, person: str = MANAGER) -> Step:
    return lambda story, _role: Draft(
        n.CLOSURE_APPROVED,
        REVIEW,
        {"investigation": _dump(story.ref(n.INVESTIGATED, investigation)), "signature": _signed(person)},
    )


def rejected(investigation: int = -1) -> Step:
    return lambda story, _role: Draft(
        n.CLOSURE_REJECTED,
        REVIEW,
        {"investigation": _dump(story.ref(n.INVESTIGATED, investigation)), "reason": "原因不充分"},
    )


def asked(about: str | None = None) -> Step:
    def step(story: Story, _role: Role) -> Draft:
        entry = {} if about is None else {"entry": _dump(story.ref(about))}
        return Draft(n.ASKED, REVIEW, {"text": "是否影响其他批次？", **entry})

    return step


def answered(question: str = n.ASKED) -> Step:
    return lambda story, _role: Draft(n.ANSWERED, DEVIATION, {"question": _dump(story.ref(question)), "text": "不影响"})


def acknowledged(entry: str = n.OPENED) -> Step:
    return lambda story, _role: Draft(n.ACKNOWLEDGED, REVIEW, {"entry": _dump(story.ref(entry))})


def corrected(entry: str, field: str, before: str | None, after: str | None) -> Step:
    """The author corrects an own entry, of the deviation or of the review."""

    def step(story: Story, role: Role) -> Draft:
        name, subject = (n.CORRECTED, DEVIATION) if role is Role.CMO else (n.REVIEW_CORRECTED, REVIEW)
        change = {"field": field, "before": before, "after": after}
        changes = [{name: value for name, value in change.items() if value is not None}]
        return Draft(name, subject, {"entry": _dump(story.ref(entry)), "changes": changes, "reason": "录入错误"})

    return step


def batch_linked(number: str = "B2026-002") -> Step:
    return lambda _story, _role: Draft(n.BATCH_LINKED, DEVIATION, {"batch": {"number": number}})


def agreement_drafted(version: int = 1, **changes: Any) -> Step:
    body = {
        "version": version,
        "agreement_kind": "quality",
        "consult_right": True,
        "inspect_right": True,
        **changes,
    }
    return lambda _story, _role: Draft("agreement.drafted.v1", f"agreement/{AGREEMENT_ID}", body)


def signed(kind: str = "agreement", draft: int = -1, person: str = MANAGER, owner: Role = Role.CMO) -> Step:
    """A party signs a draft of a document: in the document's subject if it is its own, else in the review of it."""

    def step(story: Story, role: Role) -> Draft:
        place = kind if role is owner else f"{kind}_review"
        body = {"draft": _dump(story.ref(f"{kind}.drafted.v1", draft)), "signature": _signed(person)}
        return Draft(f"{place}.signed.v1", f"{place}/{_document(kind)}", body)

    return step


def activated(
    kind: str = "agreement",
    effective_from: str = "2026-11-22",
    person: str = MANAGER,
    parties: tuple[Role, ...] = tuple(Role),
) -> Step:
    """The owner activates what the last signatures of these parties stand under."""

    def step(story: Story, role: Role) -> Draft:
        names = {party: f"{kind}.signed.v1" if party is role else f"{kind}_review.signed.v1" for party in parties}
        signatures = [_dump(story.ref(name, role=party)) for party, name in names.items()]
        body = {"signatures": signatures, "effective_from": effective_from, "signature": _signed(person)}
        return Draft(f"{kind}.activated.v1", f"{kind}/{_document(kind)}", body)

    return step


def calendar_published(version: int = 1, year: int = 2026) -> Step:
    body = {
        "calendar": "CN",
        "version": version,
        "year": year,
        "days_off": [],
        "make_up_workdays": [],
        "provisional": False,
    }
    return lambda _story, _role: Draft("calendar.published.v1", f"journal/{JOURNAL_ID}", body)


def list_drafted(rows: list[dict[str, Any]], version: int = 1, agreement: int = -1) -> Step:
    return lambda story, _role: Draft(
        "communication_list.drafted.v1",
        f"communication_list/{LIST_ID}",
        {"version": version, "agreement": _dump(story.ref("agreement.drafted.v1", agreement)), "rows": rows},
    )


def refused(name: str, code: str = "entry.wrong_state", index: int = -1) -> Step:
    """A party refuses the partner's latest entry of a type, rightly or not."""

    def step(story: Story, role: Role) -> Draft:
        past = story.past(name, index, role.other)
        named = {**leaf_ref(past).model_dump(), "code": code, "detail": ""}
        return Draft("entry.refused.v1", f"journal/{JOURNAL_ID}", {"refused": [named]})

    return step


def settled(name: str, *, stands: bool, index: int = -1, person: str = MANAGER) -> Step:
    """A party signs whether a disputed entry of this type stands."""
    return lambda story, _role: Draft(
        "dispute.settled.v1",
        f"journal/{JOURNAL_ID}",
        {
            "entry": leaf_ref(story.past(name, index)).model_dump(),
            "stands": stands,
            "reason": "双方核对",
            "signature": _signed(person),
        },
    )


def _document(kind: str) -> str:
    return AGREEMENT_ID if kind == "agreement" else LIST_ID


def _dump(ref: EventRef) -> dict[str, Any]:
    return ref.model_dump()


def _signed(person: str) -> dict[str, Any]:
    return signature(person).model_dump()
