"""The words of schedules: what people do, what goes wrong, where a process may die; and how often each is drawn."""

from events.encoding.identifiers import Role
from services.gateway.ports.steps import Step

POINTS = (*(step.value for step in Step), "store.committed", "mark.moved", "wire.partly_published")
"""Where a process may die: every named step, and a few places outside the engine."""

BETWEEN: tuple[str, ...] = (
    "transaction.after_commit",
    "command.answered",
    "pages.read",
    "pages.published",
    "pages.noted",
)
BETWEEN += ("receipt.published", "receipt.noted", "request.published", "records.read", "records.taken")
BETWEEN += ("rows.folded", "rows.written", "store.committed", "mark.moved", "wire.partly_published")
"""Points where no transaction is open: every other part may be at work then. Elsewhere only who does not write."""

TOGETHER = (
    *((point, part) for point in BETWEEN for part in ("write", "publish", "take", "project", "beat")),
    *((point, "publish") for point in POINTS if point not in BETWEEN),
    *[("transaction.before_commit", "publish")] * 8,
)
"""Pairs of a point and a part that may be at work there; where everything is said and nothing durable, more often."""

STORY = ("classify", "acknowledge", "ask", "answer", "investigate", "approve", "close")
"""How a deviation goes on, if all goes well; each step by whoever it is for."""

OF_CMO = ("open", "open", "open", "open_many", "classify", "investigate", "close", "answer", "link", "correct")
OF_MAH = ("acknowledge", "ask", "approve", "reject", "correct")
DOCUMENTS = tuple(
    (role, f"{step}_{document}")
    for document in ("agreement", "list")
    for role, step in ((Role.MAH, "draft"), (Role.MAH, "sign"), (Role.CMO, "sign"), (Role.MAH, "activate"))
)
OFTEN = ("batch", "batch", "risk", "suspension")  # gates stand between these, and deep in them
MOST_KINDS = 4
RELEASE = (
    "batch.factory_released.v1",
    *("batch_review.item_concluded.v1",) * 3,
    "batch_review.marketing_released.v1",
    "batch_review.dispatch_permitted.v1",
    "batch.dispatched.v1",
)
"""How a batch that is made goes on, if all goes well: too long a way for steps that are drawn one by one."""

CHANGED = (
    "change.proposed.v1",
    "change.category_opinion_given.v1",
    "change_review.category_opinion_given.v1",
    "change.category_determined.v1",
    "change_review.approved.v1",
    "change_review.regulatory_step_recorded.v1",
    "change.implemented.v1",
)
"""How a change of the manufacturer goes on."""

LONG_WAYS = {"batch": (RELEASE, (1, 2)), "change": (CHANGED, (1, 3))}
"""By kind, and of which matters."""

OF_BOTH = ("authorise", "withdraw", "publish_calendar")

PROGRESS = {
    "give": 28,
    "again": 3,
    "write": 14,
    "publish": 10,
    "take": 10,
    "flow": 14,
    "beat": 8,
    "project": 5,
    "advance": 8,
    "rebuild": 0.3,
}
FAULTS = {
    "lose": 3,
    "repeat": 2,
    "delay": 2,
    "damage": 1,
    "shuffle": 2,
    "cut": 3,
    "unanswered": 2,
    "forget_all": 1,
    "forget_last": 2,
    "expire": 1,
    "offset": 2,
    "foreign": 1,
    "disk": 4,
    "jump": 2,
    "die": 6,
    "meanwhile": 6,
    "restore": 2,
    "lie": 2,
}
ENDS = {"cut": "mend", "disk": "make_space", "jump": "set_clock", "restore": "back_up"}
"""What ends a fault, or must come before it: drawn as often again."""
