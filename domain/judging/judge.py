"""The judge: one verdict for each entry of a believed page, computed alike by author, receiver and every later reader.

What is proved of an entry, in this order (formats.md 5.5 and 6):

1. framing and canonical form, attributes, `bodyhash`: `entry.malformed`; the author: `entry.wrong_author`
2. the revision: `entry.wrong_revision`
3. the id: `entry.duplicate_id`
4. the time: `entry.time_fell`
5. `seen`: `entry.seen_withheld`, `entry.seen_impossible`
6. the type, known and announced (`domain.judging.versions`): `entry.unknown_type`; who may author it:
   `entry.wrong_author`; its subject: `entry.wrong_subject`
7. the schema: `entry.schema_invalid`
8. the labels: `entry.wrong_labels`
9. the pairing, references, rights, state and gates: `entry.not_permitted`, `entry.wrong_reference`, `gate.<name>` ...

Types and schemas come before labels, for the catalogue says which fields are labels. What fails 9 is refused if it is
an act or if its form or place is wrong; a fact is accepted and marked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.drafts import FORM, Rule
from domain.errors import DomainError
from domain.judging.context import Context, Proposed
from domain.judging.history import REFUSED, JournalView, PastEvent
from domain.judging.labelling import labels_in
from domain.judging.refusals import RefusalMalformedError, check_refusal, claim_of_refusal
from domain.judging.subjects import check_paired, check_subject
from domain.judging.versions import check_author, check_versions
from domain.rights import check_right
from domain.rules import RULES
from domain.signing.rules import check_signature
from events.catalogue.bodies import Body
from events.catalogue.registry import EventType, Kind, decode_body, event_type
from events.encoding.entry import Entry, Head, head_of_line, leaf_of_line, parse_line
from events.encoding.identifiers import Relationship, Role
from events.encoding.moments import parse_moment
from events.errors import EntryError
from events.labels import Labeller
from events.stored.journal import JournalClaims

MALFORMED = "entry.malformed"
REFUSAL_MALFORMED = RefusalMalformedError.code
_GATE = "gate."
_UNCLAIMED = frozenset({MALFORMED, "entry.seen_impossible"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A line of a page, read once: its leaf, its head and the whole entry where they are well formed, else why not."""

    line: bytes
    leaf: bytes
    head: Head | None
    entry: Entry | None
    detail: str = ""


