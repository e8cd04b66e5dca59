"""The keys of the labels in scope: that each is the key of its label, and finds all that is shown of it.

Without the parties' secret nobody can make k of a label. But a shown entry whose body states the label carries the tag
that the right k gives, and no other key gives it. So one such entry proves k; with none, k may be any other key, and
that nothing of this label was left out is not proven.
"""

from dataclasses import dataclass, field

from events.bundle.checking.completeness import MAX_OPEN, WRONG_LABELS, Completeness, Place
from events.bundle.description import Description
from events.bundle.faults import BundleError
from events.bundle.layout import entries_file
from events.catalogue.event_types import no_labels
from events.catalogue.registry import decode_body, event_type
from events.encoding.entry import Entry
from events.encoding.identifiers import Role
from events.errors import EntryError
from events.labels import tag_of


@dataclass(slots=True)
class LabelKeysCheck:
    """Takes every well-formed shown entry; `proved` counts by label those that state it and carry its tag."""

    keys: dict[str, bytes]
    proved: dict[str, int] = field(init=False)
    _without: list[tuple[Place, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.proved = dict.fromkeys(self.keys, 0)

    @classmethod
    def of(cls, description: Description) -> "LabelKeysCheck":
        """Return the check of the keys that a bundle gives away."""
        return cls({each.label: each.key for each in description.label_keys})

    def take(self, role: Role, position: int, entry: Entry) -> None:
        """Take the next entry of a journal."""
        for label in self._stated(entry):
            if tag_of(self.keys[label], entry.head.id) in entry.head.labels:
                self.proved[label] += 1
            elif len(self._without) < MAX_OPEN:
                self._without.append(((role, position, entry.leaf), label))

    def settle(self, completeness: Completeness) -> None:
        """Ask that no entry states a label in scope without its tag, unless it was refused for that.

        Raises:
            BundleError: `scope.other_label_key`: the key is another label's, or the entry's author left the tag out.
        """
        for (role, position, leaf), label in self._without:
            if not completeness.is_refused_as(WRONG_LABELS, (role, position, leaf)):
                detail = f"it states {label} and does not carry the tag that the key of this label gives"
                raise BundleError("scope.other_label_key", entries_file(role), detail, position=position)

    def _stated(self, entry: Entry) -> list[str]:
        type_ = event_type(entry.head.type) if self.keys else None
        if type_ is None or type_.labels is no_labels:
            return []
        try:
            return [label for label in type_.labels(decode_body(type_, entry.body)) if label in self.keys]
        except EntryError:
            return []
