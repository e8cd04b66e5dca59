"""A model of judging and of the one order, written from formats.md alone; it shares no code with the engine.

[5]  "Each entry: framing and canonical form, attributes, bodyhash, labels, revision, unique id, seen, known type, who
     may author it, schema, references. ... 6. Rights and gates."  (Which code an entry has that is wrong in several
     ways is what the product documents: form, author, revision, id, time, seen, type, subject, schema, labels, then
     pairing, references, rights, state and gates.)
[8]  "Any further entry, except the refusal of an entry 0, needs the partner's entry 0, naming the same keys, accepted"

formats.md 6:

[A]  "An act ...: a closed gate refuses it, and so does a right its actor lacks (entry.not_permitted) or its subject's
     state."
[F]  "A fact ... is refused only for its form, author or place (5.5), never for a gate. Where it breaks a gate, lacks a
     right or does not fit the state, both folds mark it violates."
[C]  "An entry at position p with seen s is judged only on its context: its journal below p and the partner's below s,
     less every entry in it whose own verdict is refusal, at the entry's time."
[W]  "entry.seen_withheld, seen below that of an earlier entry of the same journal (not of one refused as malformed or
     seen_impossible; a refusal counts by the highest position whose leaf it names, plus one)."
[I]  "entry.seen_impossible, for every reader: the partner's journal below seen holds a refusal that names this entry's
     leaf."
[U]  "uses up its revision if its attributes were well formed and the revision was the next (entry.wrong_revision uses
     none)."
[D]  "It is notice, not power: where it contradicts the verdict of the entry that it names, that entry is disputed at
     once, for every reader: what it blocks stays blocked, what it opens stays shut. ... dispute.settled.v1, written
     alike by both, ends it."
[X]  "written in the transaction that judges them ..., never later. ... Refusals are not refused in turn: a malformed or
     late one is an alarm without effect."
[N]  "The rule set is the lower number announced in the context." "Newer version after all: judging stops there; later
     entries are stored" (that is a type which the author's partner announced, or a rule set that both did; a newer type
     that it did not announce is no type for anybody).
[O]  "Shared facts fold both journals in one order: take the next MAH entry, unless none is held or its seen exceeds the
     CMO entries already taken; then the next CMO entry."
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.model.catalogue import TYPES, has_schema, labels_of
from tests.model.context import Context
from tests.model.entries import OTHER, REFUSED, Entry, Json
from tests.model.references import faults_of_references
from tests.model.rules import faults_of_rules

OPENED, ANNOUNCED = "relationship.opened.v1", "gateway.announced.v1"
STOPS = "upgrade-required"
RULE_SET = 2
EITHER_OPENS = 2  # from this rule set on either party opens deviations (catalogue.md)


@dataclass(frozen=True)
class Verdict:
    """The code of a refusal, or empty: accepted; then perhaps marked. `STOPS`: there is no verdict yet."""

    code: str = ""
    violates: bool = False


class Journals:
    """Both journals of a relationship as their lines, and the verdict of each entry."""

    def __init__(self, relationship: str, label_secret: bytes, lines: Mapping[str, Sequence[bytes]]) -> None:
        self.relationship, self._secret = relationship, label_secret
        self._party = dict(zip(OTHER, relationship.split("/"), strict=True))
        self.entries = {role: [Entry(role, at, line) for at, line in enumerate(lines[role])] for role in OTHER}
        self._known: dict[Entry, Verdict] = {}
        self._named: dict[Entry, list[Json]] = {}

    def verdict(self, entry: Entry) -> Verdict:
        if entry not in self._known:
            self._known[entry] = self._judge(entry)
        return self._known[entry]

    def everything(self) -> Context:
        return Context(self, {role: len(self.entries[role]) for role in OTHER})

    def one_order(self) -> list[Entry]:
        """[O] What is refused has no part in it, but a CMO entry counts where it stands."""
        mah = [each for each in self.entries["mah"] if not self.verdict(each).code]
        cmo, taken, ordered = self.entries["cmo"], 0, list[Entry]()
        while mah or taken < len(cmo):
            if mah and mah[0].seen <= taken:
                ordered.append(mah.pop(0))
            else:
                taken += 1
                ordered += [each for each in cmo[taken - 1 : taken] if not self.verdict(each).code]
        return ordered

    def _judge(self, entry: Entry) -> Verdict:
        could_have_seen = self._could_have_seen(entry)
        reach = {entry.role: entry.position, OTHER[entry.role]: min(entry.seen, could_have_seen)}
        before = [each for role in OTHER for each in self.entries[role][: reach[role]][-1:]]
        if any(self.verdict(each).code == STOPS for each in before):
            return Verdict(STOPS)  # [N]
        context = Context(self, reach)  # [C]
        fault = next(self._faults_of_form(entry, context, could_have_seen), "")
        if fault:
            return Verdict("refusal.malformed" if entry.type == REFUSED and fault != STOPS else fault)  # [X]
        fault = next(faults_of_rules(entry, context), "")
        return Verdict(fault) if fault and TYPES[entry.type].is_act else Verdict(violates=bool(fault))  # [A] [F]

    # [5] What an act and a fact alike are refused for, one after the other; the first is the verdict.

    def _faults_of_form(self, entry: Entry, context: Context, could_have_seen: int) -> Iterator[str]:
        if not entry.body or entry.head["relationship"] != self.relationship:
            yield "entry.malformed"
        if entry.head["source"] != f"urn:uscc:{self._party[entry.role]}":
            yield "entry.wrong_author"
        own = self.entries[entry.role][: entry.position]
        if entry.head["revision"] != _last_revision(own, entry.subject) + 1:
            yield "entry.wrong_revision"
        if any(each.head["id"] == entry.head["id"] for each in context.all()):
            yield "entry.duplicate_id"
        if any(each.time > entry.time for each in context.held[entry.role]):
            yield "entry.time_fell"
        if entry.seen > could_have_seen:
            yield "entry.seen_impossible"
        if entry.seen < max(map(self._claim, own), default=0):
            yield "entry.seen_withheld"
        yield from self._faults_of_type(entry, context)

    def _faults_of_type(self, entry: Entry, context: Context) -> Iterator[str]:
        type_ = TYPES.get(entry.type)
        if type_ is None:
            yield STOPS if _is_announced(entry, context) else "entry.unknown_type"
            return
        if entry.type != ANNOUNCED and context.rule_set() > RULE_SET:
            yield STOPS
        is_free = entry.type == "deviation.opened.v1" and context.rule_set() >= EITHER_OPENS
        if type_.author not in ("", entry.role) and not is_free:
            yield "entry.wrong_author"
        if not _stands_rightly(entry, context):
            yield "entry.wrong_subject"
        if not has_schema(entry.type, entry.body):
            yield "entry.schema_invalid"
        if entry.head.get("labels", "") != " ".join(sorted(self._tags(entry, context))):
            yield "entry.wrong_labels"
        if not _is_paired(entry, context):
            yield "entry.not_permitted"
        if entry.type == REFUSED and not self._refuses_rightly(entry):
            yield "refusal.malformed"
        yield from faults_of_references(entry, context)

    def _could_have_seen(self, entry: Entry) -> int:
        """[I] The refusal that names an entry has seen it in turn: what it then saw was refused, so that is assumed."""
        partners, known = self.entries[OTHER[entry.role]], self._known
        self._known = known | {entry: Verdict("entry.seen_impossible")}
        refusals = (each for each in partners[: entry.seen] if any(map(entry.is_named_by, self.named_by(each))))
        found = next((each.position for each in refusals if self.verdict(each) == Verdict()), len(partners))
        self._known = known  # what follows from a mere assumption is not known
        return found

    # Refusals

    def named_by(self, refusal: Entry) -> list[Json]:
        """Return what a refusal says that it refuses, as far as it can be read."""
        if refusal not in self._named:
            is_readable = refusal.type == REFUSED and has_schema(REFUSED, refusal.body)
            self._named[refusal] = list(refusal.body["refused"]) if is_readable else []
        return self._named[refusal]

    def _claim(self, entry: Entry) -> int:
        """[W] How much of the partner's journal an entry shows that its author held."""
        if entry.type == REFUSED:
            there = (each for each in self.named_by(entry) if self._is_there(each, OTHER[entry.role]))
            return max((each["position"] + 1 for each in there), default=0)
        return 0 if self.verdict(entry).code in ("entry.malformed", "entry.seen_impossible") else entry.seen

    def _refuses_rightly(self, refusal: Entry) -> bool:
        """[X] By position and leaf, in ascending order, no refusal, nothing unseen, nothing that was judged before."""
        named, other = self.named_by(refusal), OTHER[refusal.role]
        judged = max(map(self._claim, self.entries[refusal.role][: refusal.position]), default=0)
        places = [each["position"] for each in named]
        return places == sorted(set(places)) and all(
            judged <= each["position"] < refusal.seen
            and self._is_there(each, other)
            and self.entries[other][each["position"]].type != REFUSED
            for each in named
        )

    def _is_there(self, named: Json, role: str) -> bool:
        return any(each.is_named_by(named) for each in self.entries[role][named["position"] :][:1])

    # Labels

    def _tags(self, entry: Entry, context: Context) -> set[str]:
        """[2] "An entry also carries the labels of earlier entries of its subject, a review those of what it reviews".

        "k = HMAC-SHA256(secret, label); the tag is the first 16 bytes of HMAC-SHA256(k, id), in hexadecimal"
        """
        reviewed = entry.subject.replace("_review/", "/")
        inherited = [*context.of(entry.role, entry.subject)]
        if reviewed != entry.subject:
            inherited += context.of(OTHER[entry.role], reviewed)
        labels = set[str]().union(*(labels_of(each.type, each.body) for each in [*inherited, entry]))
        keys = [hmac.digest(self._secret, label.encode(), "sha256") for label in labels]
        return {hmac.digest(key, entry.head["id"].encode(), "sha256")[:16].hex() for key in keys}


