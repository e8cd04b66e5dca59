"""The model's gates of the quality core: what must be there before an act may stand (domain.md 2.2).

Only what the table says outright. So a gate that is shut here is shut for every reader, and an accepted act behind it
is a fault; one that is open here may be shut for a reason that is told elsewhere (the parents that a batch names, what
crossed, how an examination ended). Types, bodies and rights of these matters are not judged here.

G4  "authorising a batch start, releases in the impact scope | suspension lifted by whoever the policy names"; "a risk
    either party calls major suspends at once"; "a lowered class lifts nothing: only signatures of lifting do"
G6  "change implementation | MAH approval + determined category + regulatory step for that category"
G7  "category downgrade without consensus | max() rule"
G8  "same generic name, different owners: key material, intermediate, product ... used across | never"
G10 "factory release | QP signature, conditions met, every deviation, OOS and change of the batch resolved for it"
G11 "marketing release; dispatch only after it | factory release + complete package + 3 reviews + no blocker"; so the
    dispatch waits for all that the release would wait for by then
G16 "batch start, releases, dispatch, sales | the regulator's document that ends the measure"
"""

import re
from collections.abc import Callable, Iterator

from tests.model.context import Context
from tests.model.documents import policy
from tests.model.entries import OTHER, Entry, Json

SUSPENSION, MEASURE, LOTS = "gate.suspension", "gate.regulatory_measure", "gate.segregation"
CATEGORY, CHANGE = "gate.change_category", "gate.change_implementation"
FACTORY, MARKETING = "gate.factory_release", "gate.marketing_release"
CATEGORIES = ("no_registration_effect", "reporting", "filing", "approval")  # the highest last
STEPS = {"approval": "approval_certificate", "filing": "filing_record", "reporting": "annual_report_queued"}
STARTS = {"suspend_manufacturing"}
SALES = {"suspend_sales", "suspend_use", "recall"}
RESOLVES = {"deviation": ("closed",), "oos": ("invalidated", "confirmed"), "change": ("implemented", "withdrawn")}
REVIEWS = 3
KINDS = {"batches": "batch", "products": "product", "lines": "line", "sites": "site"}
SCOPED = re.compile(r"scope\.(batches|products|lines|sites)\.[0-9]+(?:\.number|\.code)?")

Shut = Iterator[str]


class Matter:
    """All that both said about one matter, its review and its parts, in one context; `own` by its owner."""

    def __init__(self, context: Context, subject: str) -> None:
        self.context, self.uuid = context, subject.partition("/")[2]
        self.kind = subject.partition("/")[0].removesuffix("_review")
        parts = (self.kind, f"{self.kind}_review", *(["release_package"] if self.kind == "batch" else []))
        subjects = {f"{part}/{self.uuid}" for part in parts}
        self.told = [each for each in context.all() if each.subject in subjects]

    def steps(self, *names: str) -> list[Entry]:
        """Return its entries by the last word of their types, whoever wrote them."""
        return [each for each in self.told if each.type.split(".")[1] in names]

    def relied_on(self, *names: str) -> list[Entry]:
        return list(filter(self.context.is_relied_on, self.steps(*names)))

    def named(self, ref: Json | None, *names: str) -> Entry | None:
        found = [] if ref is None else [each for each in self.relied_on(*names) if each.is_named_by(ref)]
        return found[0] if found else None


def shut_before(act: Entry, context: Context) -> set[str]:
    """Return the gates that are shut before an act, as far as the table says."""
    find = GATES.get(act.type)
    return set() if find is None else set(find(act, context))


def matters(context: Context, kind: str) -> list[Matter]:
    found = {each.subject for each in context.all() if each.subject.startswith(f"{kind}/")}
    return [Matter(context, subject) for subject in sorted(found)]


def labels_of(body: Json) -> set[str]:
    """Return what a scope is of, or a batch that is opened, which says so itself."""
    scope = body.get("scope") or {"products": [body.get("product")], "batches": [{"number": body.get("number")}]}
    found = {f"product/{each['code']}" for each in scope.get("products", []) if each and each.get("code")}
    found |= {f"batch/{each['number']}" for each in scope.get("batches", [])}
    found |= {f"line/{each}" for each in scope.get("lines", [body["line"]] if body.get("line") else [])}
    return found | {f"site/{each}" for each in scope.get("sites", [body["site"]] if body.get("site") else [])}


