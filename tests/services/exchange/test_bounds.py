"""What a lying partner, or a long life, may make grow: bounded, and told."""

import pytest

from domain.deviation.commands import LinkBatch, link_batch
from domain.drafts import Draft
from events.catalogue.bodies import Batch
from events.encoding.base64 import encode_base64
from events.encoding.entry import Entry
from events.encoding.identifiers import Role
from services.gateway.exchange.errors import TooManyLabelsError
from services.gateway.exchange.jobs import CommandJob, Decision, Situation
from services.gateway.exchange.writing.authoring import MAX_LABELS
from tests.events.golden.cast import RELATIONSHIP
from tests.services.exchange.liar import codes, entry_by, page_of, put
from tests.services.exchange.replay import judge_again
from tests.services.exchange.world import NUMBER, World, deviation

JOURNAL = "journal/019aa9c4-3c1b-7000-8000-000000000001"


def behind(world: World, lines: list[bytes], line: bytes) -> bytes:
    """A page with one line of the manufacturer's, behind others that its gateway never wrote."""
    page = page_of(world.cmo, [line], behind=lines)
    first = str(world.cmo.channel.own.size + len(lines)).encode()
    _, origin, _, rest = page.encode().split(b"\n", 3)
    return b"\n".join((b"counterfoil/page/v1", origin, first, rest))


@pytest.mark.parametrize("restarts", [False, True])
def test_a_revision_used_up_by_a_misplaced_taken_is_known_after_a_restart(world: World, *, restarts: bool) -> None:
    subject = world.cmo.channel.own.view.protocol_subjects("relationship")[0]
    body = {"rule_set": 1, "events": ["deviation.opened.v1"], "software": "2"}
    taken = entry_by(world.cmo, "journal.taken.v1", subject, {"size": 2}, number=1, revision=3)
    announced = entry_by(world.cmo, "gateway.announced.v1", subject, body, number=2, revision=4)
    put(world.cmo, behind(world, [], taken.line))
    world.mah.read()
    if restarts:
        world.mah.restart()
    put(world.cmo, behind(world, [taken.line], announced.line))
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == ["entry.wrong_subject", None]
    journals = {role: [entry.line for entry in world.mah.entries(role)] for role in Role}
    again = judge_again(journals, world.mah.channel.labeller)[Role.CMO]
    assert [each.past.code for each in again[2:]] == ["entry.wrong_subject", None]


def refusal(world: World, position: int, leaf: bytes, number: int, revision: int) -> Entry:
    named = [{"position": position, "leaf": encode_base64(leaf), "code": "entry.malformed", "detail": ""}]
    return entry_by(
        world.cmo,
        "entry.refused.v1",
        JOURNAL,
        {"refused": named},
        number=number,
        revision=revision,
        seen=position + 1,
        actor="system/gateway",
    )


def test_a_refused_dispute_is_not_disputed_so_that_lies_draw_no_endless_answers(world: World) -> None:
    victim = world.mah.entries(Role.MAH)[1]
    first = refusal(world, victim.position, victim.leaf, 1, 1)
    put(world.cmo, behind(world, [], first.line))
    world.mah.read()
    dispute = world.mah.entries(Role.MAH)[-1]
    assert dispute.type == "refusal.disputed.v1"

    second = refusal(world, dispute.position, dispute.leaf, 2, 2)
    size = world.mah.channel.own.size
    put(world.cmo, behind(world, [first.line], second.line))
    world.mah.read()

    assert codes(world.mah, Role.CMO, 2) == [None, None]
    assert world.mah.channel.own.size == size


def test_a_storm_of_requests_is_followed_once_a_second(world: World) -> None:
    world.cmo.open_deviation("D-1")
    world.settle()
    sent = len(world.wire.topics[RELATIONSHIP.topic(Role.CMO)])
    for _ in range(20):
        world.mah.channel.gap.want(0)
        world.mah.channel.gap.asked = False
        world.clock.move(0.001)
        world.mah.publish()
        world.cmo.read()
        world.cmo.publish()

    pages = world.wire.topics[RELATIONSHIP.topic(Role.CMO)][sent:]
    assert len([record for record in pages if record.kind == "page"]) <= len(world.cmo.entries(Role.CMO))


def test_an_item_takes_no_more_labels_than_heads_about_it_can_hold(world: World) -> None:
    world.cmo.open_deviation("D-1", batches=[Batch(number=f"B-{number}") for number in range(100)])
    subject = world.cmo.entries(Role.CMO)[-1].subject or ""

    def link(start: int) -> None:
        def decide(situation: Situation) -> list[Draft]:
            drafts: list[Draft] = []
            for number in range(start, start + 50):
                command = LinkBatch(subject.partition("/")[2], Batch(number=f"B-{number}"))
                drafts += link_batch(command, situation.context, "system/eqms", situation.at)
            return drafts

        world.cmo.write(decide, subjects=[subject])

    link(100)
    link(MAX_LABELS - 50)
    with pytest.raises(TooManyLabelsError):
        link(MAX_LABELS)
    world.settle()
    assert world.agree()


def test_what_goes_wrong_after_a_commit_does_not_do_its_jobs_again(world: World) -> None:
    def raise_once() -> None:
        raise RuntimeError("a listener")

    def job(number: str) -> CommandJob:
        return CommandJob(NUMBER, "system/eqms", lambda situation: Decision(deviation(number, situation), lambda _: {}))

    jobs = [job("D-1"), job("D-2")]
    world.cmo.writer.on_commit(raise_once)
    with pytest.raises(RuntimeError):
        world.cmo.writer.run(jobs)

    assert [each.outcome.result(0).status for each in jobs] == [201, 201]
    assert len(world.cmo.entries(Role.CMO)) == 4
