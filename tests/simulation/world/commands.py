"""From a word of a schedule to the command that a person or a system gives: the product's own commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from domain.agreement.commands import DraftAgreement
from domain.communication_list.terms import AGREED_TERMS, DEVIATION_CLOCKS, LEGAL_CATEGORIES
from domain.deviation.commands import InvestigateDeviation
from domain.parties.people import PersonRole
from events.catalogue.agreement import Policies, Term
from events.catalogue.bodies import Batch, Product
from events.catalogue.communication_list import Limit, Row
from events.catalogue.words import DeviationClass
from events.encoding.identifiers import Role
from services.gateway.commands import deviations, directory, documents, opening
from services.gateway.commands.asking import Asked, Signing, permitted, told
from services.gateway.commands.deviations import Correcting, Target
from services.gateway.commands.documents import AGREEMENTS, LISTS, Listing
from services.gateway.commands.opening import Opening
from services.gateway.exchange.jobs import CommandJob, Decision, Situation
from tests.services.exchange.world import NUMBER

CLASSES: tuple[DeviationClass, ...] = ("minor", "moderate", "major")
STAFF, BOSS, SIGNER, NOBODY, SYSTEM = "person/staff", "person/boss", "person/signer", "person/nobody", "system/eqms"
PEOPLE = {
    "boss": (PersonRole.ADMIN, PersonRole.QA_MANAGER),
    "staff": (PersonRole.QA_STAFF,),
    "signer": (PersonRole.QUALIFIED_PERSON,),
}
AGREEMENT, LIST = "agreement", "list"
_DAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the word, the number of the thing it is about, a variant, and the idempotency key."""

    what: str
    number: int
    variant: int
    key: str

    @property
    def mark(self) -> str:
        """A text that stands, whole, in one entry of this command; in others only as what a correction replaces."""
        return f"K-{self.key}"


def job_of(wanted: Wanted, role: Role) -> CommandJob:
    """Return the job of a command given to the side of a role."""
    return _JOBS[wanted.what](wanted, role)