def _meet(some: set[str], others: set[str]) -> bool:
    """A scope that names nothing is the whole relationship."""
    return not some or not others or bool(some & others)


def _scope(matter: Matter) -> set[str]:
    """Return what it was opened for, and what its corrections added: what shuts is not made smaller by a correction."""
    opening = matter.steps("raised", "started", "demanded", "recorded", "authorised")[0]
    scope = labels_of(opening.body)
    added = {label for each, label in _added(matter, opening) if label and not matter.context.violates(each)}
    return scope | added if scope else scope


def _let_go(suspension: Matter) -> set[str]:
    """Return the most that its lifting could let go of: all it was ever said to be of; empty: everything."""
    opening = suspension.steps("started", "demanded")[0]
    added = {label for _, label in _added(suspension, opening)}
    scope = labels_of(opening.body)
    return scope | added if scope and "" not in added else set()


def _added(matter: Matter, opening: Entry) -> Iterator[tuple[Entry, str]]:
    """Return the labels that corrections of an opening brought in, each with its correction; empty: one was taken."""
    for correction, change in _changes(matter, opening):
        field = SCOPED.fullmatch(change["field"])
        if field is not None:
            after = change.get("after")
            yield correction, f"{KINDS[field[1]]}/{after}" if after else ""


def _changes(matter: Matter, entry: Entry) -> list[tuple[Entry, Json]]:
    corrections = [each for each in matter.steps("corrected") if entry.is_named_by(each.body["entry"])]
    return [(each, change) for each in corrections for change in each.body["changes"]]


# G4, G16


def _suspended(context: Context, labels: set[str], *, of_releases: bool = False) -> Shut:
    """Ask of releases too what was agreed when a suspension began: it was opened, a risk was called major."""

    def binds(began: Entry) -> bool:
        return not of_releases or policy(context, began.time, "suspension_blocks_release", True)

    stopped = [each for each in matters(context, "suspension") if each.steps("started", "demanded")]
    bound = [each for each in stopped if binds(each.steps("started", "demanded")[0])]
    held = [_scope(each) for each in bound if not _signatures(each)]
    for risk in matters(context, "risk"):
        lifted = [each for each in stopped if _is_about(each, risk) and _signatures(each)]
        for word in filter(binds, _major_words(risk)):
            freed = [_let_go(each) for each in lifted if all(_saw(sign, word) for sign in _signatures(each))]
            scope = _scope(risk)
            if set() not in freed and (not scope or scope.difference(*freed)):
                held.append(scope.difference(*freed))
    if any(_meet(each, labels) for each in held):
        yield SUSPENSION


def _major_words(risk: Matter) -> list[Entry]:
    """Return every word that calls it major, corrections included, however they stand."""
    said = risk.steps("classified")
    corrected = [pair for each in said for pair in _changes(risk, each)]
    words = [each for each in said if each.body["level"] == "major"]
    return words + [each for each, change in corrected if (change["field"], change.get("after")) == ("level", "major")]


def _signatures(suspension: Matter) -> list[Entry]:
    """Return the signatures that lifted it, of whoever the policy names; none while one is missing."""
    begun = suspension.steps("started", "demanded")[0]
    agreed = policy(suspension.context, begun.time, "suspension_lift", "both")
    signed = {each.role: each for each in suspension.relied_on("lift_signed")}
    needed = set(OTHER) if agreed == "both" else {agreed}
    return [signed[role] for role in needed] if needed <= signed.keys() else []


def _saw(entry: Entry, other: Entry) -> bool:
    """Tell whether an entry was written after another of its journal, or had seen one of the other's."""
    return other.position < (entry.position if entry.role == other.role else entry.seen)


def _is_about(suspension: Matter, risk: Matter) -> bool:
    refs = [each.body.get("risk") for each in suspension.steps("started", "demanded")]
    return any(ref is not None and risk.steps("raised")[0].is_named_by(ref) for ref in refs)


def _measured(context: Context, labels: set[str], kinds: set[str]) -> Shut:
    for measure in matters(context, "regulatory_measure"):
        recorded = measure.steps("recorded")[0]
        said = {change.get("after") for _, change in _changes(measure, recorded) if change["field"] == "measure"}
        binds = not kinds.isdisjoint({recorded.body["measure"], *said}) and not measure.relied_on("ended")
        if binds and _meet(_scope(measure), labels):
            yield MEASURE


# G8, G10, G11


