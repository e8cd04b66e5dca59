"""Which versions an entry is bound by: the types that its reader announced, and the lower of the two rule sets.

The types of the first release are known to everybody. One that was added later is written only after the partner
announced it (formats.md 3): without that announcement in its context no reader knows it, `entry.unknown_type`, whatever
the reader's own software knows. With it the author was right to write it, and software that does not know it judges no
further (formats.md 6, "Newer version after all"). So the verdict never depends on which version computes it.

What a party announced once stays announced: otherwise it would take from its partner, by announcing less, the types by
which that one holds, stops and withdraws. A gateway that goes back to an earlier version judges no further meanwhile.
"""

from domain.judging.context import Context
from events.catalogue.registry import ANNOUNCEMENT, RULE_SET, Author, EventType
from events.encoding.identifiers import Role
from events.errors import EntryError

FIRST_RULE_SET = 1


class JudgingStopsError(Exception):
    """This software cannot judge an entry, and so none after it: another version has to. Nobody is refused by it."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def check_versions(name: str, type_: EventType | None, context: Context) -> EventType:
    """Ask that an entry's type may be written in its context, and that this software can judge it there.

    Raises:
        EntryError: `entry.unknown_type`: no event is of this type, or the partner had not announced it.
        JudgingStopsError: the partner announced it, or a rule set, beyond this software.
    """
    if (type_ is None or type_.later) and not is_announced(name, context):
        raise EntryError("entry.unknown_type", f"no event is of type {name}, as far as the partner announced")
    if type_ is None:
        raise JudgingStopsError(f"the partner was told that {name} can be judged here; this version cannot")
    if name != ANNOUNCEMENT and rule_set_of(context) > RULE_SET:
        raise JudgingStopsError(f"both parties announced rule set {rule_set_of(context)}; this version has {RULE_SET}")
    return type_


def check_author(type_: EventType, context: Context) -> None:
    """Ask that the party of a context may write events of a type, under the rule set that binds it.

    Raises:
        EntryError: `entry.wrong_author`.
    """
    author = type_.author if type_.widened is None else type_.author_in(rule_set_of(context))
    if author in (Author.MAH, Author.CMO) and author.value != context.role.value:
        raise EntryError("entry.wrong_author", f"{type_.name} is not written by the {context.role.value}")


def is_announced(name: str, context: Context) -> bool:
    """Tell whether the author's partner ever announced a type, as far as the author had seen."""
    partner = context.role.other
    return context.views[partner].has_announced(name, context.reach(partner))


def rule_set_of(context: Context) -> int:
    """Return the rule set that binds a context: of each party the highest it ever announced in it, of both the lower.

    Before both have announced one it is the first.
    """
    return min(context.views[role].rule_set(context.reach(role)) or FIRST_RULE_SET for role in Role)