def uuid_of(name: str) -> str:
    """Return an identity that follows from a name."""
    digest = sha256(name.encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-7{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def _asked(wanted: Wanted, role: Role, actor: str) -> Asked:
    said = f"{wanted.what} {wanted.number} {wanted.variant}"
    return Asked(NUMBER, role, actor, "client", wanted.key, sha256(said.encode()).digest())


def _target(wanted: Wanted) -> Target:
    return Target(uuid_of(f"deviation {wanted.number}"), Role.CMO)


def _signing(wanted: Wanted) -> Signing:
    return Signing("approved", wanted.mark)


# Deviations


def _opening(wanted: Wanted, number: int, title: str) -> Opening:
    variant = wanted.variant
    return Opening(
        title=title,
        detected_at="2026-11-22T08:30:00+08:00" if variant % 2 else "2026-11-22",
        number=f"D-{number}",
        source="eqms",
        external_number=f"X-{number}" if variant % 3 == 0 else None,
        product=Product(code=f"P-{variant % 4}", name="注射液") if variant % 2 else None,
        batches=[Batch(number=f"B-{each}") for each in range(variant % 3)],
        class_=CLASSES[variant % 3] if variant % 5 == 0 else None,
    )


def _open(wanted: Wanted, role: Role) -> CommandJob:
    asked = _asked(wanted, role, SYSTEM if wanted.variant % 2 else STAFF)
    return opening.open_one(asked, _target(wanted).item, _opening(wanted, wanted.number, wanted.mark))


def _open_many(wanted: Wanted, role: Role) -> CommandJob:
    """As an import does: many deviations in one command."""
    asked = _asked(wanted, role, SYSTEM)
    items = [uuid_of(f"{wanted.key} row {row}") for row in range(wanted.number)]

    def decide(now: Situation) -> Decision:
        drafts = []
        for row, item in enumerate(items):
            title = wanted.mark if row == 0 else "偏差"
            stated = _opening(Wanted("open", row, 1, wanted.key), row, title)
            drafts += opening.drafts_of(asked, item, stated, f"M-{row}", now)
        return Decision(permitted(drafts, asked, now), told(asked, "items", items[0]))

    return asked.job(decide)


def _classify(wanted: Wanted, role: Role) -> CommandJob:
    actor = NOBODY if wanted.variant % 7 == 0 else STAFF
    class_ = CLASSES[wanted.variant % 3]
    return deviations.classify(_asked(wanted, role, actor), _target(wanted), class_, wanted.mark, ())


def _investigate(wanted: Wanted, role: Role) -> CommandJob:
    target = _target(wanted)
    found = InvestigateDeviation(target.item, wanted.mark, "无影响", "已纠正")
    return deviations.investigate(_asked(wanted, role, STAFF), target, found)


def _close(wanted: Wanted, role: Role) -> CommandJob:
    asked = _asked(wanted, role, STAFF if wanted.variant % 9 == 0 else SIGNER)
    signing = _signing(wanted)
    return deviations.close(asked, _target(wanted), signing, investigation=None, approval=None, attachments=())


def _answer(wanted: Wanted, role: Role) -> CommandJob:
    return deviations.answer(_asked(wanted, role, STAFF), _target(wanted), wanted.mark, None, ())


def _link(wanted: Wanted, role: Role) -> CommandJob:
    return deviations.link(_asked(wanted, role, SYSTEM), _target(wanted), wanted.mark)


def _correct(wanted: Wanted, role: Role) -> CommandJob:
    """The owner corrects the opening, the partner the last entry of its review."""
    field = "description" if role is Role.CMO else "text"
    correcting = Correcting({field: f"更正 {wanted.variant}"}, wanted.mark)
    return deviations.correct(_asked(wanted, role, STAFF), _target(wanted), correcting)


def _acknowledge(wanted: Wanted, role: Role) -> CommandJob:
    return deviations.acknowledge(_asked(wanted, role, STAFF), _target(wanted), None, wanted.mark)


def _ask(wanted: Wanted, role: Role) -> CommandJob:
    return deviations.ask(_asked(wanted, role, STAFF), _target(wanted), wanted.mark, None, ())


def _approve(wanted: Wanted, role: Role) -> CommandJob:
    return deviations.approve(_asked(wanted, role, SIGNER), _target(wanted), _signing(wanted), None, ())


def _reject(wanted: Wanted, role: Role) -> CommandJob:
    return deviations.reject(_asked(wanted, role, SIGNER), _target(wanted), wanted.mark, None, ())


# People, calendars, documents


def _authorise(wanted: Wanted, role: Role) -> CommandJob:
    """With a number below the people there are, one of them; else somebody new."""
    names = list(PEOPLE)
    person = names[wanted.number] if wanted.number < len(names) else f"new-{wanted.number}"
    roles = PEOPLE.get(person, (PersonRole.QA_STAFF,))
    asked = _asked(wanted, role, BOSS)
    return directory.authorise(asked, uuid_of(f"journal {role}"), person, roles=roles, since=None, until=None)


def _withdraw(wanted: Wanted, role: Role) -> CommandJob:
    asked, roles = _asked(wanted, role, BOSS), (PersonRole.QA_STAFF,)
    person = "staff" if wanted.variant % 4 == 0 else f"new-{wanted.number}"
    return directory.withdraw(asked, uuid_of(f"journal {role}"), person, roles=roles, since=None, until=None)


def _publish(wanted: Wanted, role: Role) -> CommandJob:
    """A year's calendar: the number says which year, the variant which days are off."""
    year = 2026 + wanted.number % 2
    return directory.publish(
        _asked(wanted, role, BOSS),
        uuid_of(f"journal {role}"),
        calendar="CN",
        year=year,
        days_off=[date(year, 1, 1), date(year, 12, 1 + wanted.variant % 20)],
        make_up_workdays=[],
        provisional=wanted.variant % 3 == 0,
    )


def _draft_agreement(wanted: Wanted, role: Role) -> CommandJob:
    classes = list(CLASSES[wanted.variant % 3 :])
    policies = Policies(deviation_closure_approval=classes)
    terms = [Term(clause="VI", text=wanted.mark)]
    command = DraftAgreement(
        uuid_of(AGREEMENT), "quality", consult_right=True, inspect_right=True, terms=terms, policies=policies
    )
    return documents.draft_an_agreement(_asked(wanted, role, BOSS), command)


def _draft_list(wanted: Wanted, role: Role) -> CommandJob:
    categories = dict.fromkeys((*LEGAL_CATEGORIES, *(term.category for term in AGREED_TERMS)))
    listing = Listing([_row(category, wanted) for category in categories])
    return documents.draft_a_list(_asked(wanted, role, BOSS), uuid_of(LIST), listing)


def _row(category: str, wanted: Wanted) -> Row:
    limits = [_limit(name, wanted.variant) for name in DEVIATION_CLOCKS]
    agreed = [term.name for term in AGREED_TERMS if term.category == category and term.name != "notify"]
    terms = [limits[0].model_copy(update={"name": name}) for name in agreed]
    return Row(
        category=category,
        direction="cmo_to_mah",
        senders=["甲"],
        receivers=["乙"],
        deputies=["丙"],
        responsibilities="如实告知",
        method=wanted.mark,
        limits=limits if category == "deviations" else [limits[0], *terms],
    )


def _limit(name: str, variant: int) -> Limit:
    """A limit in hours, or in working days of the calendar that was published last."""
    term = DEVIATION_CLOCKS[name]
    unit = "working_days" if (variant + len(name)) % 2 else "hours"
    party = "cmo" if term.sender_acts else "mah"
    said: dict[str, Any] = {"start": term.start, "stop": term.stop, "party": party, "unit": unit}
    return Limit(name=name, value=1 + variant % 30, **said)


def _sign(steps: documents.DocumentSteps, name: str) -> Callable[[Wanted, Role], CommandJob]:
    def signed(wanted: Wanted, role: Role) -> CommandJob:
        asked = _asked(wanted, role, SIGNER)
        return documents.sign(asked, steps, Role.MAH, uuid_of(name), _signing(wanted), draft=None)

    return signed


def _activate(steps: documents.DocumentSteps, name: str) -> Callable[[Wanted, Role], CommandJob]:
    def activated(wanted: Wanted, role: Role) -> CommandJob:
        return documents.activate(_asked(wanted, role, BOSS), steps, uuid_of(name), _DAY, _signing(wanted))

    return activated


_JOBS: Mapping[str, Callable[[Wanted, Role], CommandJob]] = {
    "open": _open,
    "open_many": _open_many,
    "classify": _classify,
    "investigate": _investigate,
    "close": _close,
    "answer": _answer,
    "link": _link,
    "correct": _correct,
    "acknowledge": _acknowledge,
    "ask": _ask,
    "approve": _approve,
    "reject": _reject,
    "authorise": _authorise,
    "withdraw": _withdraw,
    "publish_calendar": _publish,
    "draft_agreement": _draft_agreement,
    "sign_agreement": _sign(AGREEMENTS, AGREEMENT),
    "activate_agreement": _activate(AGREEMENTS, AGREEMENT),
    "draft_list": _draft_list,
    "sign_list": _sign(LISTS, LIST),
    "activate_list": _activate(LISTS, LIST),
}

UNMARKED = frozenset({"authorise", "withdraw", "publish_calendar"})
"""Commands whose entries hold no free text for a mark."""
