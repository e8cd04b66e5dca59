"""Entry 0 of each journal: both parties with all their public keys, and the fingerprint that was compared."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from events.catalogue.bodies import Body, Part
from events.catalogue.forms import Name, Text, Uscc
from events.encoding.identifiers import Relationship, Role, parse_origin
from events.errors import KeyRefusedError
from events.notes.vkey import VerifierKey
from events.pairing import PartyKeys, fingerprint, have_a_key_in_common

MAX_VKEY = 4096
FINGERPRINT = "^[0-9a-f]{4}(?: [0-9a-f]{4}){11}$"

_KEYS = 5


def _check_vkey(text: str) -> str:
    try:
        VerifierKey.parse(text)
    except KeyRefusedError as error:
        raise ValueError(error.detail) from error
    return text


Vkey = Annotated[str, StringConstraints(min_length=1, max_length=MAX_VKEY), AfterValidator(_check_vkey)]
"""A C2SP vkey of a key that may be registered."""


class Party(Part):
    """One side: its code and name, its five keys in the order of `events.pairing.PartyKeys`, its label key."""

    uscc: Uscc
    name: Name
    keys: list[Vkey] = Field(min_length=_KEYS, max_length=_KEYS)
    label_key: Annotated[str, StringConstraints(max_length=100, pattern=r"^x25519\+")]

    @property
    def party_keys(self) -> PartyKeys:
        """Return the keys, read; they were checked when the body was."""
        return PartyKeys.parse(self.keys, self.label_key)


class Previous(Part):
    """The last common checkpoint of the generation before, and the proof that it was forked."""

    checkpoint: Text
    proof: Text


class RelationshipOpened(Body):
    """A party confirmed the pairing.

    The body is consistent in itself, or it is refused:

    1. the keys of each party stand in their places, named after the journal of that party in this relationship;
    2. both are of the stated generation; from the second on, `previous` says how the one before ended;
    3. one raw key has one name and one type: the two parties have no key in common;
    4. the fingerprint is that of all these keys.
    """

    generation: Annotated[int, Field(ge=1, le=999_999)]
    previous: Previous | None
    mah: Party
    cmo: Party
    fingerprint: Annotated[str, StringConstraints(pattern=FINGERPRINT)]

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        relationship = self.relationship
        for role, party in ((Role.MAH, self.mah), (Role.CMO, self.cmo)):
            _check_keys(party, relationship, role, self.generation)
        if (self.previous is None) is not (self.generation == 1):
            raise ValueError("previous: there is one from the second generation on, and only then")
        if have_a_key_in_common(self.mah.party_keys, self.cmo.party_keys):
            raise ValueError("keys: one raw key has one name and one type")
        keys = (*self.mah.keys, *self.cmo.keys)
        if fingerprint(keys, (self.mah.label_key, self.cmo.label_key)) != self.fingerprint:
            raise ValueError("fingerprint: not that of these keys")
        return self

    @property
    def relationship(self) -> Relationship:
        """Return the relationship that the two parties make.

        Raises:
            ValueError: both are the same firm.
        """
        return Relationship(self.mah.uscc, self.cmo.uscc)

    def party(self, role: Role) -> Party:
        """Return the party in a role."""
        return self.mah if role is Role.MAH else self.cmo


def _check_keys(party: Party, relationship: Relationship, role: Role, generation: int) -> None:
    try:
        origin = party.party_keys.origin
    except KeyRefusedError as error:
        raise ValueError(f"{role.value}.keys: {error.detail}") from error
    if parse_origin(origin) != (relationship, role, generation):
        raise ValueError(f"{role.value}.keys: named after another journal")
