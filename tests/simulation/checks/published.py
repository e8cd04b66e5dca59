"""The checker of the published format, which shares no code with the product, looks at both stores as they are."""

from base64 import b64decode

from events.encoding.identifiers import Role
from tests.checker.client_log import Command as Logged
from tests.checker.run import judge, shared
from tests.checker.stores.reading import read_store
from tests.checker.wire import Record
from tests.checker.wire import Topic as WrittenTopic
from tests.events.golden.cast import RELATIONSHIP
from tests.simulation.outside.wire import Topic
from tests.simulation.world.client import OK, UNKNOWN, Command
from tests.simulation.world.world import World

REPLACEABLE = frozenset({"acknowledge", "ask", "reject", "approve"})
"""Commands whose words a correction may repeat as what stood before; of matters all but what a person signs."""

FORGETFUL = frozenset(
    {
        "broker forgets everything",
        "broker forgets the last records",
        "broker expires the first records",
        "offsets wrong",
        "older stores restored",
        "records reordered",
        "foreign records",
    }
)
"""Faults after which it can no longer be told which records of a topic were read."""


def check(world: World) -> list[str]:
    stores = {role.value: read_store(f"sqlite:///{world.sides[role].disk.path}") for role in Role}
    logged = [_logged(command) for command in world.clients.commands.values()]
    is_whole = FORGETFUL.isdisjoint(name for name, count in world.hits.items() if count)
    verdict = judge(shared(stores), logged, _topics(world) if is_whole else None)
    return [f"checker {told}" for told in verdict.told()]


def _topics(world: World) -> dict[str, WrittenTopic | None]:
    return {role.value: _written(world.broker.topics.get(RELATIONSHIP.topic(role))) for role in Role}


def _written(topic: Topic | None) -> WrittenTopic | None:
    if topic is None:
        return None
    records = [Record(offset, each.kind, each.value) for offset, each in enumerate(topic.records, topic.start)]
    return WrittenTopic(topic.id, topic.start, topic.end, records)


def _logged(command: Command) -> Logged:
    """Return a command as a client's log has it; one that a restored store lost promises nothing."""
    outcome = UNKNOWN if command.may_be_lost else command.outcome
    events = tuple((event_id, b64decode(leaf)) for event_id, _, leaf in command.events) if outcome == OK else ()
    request = command.request
    is_replaceable = command.what in REPLACEABLE if request is None else not request.is_signed
    mark = None if is_replaceable else command.mark
    return Logged(command.key, outcome, events, mark, command.side.value)
