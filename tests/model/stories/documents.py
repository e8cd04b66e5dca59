"""Drafts about agreements and communication lists: drafted, signed by both, put in force."""

import random
from dataclasses import dataclass
from functools import cached_property

from domain.judging.history import PastEvent
from events.encoding.identifiers import Role
from tests.events.golden.cast import uuid
from tests.model.stories import drafting
from tests.model.stories.drafting import CLASSES, Draft, Json, Writer, an_actor, context_of, pick, steps_of, subjects

OTHER_CATEGORIES = (
    *("changes", "oos_oot", "qualification_validation", "retention_stability"),
    *("pharmacovigilance", "regulatory_inspections", "credit_records"),
)
AGREED_TERMS = {
    "changes": ("approve", "eliminate_risk"),
    "technical_transfers": ("handle",),
    "risks": ("suspend",),
    "record_requests": ("answer",),
    "coline_assessments": ("feedback",),
    "audits": ("report", "rectify"),
}
DAYS = ("2026-11-01", "2026-11-25", "2027-01-01")


@dataclass(frozen=True)
class Place:
    """A document as its writer sees it: of which kind, whose, and what there is of it."""

    party: Writer
    matter: str
    owner: Role
    subject: str

    @cached_property
    def drafted(self) -> list[PastEvent]:
        return steps_of(self.party, self.owner, self.subject, "drafted")

    @cached_property
    def signed(self) -> list[list[PastEvent]]:
        """The owner's signatures under the latest draft, and the partner's."""
        review = self.subject.replace(self.matter, f"{self.matter}_review")
        both = [(self.owner, self.subject), (self.owner.other, review)]
        latest = self.drafted[-1].position if self.drafted else None
        found = [steps_of(self.party, role, subject, "signed") for role, subject in both]
        return [[past for past in each if past.body.draft.position == latest] for each in found]


def draft_about_document(party: Writer, chance: random.Random) -> Draft | None:
    place = _place(party, chance)
    is_own, drafted, signed = place.owner is party.role, place.drafted, place.signed
    if not is_own or (drafted and (not signed[0] or chance.random() < 0.2)):
        return _signed(place, chance)
    is_active = any(chance.random() < 0.8 for _ in steps_of(party, party.role, place.subject, "activated"))
    if drafted and not is_active and chance.random() < 0.85:
        return _activated(place, chance) if signed[1] or chance.random() < 0.2 else None
    version = len(drafted) + 1 if chance.random() < 0.9 else 1
    body = _agreement(chance) if place.matter == "agreement" else _list(party, chance)
    if body is None:
        return None
    return Draft(f"{place.matter}.drafted.v1", place.subject, {"version": version, **body}, an_actor(chance, "ma"))


def _place(party: Writer, chance: random.Random) -> Place:
    share = 0.7 if _active_agreement(party) is not None else 0.1
    matter = "communication_list" if chance.random() < share else "agreement"
    owner = chance.choice([party.role, party.role.other])
    known = subjects(party, matter, owner)
    return Place(party, matter, owner, chance.choice(known) if known else f"{matter}/{uuid(chance.randrange(10**6))}")


def _signed(place: Place, chance: random.Random) -> Draft | None:
    named, actor = pick(place.party, chance, place.drafted), an_actor(chance, "ma")
    if named is None:
        return None
    kind = place.matter if place.owner is place.party.role else f"{place.matter}_review"
    subject = place.subject.replace(place.matter, kind)
    body = {"draft": named, "signature": drafting.signature(actor)}
    return Draft(f"{kind}.signed.v1", subject, body, actor)


def _activated(place: Place, chance: random.Random) -> Draft:
    actor, refs = an_actor(chance, "ma"), (pick(place.party, chance, each) for each in place.signed)
    signatures = [ref for ref in refs if ref and chance.random() < 0.95]
    signed = {"effective_from": chance.choice(DAYS), "signature": drafting.signature(actor)}
    return Draft(f"{place.matter}.activated.v1", place.subject, {"signatures": signatures, **signed}, actor)


