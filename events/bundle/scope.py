"""Which entries are in scope: known from heads alone, so that nothing in scope can be left out unseen."""

from collections.abc import Sequence

from events.bundle.description import Description, StatedScope
from events.encoding.entry import Head
from events.labels import tag_of

ALWAYS = frozenset(
    {
        "relationship",
        "journal",
        "agreement",
        "agreement_review",
        "communication_list",
        "communication_list_review",
    }
)
"""Kinds of subjects whose entries are in every scope: what pairs, who may, what is agreed."""


class Scope:
    """The scope of one bundle, with the keys by which tags of its labels are known."""

    def __init__(self, stated: StatedScope, label_keys: Sequence[bytes]) -> None:
        self.stated = stated
        self._keys = tuple(label_keys)
        self._kinds = frozenset(stated.kinds)

    @classmethod
    def of(cls, description: Description) -> "Scope":
        """Return the scope that a bundle states."""
        return cls(description.scope, [each.key for each in description.label_keys])

    def holds(self, head: Head) -> bool:
        """Tell whether an entry is in scope: of a kind that always is, or fitting labels, kinds and period."""
        if head.subject_kind in ALWAYS:
            return True
        if self._kinds and head.subject_kind not in self._kinds:
            return False
        if self.stated.period is not None and not self.stated.period.holds(head.time):
            return False
        return not self._keys or any(tag_of(key, head.id) in head.labels for key in self._keys)
