"""What a bundle says of itself: `data/bundle.json`, canonical JSON as bodies are (formats.md 2 and 9)."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from events.bundle.faults import BundleError
from events.bundle.layout import DESCRIPTION, FORMAT
from events.catalogue.bodies import Part
from events.catalogue.forms import Count, Leaf, Moment, Name, Sha256, Text, Uscc, Word
from events.catalogue.opening import Vkey
from events.encoding.base64 import decode_base64
from events.encoding.canonical import decode, encode
from events.encoding.identifiers import Relationship, Role, is_relationship
from events.errors import CanonicalError
from events.notes.vkey import VerifierKey

MAX_LABELS = 1000
MAX_KINDS = 200
MAX_KEYS = 10_000

Label = Annotated[str, StringConstraints(max_length=300, pattern=r"^[a-z][a-z0-9_]*/.*\S.*$")]
"""A label in clear: `batch/B2026-001`, `product/P1`."""


class Period(Part):
    """Recorded times in scope: from the first, which is in it, to the last, which is not; null is open."""

    from_: Moment | None = Field(validation_alias="from", serialization_alias="from")
    to: Moment | None

    def holds(self, time: str) -> bool:
        """Tell whether a recorded time lies in the period."""
        return (self.from_ is None or self.from_ <= time) and (self.to is None or time < self.to)


class StatedScope(Part):
    """What was asked for: entries with one of the labels, of one of the kinds, recorded in the period.

    No labels, no kinds or no period narrow nothing. `heads`: whether the heads of entries out of scope are shown.
    """

    labels: list[Label] = Field(max_length=MAX_LABELS)
    kinds: list[Word] = Field(max_length=MAX_KINDS)
    period: Period | None
    heads: Literal["shown", "hidden"]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is narrowed: the bundle shows the relationship as a whole."""
        return not self.labels and not self.kinds and self.period is None


class LabelKey(Part):
    """The k of a label in scope (32 bytes in base64): it finds that label's entries and no other's."""

    label: Label
    k: Leaf

    @property
    def key(self) -> bytes:
        """Return the key as its 32 bytes."""
        return decode_base64(self.k)


class HeldKey(Part):
    """A vkey of the party that writes a journal, and the position from which it holds.

    For a mirror key that is a size of the partner's journal.
    """

    vkey: Vkey
    from_: Count = Field(validation_alias="from", serialization_alias="from")

    @property
    def key(self) -> VerifierKey:
        """Return the key, read; it was checked with the model."""
        return VerifierKey.parse(self.vkey)


class MissingFile(Part):
    """An attachment that a shown entry names and that is not in the bundle, and why."""

    sha256: Sha256
    reason: Literal["withheld", "erased", "not_received"]


class JournalSaid(Part):
    """A journal's entries: all, those with their body, those of which the head alone is shown, and leaves alone.

    `complete_to` is the size in the last receipt of the partner: up to there it vouches that nothing was left out.
    """

    entries: Count
    shown: Count
    withheld: Count
    hidden: Count
    checkpoints: Count
    receipts: Count
    complete_to: Count


class Journals(Part):
    """Something of each of the two journals."""

    mah: JournalSaid
    cmo: JournalSaid

    def of(self, role: Role) -> JournalSaid:
        """Return what is said of the journal of a role."""
        return self.mah if role is Role.MAH else self.cmo


class JournalKeys(Part):
    """The keys of each of the two parties."""

    mah: list[HeldKey] = Field(max_length=MAX_KEYS)
    cmo: list[HeldKey] = Field(max_length=MAX_KEYS)

    def of(self, role: Role) -> list[HeldKey]:
        """Return the keys of the party in a role."""
        return self.mah if role is Role.MAH else self.cmo


class Description(Part):
    """Which history it is, what of it is in scope, who asked for it and why, who made it and when, by which keys."""

    format: Literal["counterfoil/bundle/v1"]
    relationship: str
    scope: StatedScope
    label_keys: list[LabelKey] = Field(max_length=MAX_LABELS)
    asked_by: Text
    legal_basis: Text
    maker: Uscc
    made_at: Moment
    software: Name
    keys: JournalKeys
    journals: Journals
    attachments: Count
    quarantined: Count
    missing_files: list[MissingFile]

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if not is_relationship(self.relationship):
            raise ValueError("relationship: not <MAH>/<CMO>")
        Relationship.parse(self.relationship).role_of(self.maker)
        if [each.label for each in self.label_keys] != self.scope.labels:
            raise ValueError("label_keys: not one for each label in scope, in the same order")
        if self.scope.labels and self.scope.heads != "shown":
            raise ValueError("scope: labels prove nothing where heads are hidden")
        return self

    @property
    def parties(self) -> Relationship:
        """Return the relationship, read."""
        return Relationship.parse(self.relationship)

    @property
    def maker_role(self) -> Role:
        """Return the role of the party that made the bundle."""
        return self.parties.role_of(self.maker)

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        return encode(self.model_dump(mode="json"))


def parse_description(raw: bytes) -> Description:
    """Read the file.

    Raises:
        BundleError: `bundle.malformed`; `bundle.unknown_format` for another version.
    """
    try:
        values = decode(raw)
    except CanonicalError as error:
        raise BundleError("bundle.malformed", DESCRIPTION, error.detail) from error
    if values.get("format") != FORMAT:
        raise BundleError("bundle.unknown_format", DESCRIPTION, f"its format is not {FORMAT}")
    try:
        return Description.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BundleError(
            "bundle.malformed", DESCRIPTION, f"{place}: {first['msg']}" if place else first["msg"]
        ) from error