def _agreement(chance: random.Random) -> Json:
    body: Json = {"agreement_kind": chance.choice(["quality", "quality", "quality", "contract_manufacturing"])}
    body |= {name: chance.random() < 0.9 for name in ("consult_right", "inspect_right")}
    asked: list[str] = chance.choice([[], ["minor"], ["minor", "moderate", "major"]])
    body |= {"policies": {"deviation_closure_approval": asked}} if chance.random() < 0.5 else {}
    return body | ({"products": [{"name": "片剂", "code": "P-2"}, {"name": "片剂"}]} if chance.random() < 0.5 else {})


def _list(party: Writer, chance: random.Random) -> Json | None:
    places = [(role, subject) for role in Role for subject in subjects(party, "agreement", role)]
    agreements = [draft for role, subject in places for draft in steps_of(party, role, subject, "drafted")]
    agreement = _active_agreement(party) if chance.random() < 0.8 else pick(party, chance, agreements)
    rows = full_list(pick(party, chance, list(context_of(party).standing("calendar.published.v1"))))
    if chance.random() < 0.4:
        _spoil(rows, chance)
    return agreement and {"agreement": agreement, "rows": rows}


def _active_agreement(party: Writer) -> Json | None:
    context = context_of(party)
    for activation in reversed(context.standing("agreement.activated.v1")):
        signed = [context.find(ref) for ref in activation.body.signatures]
        drafts = [context.find(each.body.draft) for each in signed if each is not None]
        return next((drafting.ref_to(each) for each in drafts if each is not None), None)
    return None


def full_list(calendar: Json | None) -> list[Json]:
    """The shortest list that lacks nothing."""
    people: Json = {"senders": ["甲"], "receivers": ["乙"], "deputies": ["丙"]}
    people |= {"responsibilities": "通报", "method": "系统"}
    counted: Json = {"unit": "hours"} if calendar is None else {"unit": "working_days", "calendar": calendar}
    notify = {"name": "notify", "start": "detected", "stop": "received", "party": "cmo", "value": 4, **counted}
    clocks = [
        ("handle", "recorded", "closed", "cmo"),
        ("acknowledge", "received", "acknowledged", "mah"),
        ("answer", "asked", "answered", "cmo"),
        ("closure_approval", "investigated", "decided", "mah"),
    ]
    names, days = ("name", "start", "stop", "party"), {"value": 30, "unit": "calendar_days"}
    limits: list[Json] = [dict(zip(names, clock, strict=True)) | days for clock in clocks]
    told = {"direction": "cmo_to_mah", **people}
    others = [{"category": each, "limits": [dict(notify)], **told} for each in OTHER_CATEGORIES]
    for category, names_of in AGREED_TERMS.items():
        agreed = [{**notify, "name": name} for name in ("notify", *names_of)]
        known = next((row for row in others if row["category"] == category), None)
        if known is None:
            others.append({"category": category, "limits": agreed, **told})
        else:
            known["limits"] = agreed
    return [{"category": "deviations", "limits": [notify, *limits], **told}, *others]


def _spoil(rows: list[Json], chance: random.Random) -> None:
    row = rows[0] if chance.random() < 0.5 else chance.choice(rows)
    limits = row["limits"]
    limit = chance.choice(limits)
    match chance.randrange(9):
        case 0:
            rows.remove(row)
        case 1:
            limits.remove(limit)
        case 2:
            row[chance.choice(["senders", "deputies"])] = []
        case 3:
            limit["value"] = 100_000
        case 4:
            limit["party"] = "mah" if limit["party"] == "cmo" else "cmo"
        case 5:
            limit["class"] = chance.choice(CLASSES)
        case 6:
            limits.remove(limit)
            limits += [{**limit, "class": class_} for class_ in CLASSES]
        case 7:
            row["direction"] = chance.choice(["both", "mah_to_cmo"])
        case 8:
            rows.append({**row, "limits": None} if chance.random() < 0.5 else row)
