"""What touches a batch in the model and leaves it open: matters that name it, and work that was done against a stop.

G10, G11  "every deviation, OOS and change of the batch resolved for it"; "no blocker"
"""

from tests.model.entries import Entry
from tests.model.matter import SOME_LINE, Matter, labels_of, matters, saw
from tests.model.stops import STARTS, measured, suspended

RESOLVES = {"deviation": ("closed",), "oos": ("invalidated", "confirmed"), "change": ("implemented", "withdrawn")}
WORK = ("started", "manufactured", "split", "joined", "reworked")


def scope_of_batch(batch: Matter, *now: Entry) -> set[str]:
    """Return what a batch is of, as it was opened and as it is opened now; without a line it may be of any."""
    opened = [*batch.steps("authorised", "started"), *now]
    is_placed = any(each.body.get("line") for each in opened)
    found = set[str]().union(*(labels_of(each.body) for each in opened))
    return found if is_placed or not found else found | {SOME_LINE}


def is_open(batch: Matter) -> bool:
    """Tell whether a deviation, a result or a change names the batch, and nothing that had it in view resolves it.

    Or whether it, or what it came from, was rejected or worked on against a stop.
    """
    numbers = {number for each in came_from(batch) for number in _numbers(each)}
    if any(each.steps("rejected") or _unexplained(each) for each in came_from(batch)):
        return True
    for kind, names in RESOLVES.items():
        named = [each for each in matters(batch.context, kind) if _naming(each, numbers)]
        left = [each for each in named if not (kind == "change" and each.steps("rejected"))]
        if not all(_resolved(each, named, numbers, names) for each in left):
            return True
    return False


def _resolved(matter: Matter, others: list[Matter], numbers: set[str], names: tuple[str, ...]) -> bool:
    """What ends it had seen each link to the batch, or another matter of its kind came after that and has ended."""
    links = _naming(matter, numbers)
    known = [*links, *(matter.relied_on("investigated") if matter.kind == "deviation" else [])]
    if any(all(saw(end, each) for each in known) for end in matter.relied_on(*names)):
        return True
    later = [each for each in others if each is not matter and all(saw(_own(each)[0], link) for link in links)]
    return bool(matter.relied_on(*names)) and any(each.relied_on(*names) for each in later)


def _unexplained(batch: Matter) -> bool:
    """Tell whether work on a batch was told against a stop, and no deviation has it as its cause."""
    opened = list(batch.context.all("deviation.opened.v1"))
    for fact in filter(batch.context.violates, batch.steps(*WORK)):
        led_on = any(each.head.get("cause") == fact.head["id"] and saw(each, fact) for each in opened)
        if not led_on and _was_stopped(batch, fact):
            return True
    return False


def _was_stopped(batch: Matter, fact: Entry) -> bool:
    then = batch.context.before(fact)
    labels = scope_of_batch(Matter(then, fact.subject), *([fact] if fact.type == "batch.started.v1" else []))
    return bool({*suspended(then, labels), *measured(then, labels, STARTS)})


def _numbers(batch: Matter) -> set[str]:
    return {each.body["number"] for each in batch.steps("authorised", "started")}


def came_from(batch: Matter) -> list[Matter]:
    """Return a batch, the batches whose splits name its number as a part, and those that they came from in turn."""
    found, others = [batch], matters(batch.context, "batch")
    for each in found:
        known = {one.uuid for one in found}
        found += [other for other in others if other.uuid not in known and _numbers(each) & _parts(other)]
    return found


def _parts(batch: Matter) -> set[str]:
    return {part["number"] for each in batch.steps("split") for part in each.body["parts"]}


def _naming(matter: Matter, numbers: set[str]) -> list[Entry]:
    """Return the opening, if it names one of the batches, and the links to them."""
    opening, *later = _own(matter)
    said = [*opening.body.get("batches", []), *opening.body.get("scope", {}).get("batches", [])]
    links = [
        each for each in later if each.type.endswith(".batch_linked.v1") and each.body["batch"]["number"] in numbers
    ]
    return [opening, *links] if any(each["number"] in numbers for each in said) else links


def _own(matter: Matter) -> list[Entry]:
    return [each for each in matter.told if each.subject.startswith(f"{matter.kind}/")]