def _authorised(act: Entry, context: Context) -> Shut:
    labels = labels_of(act.body)
    yield from _suspended(context, labels)
    yield from _measured(context, labels, STARTS)
    for ref in act.body.get("lots", []):
        lot = context.find(ref, "lot.allocated.v1")
        is_free = lot is not None and lot.body["lot_kind"] == "material"  # no key material
        if lot is not None and not is_free and lot.body["product"]["code"] != act.body["product"]["code"]:
            yield from _unless_allocated(Matter(context, lot.subject), act.body["product"]["code"])


def _unless_allocated(lot: Matter, product: str) -> Shut:
    if all(each.body["product"]["code"] != product for each in lot.steps("allocated")):
        yield LOTS


def _factory_released(act: Entry, context: Context) -> Shut:
    batch = Matter(context, act.subject)
    is_made = all(batch.steps(name) for name in ("authorised", "manufactured", "tested"))
    if not is_made or _failed(batch) or _open(batch):
        yield FACTORY
    yield from _releasable(batch)


def _marketing_released(act: Entry, context: Context) -> Shut:
    batch = Matter(context, act.subject)
    package = batch.named(act.body["package"], "submitted")
    reviews = [batch.named(ref, "item_concluded") for ref in act.body["reviews"]]
    good = {
        each.body["item"]
        for each in reviews
        if each
        and package
        and each.body["verdict"] == "satisfactory"
        and package.is_named_by(each.body["package"])
        and not _worse(batch, each, "verdict", "not_satisfactory")
    }
    lifted = [each.body["hold"] for each in batch.relied_on("hold_lifted")]
    held = [each for each in batch.steps("held") if not any(map(each.is_named_by, lifted))]
    is_released = batch.named(act.body["factory_release"], "factory_released") is not None
    if not is_released or len(good) < REVIEWS or held or _failed(batch) or _open(batch):
        yield MARKETING
    yield from _releasable(batch)


def _dispatch_permitted(act: Entry, context: Context) -> Shut:
    batch = Matter(context, act.subject)
    release = batch.named(act.body["release"], "marketing_released")
    is_shut = release is None or _has_fallen(batch, release) or _failed(batch) or _open(batch)
    if is_shut or SUSPENSION in _releasable(batch, act):
        yield MARKETING
    yield from _measured(context, _scope_of_batch(batch), STARTS | SALES)


def _has_fallen(batch: Matter, release: Entry) -> bool:
    """Tell whether a release was withdrawn, or the goods were reworked since, or their records were added to."""
    factory = batch.named(release.body["factory_release"], "factory_released")
    package = batch.named(release.body["package"], "submitted")
    withdrawn = [each for each in batch.steps("release_withdrawn") if each.position > release.position]
    if factory is None or package is None or withdrawn:
        return True
    later = [each for each in batch.steps("reworked") if each.position > factory.position]
    return bool(later or [each for each in batch.steps("submitted") if each.position > package.position])


def _failed(batch: Matter) -> bool:
    """Tell whether the last word on a test is a failure, as it was said or as it was corrected to be."""
    last: dict[str, bool] = {}
    reworked = max((each.position for each in batch.steps("reworked")), default=-1)
    for each in batch.steps("tested"):
        for index, result in enumerate(each.body.get("results", []) if each.position > reworked else []):
            worse = _worse(batch, each, f"results.{index}.verdict", "does_not_conform")
            last[result["test"]] = result["verdict"] == "does_not_conform" or worse
    return any(last.values())


def _worse(batch: Matter, said: Entry, field: str, verdict: str) -> bool:
    """Tell whether a correction of what was said makes it this verdict; no correction makes it better."""
    changes = [
        change
        for each in batch.relied_on("corrected")
        if said.is_named_by(each.body["entry"])
        for change in each.body["changes"]
    ]
    return any(change["field"] == field and change.get("after") == verdict for change in changes)


def _releasable(batch: Matter) -> Shut:
    labels = _scope_of_batch(batch)
    yield from _suspended(batch.context, labels, of_releases=True)
    yield from _measured(batch.context, labels, STARTS | SALES)


def _scope_of_batch(batch: Matter) -> set[str]:
    return set[str]().union(*(labels_of(each.body) for each in batch.steps("authorised", "started")))


