"""The people who answer for the work: the manufacturer's liaison, and the key persons of both parties.

Bodies that name a person may be erased by law; nothing that is judged later rests on them.
"""

from pydantic import Field

from events.catalogue.bodies import Body
from events.catalogue.event_types import Author, EventType, Kind
from events.catalogue.forms import Day, Name, PersonId, Text
from events.catalogue.words import Post


class LiaisonDesignated(Body):
    """Who connects the manufacturer's quality management with the holder's from a day on, and who stands in."""

    person: PersonId
    name: Name
    deputy: PersonId
    deputy_name: Name
    responsibilities: Text
    from_: Day = Field(validation_alias="from", serialization_alias="from")


class KeyPersonRegistered(Body):
    """A person holds a post from a day on, up to and with another or (null) without end."""

    person: PersonId
    name: Name
    post: Post
    qualification: Text
    from_: Day = Field(validation_alias="from", serialization_alias="from")
    to: Day | None = None


class KeyPersonDelegated(Body):
    """A deputy holds the post beside its holder from a day on, up to and with another."""

    deputy: PersonId
    deputy_name: Name
    qualification: Text
    reason: Text
    from_: Day = Field(validation_alias="from", serialization_alias="from")
    to: Day


class KeyPersonWithdrawn(Body):
    """The person holds the post no more, from a day on."""

    reason: Text
    from_: Day = Field(validation_alias="from", serialization_alias="from")


LIAISON, KEY_PERSON = "liaison", "key_person"

TYPES = (
    EventType(
        f"{LIAISON}.designated.v1",
        Kind.FACT,
        Author.CMO,
        LIAISON,
        LiaisonDesignated,
        opens=True,
        erasable=True,
        later=True,
    ),
    EventType(
        f"{KEY_PERSON}.registered.v1",
        Kind.FACT,
        Author.EITHER,
        KEY_PERSON,
        KeyPersonRegistered,
        opens=True,
        erasable=True,
        later=True,
    ),
    EventType(
        f"{KEY_PERSON}.delegated.v1",
        Kind.FACT,
        Author.OWNER,
        KEY_PERSON,
        KeyPersonDelegated,
        erasable=True,
        later=True,
    ),
    EventType(f"{KEY_PERSON}.withdrawn.v1", Kind.FACT, Author.OWNER, KEY_PERSON, KeyPersonWithdrawn, later=True),
)
"""All types of both kinds; they are no items of the list, and know no steps but their own."""
