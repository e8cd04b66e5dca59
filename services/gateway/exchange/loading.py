"""A channel, read from the store: at the start, and again after a transaction that failed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from domain.judging.history import REFUSED, JournalView
from domain.judging.judge import Judge
from events.catalogue.registry import event_type
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment
from events.errors import EvidenceError
from events.journal.checkpoint import Checkpoint, parse_checkpoint
from events.journal.tree import frontier_at
from events.labels import Labeller, derive_label_secret
from events.notes.note import parse_note, verify_note
from events.notes.vkey import VerifierKey
from events.stored.journal import TAKEN
from events.stored.relationship import StoredRelationship
from services.gateway.exchange.channel import MAX_REFUSALS_A_DAY, Channel, JournalState, invitation_keys
from services.gateway.exchange.errors import StoreDamagedError
from services.gateway.exchange.receiving.telling import tells
from services.gateway.exchange.receiving.waiting import waiting_of
from services.gateway.exchange.remembering import past_of
from services.gateway.exchange.sending.leaving import LeavingPages
from services.gateway.exchange.writing.own_journal import JournalRecorder, OwnJournal
from services.gateway.ports.keys import KeyRing
from services.gateway.ports.mark import Mark
from services.gateway.ports.store import Reading

_SCAN = 256
CONFLICT = "page.history_conflict"


@dataclass(frozen=True, slots=True)
class StoredTiles:
    """The hashes of one journal's tree, as the store keeps them."""

    reading: Reading
    relationship: int
    role: Role

    def tile(self, level: int, index: int) -> list[bytes]:
        """Return the hashes at height 8 * level from position index * 256 on."""
        return list(self.reading.tile(self.relationship, self.role, level, index))


def load_channel(
    reading: Reading,
    stored: StoredRelationship,
    keys: KeyRing,
    mark: Mark,
    open_reading: Callable[[], AbstractContextManager[Reading]],
) -> Channel:
    """Return a relationship as the store has it; `open_reading` is kept for reading its journal later.

    Raises:
        StoreDamagedError: the kept tree of a journal has not the root that was signed last, or an entry that every
            judgement needs is not as it was signed.
    """
    partner = invitation_keys(stored.partner_invitation)
    states = {role: _load_state(reading, stored.number, role) for role in Role}
    accepted = {name for role in Role for name in reading.accepted_types(stored.number, role)}
    labeller = None
    if partner is not None:
        secret = derive_label_secret(keys.label_private, partner.label_public, stored.relationship)
        labeller = Labeller(secret)
    views = {role: state.view for role, state in states.items()}
    own, held = states[stored.own_role], states[stored.own_role.other]
    _check_end(own, stored, keys.party_keys.journal)
    if partner is not None:
        _check_end(held, stored, partner.journal)
    heard = reading.last_receipt(stored.number, held.role)
    refusals = _refusals_of_the_last_day(own.view)
    channel = Channel(
        stored=stored,
        keys=keys,
        partner=partner,
        labeller=labeller,
        journal=OwnJournal(JournalRecorder(open_reading, stored.number, own.role)),
        judge=Judge(stored.relationship, views, labeller),
        own=own,
        held=held,
        conflict=reading.has_quarantined(stored.number, CONFLICT),
        mark=mark,
        signed=max(mark.marked.own_size, 0 if heard is None else heard.held),
        judged=mark.marked.judged,
        refusals=refusals,
        intake_stopped=refusals[1] > MAX_REFUSALS_A_DAY,
        waiting=waiting_of(reading.held_pages(stored.number)),
        sent=0 if heard is None else min(heard.held, own.size),
        leaving=LeavingPages(own.size, held.judged),
        heard=heard,
        unreadable=tuple(sorted(name for name in accepted if event_type(name) is None)),
    )
    if own.size < channel.signed:
        channel.lost.want(own.size)
    return channel


def _load_state(reading: Reading, number: int, role: Role) -> JournalState:
    page = reading.last_page(number, role)
    size = 0 if page is None else page.size
    judged = reading.judged_size(number, role)
    view = JournalView(role)
    for entry in reading.standing(number, role):
        view.remember(past_of(entry))
    for subject in view.standing_subjects():  # `journal.taken` uses revisions up, wherever it stands, and is not here
        view.note_revision(subject, reading.last_revision(number, role, subject))
    journal = reading.subject_of_kind(number, role, "journal")  # perhaps only of `journal.taken`
    if journal is not None:
        view.note_protocol_subject(journal, reading.last_revision(number, role, journal))
    return JournalState(
        role,
        view,
        frontier_at(size, StoredTiles(reading, number, role)),
        reading.claims(number, role),
        _telling_size(reading, number, role, judged),
        b"" if page is None else page.note,
        unjudged=size - judged,
    )


def _check_end(journal: JournalState, stored: StoredRelationship, key: VerifierKey) -> None:
    """Ask that what the next checkpoint will stand on is what the last one was signed over."""
    if not journal.size:
        return
    origin = stored.relationship.origin(journal.role)
    try:
        note = parse_note(journal.note)
        checkpoint = parse_checkpoint(note)
    except EvidenceError as error:
        raise StoreDamagedError(f"the last checkpoint of {origin}: {error.detail}") from error
    if checkpoint != Checkpoint(origin, journal.size, journal.frontier.root()) or not verify_note(note, key):
        raise StoreDamagedError(f"the tree of {origin} has not the root that was signed at {journal.size}")


def _refusals_of_the_last_day(own: JournalView) -> tuple[date, int]:
    """Return the last day (UTC) on which entries were refused, and how many; it is counted on after a restart."""
    said = own.standing(REFUSED)
    if not said:
        return date.min, 0
    day = parse_moment(said[-1].time).date()
    return day, sum(len(past.body.refused) for past in said if parse_moment(past.time).date() == day)


def _telling_size(reading: Reading, number: int, role: Role, size: int) -> int:
    """Return the size up to the last entry that asks for a word that it was taken in."""
    end = size
    while end > 0:
        start = max(0, end - _SCAN)
        for entry in reversed(reading.entries(number, role, start, end - start)):
            if entry.type != TAKEN and tells(past_of(entry)):
                return entry.position + 1
        end = start
    return 0