def _open(batch: Matter) -> bool:
    """Tell whether a deviation, a result or a change names the batch, and nothing that resolves it was ever said."""
    numbers = {number for each in _came_from(batch) for number in _numbers(each)}
    return any(
        _names(matter, numbers) and not matter.relied_on(*names)
        for kind, names in RESOLVES.items()
        for matter in matters(batch.context, kind)
        if not (kind == "change" and matter.steps("rejected"))
    )


def _numbers(batch: Matter) -> set[str]:
    return {each.body["number"] for each in batch.steps("authorised", "started")}


def _came_from(batch: Matter) -> list[Matter]:
    """Return a batch, the batches whose splits name its number as a part, and those that they came from in turn."""
    found, others = [batch], matters(batch.context, "batch")
    for each in found:
        known = {one.uuid for one in found}
        found += [other for other in others if other.uuid not in known and _numbers(each) & _parts(other)]
    return found


def _parts(batch: Matter) -> set[str]:
    return {part["number"] for each in batch.steps("split") for part in each.body["parts"]}


def _names(matter: Matter, numbers: set[str]) -> bool:
    own = [each for each in matter.told if each.subject.startswith(f"{matter.kind}/")]
    said = [*own[0].body.get("batches", []), *own[0].body.get("scope", {}).get("batches", [])]
    said += [each.body["batch"] for each in own if each.type.endswith(".batch_linked.v1")]
    return any(each["number"] in numbers for each in said)


# G6, G7


def _determined(act: Entry, context: Context) -> Shut:
    change = Matter(context, act.subject)
    named = [change.named(ref, "category_opinion_given") for ref in act.body["opinions"]]
    said = [_highest(change, each) for each in named if each is not None]
    parties = {each.role for each in change.relied_on("category_opinion_given")}
    is_whole = None not in named and {each.role for each in named if each is not None} == parties
    if not said or not is_whole or CATEGORIES.index(act.body["category"]) < max(said):
        yield CATEGORY


def _implemented(act: Entry, context: Context) -> Shut:
    change = Matter(context, act.subject)
    approval = change.named(act.body["approval"], "approved")
    category = change.named(act.body["category"], "category_determined")
    step = change.named(act.body.get("regulatory_step"), "regulatory_step_recorded")
    if approval is None or category is None or approval.role != "mah" or not _has_seen_the_text(change, approval):
        yield CHANGE
        return
    binding = _highest(change, category)
    wanted = STEPS.get(CATEGORIES[binding])
    is_taken = wanted is None or (step is not None and _is_the_holders(step, wanted))
    if not is_taken or any(_highest(change, each) > binding for each in _last_opinions(change)):
        yield CHANGE


def _highest(change: Matter, said: Entry) -> int:
    """A correction opens nothing: of what was said at first and what it was put right to, the higher counts."""
    fixed = [fix for each in _corrections(change, said) for fix in each.body["changes"] if fix["field"] == "category"]
    words = [said.body["category"], *(fix.get("after") for fix in fixed)]
    return max(CATEGORIES.index(word) for word in words if word in CATEGORIES)


def _last_opinions(change: Matter) -> list[Entry]:
    """By party its last one that opens something: "a party's last word counts"."""
    return list({each.role: each for each in change.relied_on("category_opinion_given")}.values())


def _has_seen_the_text(change: Matter, approval: Entry) -> bool:
    """Tell whether the holder had every correction of what it approved before it."""
    fixed = [
        each
        for proposal in change.steps("proposed")
        if proposal.is_named_by(approval.body["proposal"])
        for each in _corrections(change, proposal)
    ]
    return all(each.position < (approval.position if each.role == approval.role else approval.seen) for each in fixed)


def _is_the_holders(step: Entry, wanted: str) -> bool:
    """A certificate and a filing have a number and a document; the registration is the holder's."""
    is_shown = wanted == "annual_report_queued" or None not in (step.body.get("number"), step.body.get("document"))
    return step.role == "mah" and step.body["step"] == wanted and is_shown


def _corrections(change: Matter, entry: Entry) -> list[Entry]:
    return [each for each in change.steps("corrected") if entry.is_named_by(each.body["entry"])]


GATES: dict[str, Callable[[Entry, Context], Shut]] = {
    "batch.authorised.v1": _authorised,
    "batch.factory_released.v1": _factory_released,
    "batch_review.marketing_released.v1": _marketing_released,
    "batch_review.dispatch_permitted.v1": _dispatch_permitted,
    "change.category_determined.v1": _determined,
    "change.implemented.v1": _implemented,
    "change_review.implemented.v1": _implemented,
}
