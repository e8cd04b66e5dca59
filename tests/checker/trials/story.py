"""The chapters of a good run: what two honest parties say, and what a liar does to them meanwhile."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from domain.agreement.commands import DraftAgreement, activate_agreement, draft_agreement, sign_agreement
from domain.agreement.steps import ActivateDocument, SignDocument
from domain.communication_list.commands import (
    DraftCommunicationList,
    activate_communication_list,
    draft_communication_list,
    sign_communication_list,
)
from domain.deviation.commands import (
    AnswerQuestion,
    ClassifyDeviation,
    CloseDeviation,
    CorrectEntry,
    InvestigateDeviation,
    LinkBatch,
    answer_question,
    classify_deviation,
    close_deviation,
    correct_deviation,
    investigate_deviation,
    link_batch,
)
from domain.deviation.review_commands import AcknowledgeEntry, AskQuestion, acknowledge_entry, ask_question
from domain.drafts import Draft
from domain.judging.history import REFUSED
from domain.parties.commands import AuthorisePerson, authorise_person
from domain.parties.people import PersonRole
from events.catalogue.bodies import Batch, EventRef, Product
from events.catalogue.communication_list import Row
from events.encoding.base64 import encode_base64
from events.encoding.entry import Entry
from events.encoding.identifiers import Role
from events.stored.intake import ExternalNumber
from services.gateway.exchange.jobs import Situation
from tests.checker.trials.client import MANAGER, Client, by
from tests.domain.items.shown import rows
from tests.domain.language import signature
from tests.services.exchange.liar import deviation_by, entry_by, page_of, put, send
from tests.services.exchange.world import Side, World, deviation

ALONE, TOGETHER = 24, 240  # deviations opened one by one, and in one command: more than a tile of the tree in all
AGREEMENT, LIST = "0193572e-0000-7000-8000-0000000000a1", "0193572e-0000-7000-8000-0000000000c1"
A_DAY = 86_400  # seconds


def open_deviations(world: World, client: Client) -> None:
    """Open some alone, many together, one under a number of another system."""
    for number in range(ALONE):
        name = f"D-{number}"
        batches = [Batch(number=f"B-{number % 5}")]
        client.ask(name, lambda now, n=name, b=batches: deviation(n, now, batches=b), mark=name)  # type: ignore[misc]  # defaults bind the loop's variables
        if number % 6 == 0:
            world.settle().beat()
    names = [f"M-{number}" for number in range(TOGETHER)]
    client.ask("many", lambda now: [draft for name in names for draft in deviation(name, now)])
    stated = {"external_number": "QMS/7", "product": Product(code="P-1", name="注射液"), "line": "L1", "site": "S1"}
    external = [ExternalNumber("eqms", "QMS/7", _subject(world, "D-external"), bytes(32))]
    client.ask("D-external", lambda now: deviation("D-external", now, **stated), mark="D-external", external=external)
    world.settle().beat()


def talk(world: World, mah: Client, cmo: Client) -> None:
    """Classify, correct, link, ask and answer, acknowledge: on a few deviations, back and forth, some crossing."""
    for number in range(4):
        item, own, held = _about(world, f"D-{number}")
        opened = _opening(world, item)
        there: dict[str, Any] = {"positions": {Role.CMO: [opened.position]}}
        cmo.ask(f"class {item}", by(classify_deviation, ClassifyDeviation(item, "major", "A级区")), own)
        if number % 2:
            world.settle()
        mah.ask(f"known {item}", by(acknowledge_entry, AcknowledgeEntry(item, opened)), held | there)
        question = AskQuestion(item, f"影响哪些批次？ {number}")
        (asked,) = mah.ask(f"ask {item}", by(ask_question, question), held, mark=question.text)
        world.settle()
        places = {"positions": {Role.MAH: [asked.position]}, "partner_subjects": [f"deviation_review/{item}"]}
        cmo.ask(f"answer {item}", by(answer_question, AnswerQuestion(item, asked, "无")), own | places)
        cmo.ask(f"link {item}", by(link_batch, LinkBatch(item, Batch(number="B-9"))), own)
        world.settle().beat()
    correct = CorrectEntry(item, opened, {"title": "B级区悬浮粒子超标"}, "写错")
    cmo.ask("correct", by(correct_deviation, correct), own | there)
    world.settle().beat()


def lie(world: World) -> None:
    """Bytes that nobody can believe; entries that are refused; a refusal without a reason, and one of nothing.

    The liar has the keys and not the store: what it signed comes back to its own gateway as after a restore.
    """
    for side in world.sides:
        raw = page_of(side, [deviation_by(side, 600).line]).encode()
        put(side, raw[:-12] + (b"A" if raw[-12:-11] != b"A" else b"B") + raw[-11:])
        put(side, b"12 7\nno receipt", kind="receipt")
        put(side, b"anything", kind="strange")
    beat(world)
    put(world.cmo, page_of(world.cmo, _refusable(world.cmo)).encode())
    beat(world)
    world.cmo.open_deviation("D-accused")
    world.settle()
    accused = world.cmo.entries(Role.CMO)[-1]
    for leaf in (accused.leaf, bytes(32)):
        named = {"position": accused.position, "leaf": encode_base64(leaf), "code": "entry.wrong_state", "detail": ""}
        subject = world.mah.channel.own.view.protocol_subjects("journal")[0]
        body = {"refused": [named]}
        send(world.mah, entry_by(world.mah, REFUSED, subject, body, number=800 + leaf[0], time=_now(world)))
        beat(world)


def agree_late(world: World, mah: Client, cmo: Client) -> None:
    """Sign an agreement and a communication list when much has happened already: from here on clocks run."""
    world.clock.move(A_DAY)
    for client in (mah, cmo):
        _authorise(world, client)
    world.settle().beat()
    draft = DraftAgreement(AGREEMENT, "quality", consult_right=True, inspect_right=True)
    drafted = cmo.do("agreement", draft_agreement, draft, needs=_document("agreement", AGREEMENT))
    _sign(world, (cmo, mah), sign_agreement, f"agreement/{AGREEMENT}", drafted)
    effective = ActivateDocument(AGREEMENT, date(2026, 11, 23), signature(MANAGER))
    cmo.do("agreement activated", activate_agreement, effective, needs=_document("agreement", AGREEMENT))
    listed = DraftCommunicationList(LIST, drafted, [Row.model_validate(row) for row in rows()])
    drafted = cmo.do("list", draft_communication_list, listed, needs=_document("communication_list", LIST))
    _sign(world, (cmo, mah), sign_communication_list, f"communication_list/{LIST}", drafted)
    effective = ActivateDocument(LIST, date(2026, 11, 23), signature(MANAGER))
    needs = _document("communication_list", LIST)
    cmo.do("list activated", activate_communication_list, effective, needs=needs)
    world.settle().beat()


def close_one(world: World, mah: Client, cmo: Client) -> None:
    """Open one under the list, note it, investigate and close it: its clocks start and stop."""
    world.clock.move(A_DAY)
    cmo.ask("D-late", lambda now: deviation("D-late", now, detected_at="2026-11-24"), mark="D-late")
    cmo.ask("D-later", lambda now: deviation("D-later", now, detected_at="2026-11-24"), mark="D-later")
    world.settle().beat()
    item, own, held = _about(world, "D-late")
    opened = _opening(world, item)
    there: dict[str, Any] = {"positions": {Role.CMO: [opened.position]}}
    mah.do("late known", acknowledge_entry, AcknowledgeEntry(item, opened), needs=held | there)
    cmo.do("late class", classify_deviation, ClassifyDeviation(item, "minor", "备用泵"), needs=own)
    world.settle().beat()
    found = InvestigateDeviation(item, "滤网堵塞", "无", "清洗滤网")
    investigated = cmo.do("late found", investigate_deviation, found, needs=own)
    closing = CloseDeviation(item, investigated, signature(MANAGER))
    evidence = {"positions": {Role.CMO: [investigated.position]}}
    cmo.do("late closed", close_deviation, closing, needs=own | evidence)
    world.settle().beat()


def lose_answers(world: World, client: Client) -> None:
    """A command that is refused, one whose answer is lost, and one that never arrived."""
    nowhere = ClassifyDeviation("00000000-0000-7000-8000-000000000000", "major", "未开启")
    client.ask("refused", by(classify_deviation, nowhere), mark="未开启")
    client.ask("lost", lambda now: deviation("D-lost", now), mark="D-lost", is_lost=True)
    client.log.append({"key": "never", "outcome": "unknown", "events": [], "mark": "D-never"})
    world.settle().beat()


def beat(world: World) -> None:
    """Let a few heartbeats pass."""
    for _ in range(4):
        world.settle().beat()


def _authorise(world: World, client: Client) -> None:
    journal = client.side.channel.own.view.protocol_subjects("journal")[0].partition("/")[2]
    roles = [PersonRole.ADMIN, PersonRole.QA_MANAGER]
    person = MANAGER.partition("/")[2]
    client.do("authorise", authorise_person, AuthorisePerson(journal, person, roles))
    world.settle()


def _sign(world: World, clients: Iterable[Client], sign: Any, subject: str, drafted: EventRef) -> None:
    kind, _, identity = subject.partition("/")
    for client in clients:
        world.settle()
        command = SignDocument(Role.CMO, identity, drafted, signature(MANAGER))
        needs = _document(kind, identity) | {"positions": {Role.CMO: [drafted.position]}}
        client.do(f"{kind} signed by {client.side.role.value}", sign, command, needs=needs)
    world.settle()


def _document(kind: str, identity: str) -> dict[str, Any]:
    subjects = [f"{kind}/{identity}", f"{kind}_review/{identity}"]
    return {"subjects": subjects, "partner_subjects": subjects}


def _about(world: World, number: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return a deviation's id, and what its owner and its reader need to see of it."""
    subject = _subject(world, number)
    item = subject.partition("/")[2]
    return item, {"subjects": [subject]}, {"partner_subjects": [subject], "subjects": [f"deviation_review/{item}"]}