def _last_revision(own: list[Entry], subject: str) -> int:
    last = 0
    for each in own:
        last += each.subject == subject and each.head["revision"] == last + 1  # [U]
    return last


def _is_announced(entry: Entry, context: Context) -> bool:  # [N]
    said = [each for each in context.held[OTHER[entry.role]] if each.type == ANNOUNCED]
    return any(entry.type in each.body["events"] for each in said)


def _stands_rightly(entry: Entry, context: Context) -> bool:
    """[10] "relationship/<UUID> for opened and announced, journal/<UUID> for all others, one subject per journal for
    each". [2] The first of a subject opens it, and a review is of what is there."""  # fmt: skip
    kind, _, uuid = entry.subject.partition("/")
    type_, own = TYPES[entry.type], context.held[entry.role]
    if kind != type_.subject:
        return False
    if kind in ("relationship", "journal"):
        is_second = entry.type == OPENED and any(each.type == OPENED for each in own)
        others = {each.subject for each in own if each.subject.startswith(kind + "/")} - {entry.subject}
        return not is_second and not others
    reviewed, is_review, _ = kind.partition("_review")
    is_there = not is_review or bool(context.of(OTHER[entry.role], f"{reviewed}/{uuid}"))
    return is_there and (type_.opens or bool(context.of(entry.role, entry.subject)))


def _is_paired(entry: Entry, context: Context) -> bool:  # [8]
    if entry.type == OPENED:
        return entry.position == 0 and entry.seen == 0
    if entry.type == REFUSED and entry.body["refused"][0]["position"] == 0:
        return True
    openings = [next((each.body for each in context.held[role] if each.type == OPENED), None) for role in OTHER]
    keys = [body and [body[role][name] for role in OTHER for name in ("keys", "label_key")] for body in openings]
    return keys[0] is not None and keys[0] == keys[1]
