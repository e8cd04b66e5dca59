"""The closed catalogue (catalogue.md): an event that is not here does not exist, and is never looked up elsewhere."""

from events.catalogue import (
    agreement,
    capa,
    change,
    communication_list,
    deviation,
    oos,
    protocol,
    regulatory_measure,
    risk,
    steps,
    suspension,
)
from events.catalogue.batches import batch, lot, release
from events.catalogue.decoding import decode_body
from events.catalogue.event_types import Author, Catalogue, EventType, Kind, Succession, newest
from events.catalogue.labels_of import labels_of_agreement, labels_of_opened
from events.catalogue.registers import approved_versions, capability_profiles, obligations, people

__all__ = [
    "ANNOUNCED",
    "ANNOUNCEMENT",
    "CATALOGUE",
    "RULE_SET",
    "Author",
    "Catalogue",
    "EventType",
    "Kind",
    "Succession",
    "all_event_types",
    "decode_body",
    "event_type",
    "newest",
]

ANNOUNCEMENT = "gateway.announced.v1"
"""By which a gateway says what it can judge."""

QUALITY_CORE = 2
"""The rule set that brought the matters between deviation and release."""

RULE_SET = QUALITY_CORE
"""The rule set by which this product judges."""

_ACT, _FACT = Kind.ACT, Kind.FACT
_EITHER, _CMO, _OWNER, _PARTNER = Author.EITHER, Author.CMO, Author.OWNER, Author.PARTNER

_PROTOCOL = (
    EventType("relationship.opened.v1", _FACT, _EITHER, "relationship", protocol.RelationshipOpened, opens=True),
    EventType(ANNOUNCEMENT, _FACT, _EITHER, "relationship", protocol.GatewayAnnounced, opens=True),
    EventType("calendar.published.v1", _FACT, _EITHER, "journal", protocol.CalendarPublished, opens=True),
    EventType("person.authorised.v1", _FACT, _EITHER, "journal", protocol.PersonAuthorised, opens=True),
    EventType("person.withdrawn.v1", _FACT, _EITHER, "journal", protocol.PersonWithdrawn, opens=True),
    EventType("person.named.v1", _FACT, _EITHER, "journal", protocol.PersonNamed, opens=True, erasable=True),
    EventType("journal.taken.v1", _FACT, _EITHER, "journal", protocol.JournalTaken, opens=True),
    EventType("entry.refused.v1", _FACT, _EITHER, "journal", protocol.EntryRefused, opens=True),
    EventType("refusal.disputed.v1", _FACT, _EITHER, "journal", protocol.RefusalDisputed, opens=True),
    EventType("dispute.settled.v1", _ACT, _EITHER, "journal", protocol.DisputeSettled, opens=True),
    EventType("body.erased.v1", _ACT, _EITHER, "journal", protocol.BodyErased, opens=True),
    EventType("key.rotated.v1", _FACT, _EITHER, "journal", protocol.KeyRotated, opens=True),
)

_DOCUMENTS = (
    EventType(
        "agreement.drafted.v1",
        _FACT,
        _EITHER,
        "agreement",
        agreement.AgreementDrafted,
        opens=True,
        labels=labels_of_agreement,
    ),
    EventType("agreement.signed.v1", _ACT, _OWNER, "agreement", agreement.Signed),
    EventType("agreement_review.signed.v1", _ACT, _PARTNER, "agreement_review", agreement.Signed, opens=True),
    EventType("agreement.activated.v1", _ACT, _OWNER, "agreement", agreement.Activated),
    EventType(
        "communication_list.drafted.v1",
        _FACT,
        _EITHER,
        "communication_list",
        communication_list.CommunicationListDrafted,
        opens=True,
    ),
    EventType("communication_list.signed.v1", _ACT, _OWNER, "communication_list", agreement.Signed),
    EventType(
        "communication_list_review.signed.v1",
        _ACT,
        _PARTNER,
        "communication_list_review",
        agreement.Signed,
        opens=True,
    ),
    EventType("communication_list.activated.v1", _ACT, _OWNER, "communication_list", agreement.Activated),
)

_DEVIATION = (
    EventType(
        "deviation.opened.v1",
        _FACT,
        _CMO,
        "deviation",
        deviation.Opened,
        opens=True,
        labels=labels_of_opened,
        widened=(QUALITY_CORE, _EITHER),
    ),
    EventType("deviation.classified.v1", _FACT, _OWNER, "deviation", deviation.Classified),
    EventType("deviation.investigated.v1", _FACT, _OWNER, "deviation", deviation.Investigated),
    EventType("deviation.closed.v1", _ACT, _OWNER, "deviation", deviation.Closed),
    EventType("deviation.answered.v1", _FACT, _OWNER, "deviation", steps.Answered),
    EventType("deviation.corrected.v1", _FACT, _OWNER, "deviation", steps.Corrected, labels=steps.labels_of_correction),
    EventType("deviation.batch_linked.v1", _FACT, _OWNER, "deviation", steps.BatchLinked, labels=steps.labels_of_link),
)

_DEVIATION_REVIEW = tuple(
    EventType(f"deviation_review.{name}.v1", kind, _PARTNER, "deviation_review", model, opens=True)
    for name, kind, model in (
        ("acknowledged", _FACT, steps.Acknowledged),
        ("asked", _FACT, steps.Asked),
        ("closure_approved", _ACT, deviation.ClosureApproved),
        ("closure_rejected", _FACT, deviation.ClosureRejected),
        ("corrected", _FACT, steps.ReviewCorrected),
    )
)

_QUALITY_CORE = (
    *risk.TYPES,
    *suspension.TYPES,
    *regulatory_measure.TYPES,
    *change.TYPES,
    *oos.TYPES,
    *capa.TYPES,
    *approved_versions.TYPES,
    *obligations.TYPES,
    *capability_profiles.TYPES,
    *people.TYPES,
    *lot.TYPES,
    *batch.TYPES,
    *release.TYPES,
)

CATALOGUE = Catalogue((*_PROTOCOL, *_DOCUMENTS, *_DEVIATION, *_DEVIATION_REVIEW, *_QUALITY_CORE))
"""All types."""

ANNOUNCED = tuple(each.name for each in CATALOGUE.types)
"""The event versions that this gateway can judge, as `gateway.announced.v1` states them."""


def event_type(name: str) -> EventType | None:
    """Return the type of a name; None when there is no such event."""
    return CATALOGUE.find(name)


def all_event_types() -> tuple[EventType, ...]:
    """Return all types of the catalogue."""
    return CATALOGUE.types
