"""What bodies share: the salt, attachments, signatures, and how one entry names another."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from events.catalogue.forms import Code, Count, Journal, Leaf, Name, PersonId, Salt, Sha256, StatedTime, Text, Title
from events.catalogue.words import SignatureMeaning
from events.encoding.base64 import decode_base64
from events.encoding.identifiers import Role

MAX_ATTACHMENTS = 100


class Part(BaseModel):
    """A part of a body: read strictly, no unknown field, never changed."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        revalidate_instances="never",
        defer_build=True,  # a gateway is ready sooner: each model is built when its first body is read
    )


class EventRef(Part):
    """Names an entry of either journal as evidence: `{"journal": "cmo", "position": 17, "leaf": "..."}`."""

    journal: Journal
    position: Count
    leaf: Leaf

    @property
    def leaf_bytes(self) -> bytes:
        """Return the leaf as its 32 bytes."""
        return decode_base64(self.leaf)

    @property
    def role(self) -> Role:
        """Return whose journal is named, whatever its generation."""
        return Role(self.journal.partition(".")[0])


class LeafRef(Part):
    """Names an entry of a journal that the event itself makes clear."""

    position: Count
    leaf: Leaf

    @property
    def leaf_bytes(self) -> bytes:
        """Return the leaf as its 32 bytes."""
        return decode_base64(self.leaf)


class Attachment(Part):
    """A file that belongs to the event, named by its SHA-256 (hexadecimal); `size` in bytes."""

    sha256: Sha256
    name: Name
    size: Count


class Signature(Part):
    """What a named person signed: the statement as it was shown, what the signature means, why, who and when.

    `person` is the id in the author's directory, without `person/`.
    """

    statement: Text
    meaning: SignatureMeaning
    reason: Text
    person: PersonId
    at: StatedTime


class Product(Part):
    """A product: its name as stated, and the code by which it is labelled, if it has one."""

    name: Title
    code: Code | None = None


class Batch(Part):
    """A drug batch, by its number."""

    number: Code


class Body(Part):
    """The body of an event. Subclasses say what their event states; any body may hold attachments."""

    salt: Salt
    attachments: list[Attachment] = Field(default_factory=list, max_length=MAX_ATTACHMENTS)

    def salted(self, salt: str) -> Self:
        """Return the same body with another salt: 32 hexadecimal digits."""
        return self.model_copy(update={"salt": salt})


class SignedBody(Body):
    """The body of an act: a named person signed it."""

    signature: Signature