def _subject(world: World, number: str) -> str:
    """Return the subject of a deviation without writing it."""
    found: list[Draft] = []

    def look(situation: Situation) -> list[Draft]:
        found.extend(deviation(number, situation))
        return found

    world.cmo.write(look, dry_run=True)
    return found[0].subject


def _opening(world: World, item: str) -> EventRef:
    entry = next(entry for entry in world.cmo.entries(Role.CMO) if entry.subject == f"deviation/{item}")
    return EventRef(journal="cmo", position=entry.position, leaf=encode_base64(entry.leaf))


def _refusable(side: Side) -> list[bytes]:
    return [
        deviation_by(side, 700, labels=["batch/B-1"]).line,
        deviation_by(side, 701, revision=3).line,
        deviation_by(side, 702, seen=1).line,
        _loosely_written(deviation_by(side, 704)),
        b"no head\tand no body",
    ]


def _loosely_written(entry: Entry) -> bytes:
    """Return the line of an entry whose body is not canonical, and is just what its head names."""
    loose = entry.body_bytes.replace(b":", b": ", 1)
    old, new = (encode_base64(sha256(body).digest()).encode() for body in (entry.body_bytes, loose))
    return entry.head_bytes.replace(old, new) + b"\t" + loose


def _now(world: World) -> str:
    return world.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