def read_line(line: bytes) -> Arrival:
    """Read a line of a page, well formed or not."""
    try:
        entry = parse_line(line)
    except EntryError as error:
        return Arrival(line, leaf_of_line(line), _head_of(line), None, error.detail)
    return Arrival(line, entry.leaf, entry.head, entry)


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry with its verdict.

    `detail` says in words why it was refused or marked, `failed` is the failed rule's own code or empty; `claims` are
    those of its journal after it; `uses_revision` tells whether it used up a revision of its subject; `broken` is the
    gate that a marked fact broke (`gate.suspension`), or empty.
    """

    past: PastEvent
    detail: str
    failed: str
    claims: JournalClaims
    uses_revision: bool
    broken: str = ""


@dataclass(frozen=True, slots=True)
class _Verdict:
    code: str | None
    detail: str = ""
    failed: str = ""
    violates: bool = False
    type: EventType | None = None
    body: Body | None = None
    broken: str = ""


class Judge:
    """Judges the entries of one relationship, one after the other, on the views of its two journals.

    The views hold what the entries need (subjects, evidence, ids); each judged entry is remembered in its view.
    Without a labeller labels are not looked at: only the two parties can.
    """

    def __init__(
        self, relationship: Relationship, views: Mapping[Role, JournalView], labeller: Labeller | None
    ) -> None:
        self._relationship = str(relationship)
        self._parties = {role: relationship.party(role) for role in Role}
        self._views = views
        self._labeller = labeller

    @property
    def views(self) -> Mapping[Role, JournalView]:
        """The views that it judges on."""
        return self._views

    def judge_arrival(
        self, role: Role, position: int, arrival: Arrival, claims: JournalClaims, partner_size: int
    ) -> Judged:
        """Judge a line of a page; `partner_size` is the size of the journal that its `seen` counts.

        `claims` are those of the journal before this entry.

        Raises:
            JudgingStopsError: it takes another version of this software; nothing is remembered of it.
        """
        if arrival.entry is not None:
            return self.judge_entry(role, position, arrival.entry, claims, partner_size)
        # 1. Framing, canonical form, attributes, bodyhash.
        is_refusal = arrival.head is not None and arrival.head.type == REFUSED
        verdict = _Verdict(REFUSAL_MALFORMED if is_refusal else MALFORMED, arrival.detail)
        context = Context(role, position, 0, self._views)
        return self._remember(context, arrival.leaf, arrival.head, verdict, claims)

    def judge_entry(
        self,
        role: Role,
        position: int,
        entry: Entry,
        claims: JournalClaims,
        partner_size: int,
        *,
        written: Body | None = None,
    ) -> Judged:
        """Judge an entry that is well formed by itself.

        `written` is the body of an entry that this gateway encodes itself, read by its type's schema just now, with the
        labels that it has in this context: schema and labels are not looked at twice.
        """
        context = Context(role, position, entry.head.seen, self._views)
        verdict = self._verdict(entry, context, claims, partner_size, written)
        return self._remember(context, entry.leaf, entry.head, verdict, claims)

    def _remember(
        self, context: Context, leaf: bytes, head: Head | None, verdict: _Verdict, claims: JournalClaims
    ) -> Judged:
        role, view = context.role, self._views[context.role]
        kept = (verdict.type, verdict.body, verdict.code, verdict.violates)
        past = PastEvent(role, context.position, leaf, head, *kept)
        uses_revision = head is not None and head.revision == view.last_revision(head.subject) + 1
        after = claims if head is None else _claims_after(claims, past, head, context)
        view.remember(past)
        return Judged(past, verdict.detail, verdict.failed, after, uses_revision, verdict.broken)

    def _verdict(
        self, entry: Entry, context: Context, claims: JournalClaims, partner_size: int, written: Body | None
    ) -> _Verdict:
        type_ = event_type(entry.head.type)
        body: Body | None = written
        try:
            self._check_place(entry, context, claims, partner_size)
            type_ = self._check_type(entry.head, type_, context)
            check_subject(entry.head, type_, context)
            if body is None:
                body = decode_body(type_, entry.body)  # 7
                self._check_labels(entry.head, type_, body, context)
            fault = self._check_rules(entry.head, type_, body, context, claims)
        except EntryError as error:
            if entry.head.type == REFUSED:
                return _without_effect(entry, error.detail)
            return _Verdict(error.code, error.detail, type=type_, body=body)
        except DomainError as error:
            if entry.head.type == REFUSED:
                return _without_effect(entry, error.detail, error.code)
            return _Verdict(error.refusal, error.detail, error.code, type=type_, body=body)
        if fault is None:
            return _Verdict(None, type=type_, body=body)
        broken = fault.refusal if fault.refusal.startswith(_GATE) else ""
        return _Verdict(None, f"{fault.code}: {fault.detail}", violates=True, type=type_, body=body, broken=broken)

    def _check_place(self, entry: Entry, context: Context, claims: JournalClaims, partner_size: int) -> None:
        head = entry.head
        view, other = self._views[context.role], self._views[context.role.other]
        # 1. The journal's own relationship and author.
        if head.relationship != self._relationship:
            raise EntryError(MALFORMED, "head.relationship is not that of the journal")
        if head.author != self._parties[context.role]:
            raise EntryError("entry.wrong_author", "head.source is not the party that writes this journal")
        # 2. The revision.
        due = view.last_revision(head.subject) + 1
        if head.revision != due:
            raise EntryError("entry.wrong_revision", f"revision {head.revision} where {due} is next")
        # 3. The id.
        crossed = other.position_of(head.id)
        if view.position_of(head.id) is not None or (crossed is not None and crossed < head.seen):
            raise EntryError("entry.duplicate_id", f"the id {head.id} is taken")
        # 4. The time.
        if head.time < claims.time:
            raise EntryError("entry.time_fell", f"recorded {head.time}, before {claims.time}")
        # 5. What it has seen.
        notices = other.notices((context.position, entry.leaf))
        if head.seen > partner_size or any(at < head.seen for at in notices):
            raise EntryError("entry.seen_impossible", f"seen {head.seen} of a journal that cannot have had so many")
        if head.seen < claims.claimed:
            raise EntryError("entry.seen_withheld", f"seen {head.seen} after {claims.claimed}")

    def _check_type(self, head: Head, found: EventType | None, context: Context) -> EventType:
        # 6. A known type, its author and its kind of subject.
        type_ = check_versions(head.type, found, context)
        check_author(type_, context)
        if head.subject_kind != type_.subject_kind:
            raise EntryError("entry.wrong_subject", f"{head.type} is about {type_.subject_kind}/<UUID>")
        return type_

    def _check_labels(self, head: Head, type_: EventType, body: Body, context: Context) -> None:
        # 8. The labels.
        if self._labeller is None:
            return
        labels = labels_in(context, type_, head.subject, body)
        if head.labels != (self._labeller.tags(labels, head.id) if labels else ()):
            raise EntryError("entry.wrong_labels", "the tags are not those of the entry's labels")

    def _check_rules(
        self, head: Head, type_: EventType, body: Body, context: Context, claims: JournalClaims
    ) -> DomainError | None:
        # 9. Pairing, references, rights, state and gates.
        check_paired(head, body, context)
        proposed = Proposed(context.role, head.type, head.subject, body, head.actor, parse_moment(head.time))
        if head.type == REFUSED:
            check_refusal(proposed, context, claims.claimed)
        fault = fault_of(proposed, context)
        if fault is not None and (type_.kind is Kind.ACT or fault.refusal in FORM):
            raise fault
        return fault


def fault_of(proposed: Proposed, context: Context) -> DomainError | None:
    """Return the first fault: of what is named or stated, then a right that is lacking, then of state and gates."""
    by_rule = _raised(RULES.get(proposed.type), proposed, context)
    if by_rule is not None and by_rule.refusal in FORM:
        return by_rule
    return _raised(check_right, proposed, context) or _raised(check_signature, proposed, context) or by_rule


def _raised(rule: Rule | None, proposed: Proposed, context: Context) -> DomainError | None:
    try:
        if rule is not None:
            rule(proposed, context)
    except DomainError as error:
        return error
    return None


def _head_of(line: bytes) -> Head | None:
    try:
        return head_of_line(line)
    except EntryError:
        return None


def _without_effect(entry: Entry, detail: str, failed: str = "") -> _Verdict:
    """Return the verdict of a refusal that is never refused in turn; what it names counts as a claim all the same."""
    type_ = event_type(REFUSED)
    try:
        body = None if type_ is None else decode_body(type_, entry.body)
    except EntryError:
        body = None
    return _Verdict(REFUSAL_MALFORMED, detail, failed, type=type_, body=body)


def _claims_after(claims: JournalClaims, past: PastEvent, head: Head, context: Context) -> JournalClaims:
    claimed = 0 if past.code in _UNCLAIMED else head.seen
    if past.name == REFUSED:
        claimed = claim_of_refusal(past, context)
    if past.code is not None:
        return replace(claims, claimed=max(claims.claimed, claimed))
    return JournalClaims(max(claims.claimed, claimed), max(claims.order_seen, head.seen), head.time)
