"""The model's gates of the quality core: what must be there before an act may stand (domain.md 2.2).

Only what the table says outright. So a gate that is shut here is shut for every reader, and an accepted act behind it
is a fault; one that is open here may be shut for a reason that is told elsewhere (the parents that a batch names, what
crossed, how an examination ended). Types, bodies and rights of these matters are not judged here.

G2  "document effective for validation / commercial; commercial batch | MAH approval": not after its last day
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

from collections.abc import Callable

from tests.model.context import Context
from tests.model.days import beijing_day
from tests.model.entries import Entry
from tests.model.matter import Matter, changes_of, corrections_of, saw
from tests.model.stops import STARTS, SUSPENSION, Shut, measured, suspended
from tests.model.touching import came_from, is_open, scope_of_batch

DOCUMENTS, LOTS = "gate.process_documents", "gate.segregation"
CATEGORY, CHANGE = "gate.change_category", "gate.change_implementation"
FACTORY, MARKETING = "gate.factory_release", "gate.marketing_release"
CATEGORIES = ("no_registration_effect", "reporting", "filing", "approval")  # the highest last
STEPS = {"approval": "approval_certificate", "filing": "filing_record", "reporting": "annual_report_queued"}
SALES = {"suspend_sales", "suspend_use", "recall"}
REVIEWS, FOUND = 3, "not_satisfactory"


def shut_before(act: Entry, context: Context) -> set[str]:
    """Return the gates that are shut before an act, as far as the table says."""
    find = GATES.get(act.type)
    return set() if find is None else set(find(act, context))


# G8, G10, G11


def _authorised(act: Entry, context: Context) -> Shut:
    labels = scope_of_batch(Matter(context, act.subject), act)
    yield from suspended(context, labels)
    yield from measured(context, labels, STARTS)
    yield from _withdrawn(act, context)
    for ref in act.body.get("lots", []):
        lot = context.find(ref, "lot.allocated.v1")
        is_free = lot is not None and lot.body["lot_kind"] == "material"  # no key material
        if lot is not None and not is_free and lot.body["product"]["code"] != act.body["product"]["code"]:
            yield from _unless_allocated(Matter(context, lot.subject), act.body["product"]["code"])


def _withdrawn(act: Entry, context: Context) -> Shut:
    """A document that the holder has withdrawn is none any more after its last day."""
    for kind in ("process_version", "standard_version"):
        ref = act.body.get(kind)
        named = None if ref is None else context.find(ref, f"{kind}.approved.v1")
        words = [] if named is None else Matter(context, named.subject).steps("withdrawn")
        if any(each.body["until"] < beijing_day(act.time) for each in words):
            yield DOCUMENTS


def _unless_allocated(lot: Matter, product: str) -> Shut:
    if all(each.body["product"]["code"] != product for each in lot.steps("allocated")):
        yield LOTS


def _factory_released(act: Entry, context: Context) -> Shut:
    batch = Matter(context, act.subject)
    is_made = all(batch.steps(name) for name in ("authorised", "started", "manufactured", "tested"))
    if not is_made or _failed(batch) or is_open(batch):
        yield FACTORY
    yield from _releasable(batch)


def _marketing_released(act: Entry, context: Context) -> Shut:
    batch = Matter(context, act.subject)
    factory, package = (
        batch.named(act.body["factory_release"], "factory_released"),
        batch.named(act.body["package"], "submitted"),
    )
    reviews = [batch.named(ref, "item_concluded") for ref in act.body["reviews"]]
    good = {
        each.body["item"]
        for each in reviews
        if each
        and package
        and each.body["verdict"] == "satisfactory"
        and package.is_named_by(each.body["package"])
        and not _worse(batch, each, "verdict", "not_satisfactory")
        and not _found_since(batch, each)
    }
    held = any(map(_is_held, came_from(batch)))
    is_released = factory is not None and package is not None and _is_of(package, factory)
    if not is_released or len(good) < REVIEWS or held or _failed(batch) or is_open(batch):
        yield MARKETING
    yield from _releasable(batch)


def _dispatch_permitted(act: Entry, context: Context) -> Shut:
    batch = Matter(context, act.subject)
    release = batch.named(act.body["release"], "marketing_released")
    is_shut = release is None or _has_fallen(batch, release) or _failed(batch) or is_open(batch)
    if is_shut or SUSPENSION in _releasable(batch):
        yield MARKETING
    yield from measured(context, scope_of_batch(batch), STARTS | SALES)


def _has_fallen(batch: Matter, release: Entry) -> bool:
    """Tell whether a release was withdrawn, or the goods were reworked since, or their records were added to."""
    factory = batch.named(release.body["factory_release"], "factory_released")
    package = batch.named(release.body["package"], "submitted")
    withdrawn = [each for each in batch.steps("release_withdrawn") if each.position > release.position]
    if factory is None or package is None or withdrawn:
        return True
    later = [each for each in batch.steps("reworked", "joined") if each.position > factory.position]
    return bool(later or [each for each in batch.steps("submitted") if each.position > package.position])


def _is_of(package: Entry, factory: Entry) -> bool:
    """A package names its factory release, or comes with it."""
    named = package.body.get("release")
    return factory.position == package.position - 1 if named is None else factory.is_named_by(named)


def _found_since(batch: Matter, review: Entry) -> bool:
    """Tell whether a later review of the same item found something."""
    later = [each for each in batch.steps("item_concluded") if each.position > review.position]
    return any((each.body["item"], each.body["verdict"]) == (review.body["item"], FOUND) for each in later)


def _is_held(batch: Matter) -> bool:
    lifted = [each.body["hold"] for each in batch.relied_on("hold_lifted")]
    return not all(any(map(each.is_named_by, lifted)) for each in batch.steps("held"))


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
    labels = scope_of_batch(batch)
    yield from suspended(batch.context, labels, of_releases=True)
    yield from measured(batch.context, labels, STARTS | SALES)


# G6, G7


def _determined(act: Entry, context: Context) -> Shut:
    change = Matter(context, act.subject)
    named = [change.named(ref, "category_opinion_given") for ref in act.body["opinions"]]
    said = [_highest(change, each) for each in named if each is not None and _has_seen_the_text(change, each)]
    parties = {each.role for each in change.relied_on("category_opinion_given")}
    is_whole = len(said) == len(named) and {each.role for each in named if each is not None} == parties
    if not said or not is_whole or CATEGORIES.index(act.body["category"]) < max(said):
        yield CATEGORY


def _implemented(act: Entry, context: Context) -> Shut:
    change = Matter(context, act.subject)
    approval = change.named(act.body["approval"], "approved")
    category = change.named(act.body["category"], "category_determined")
    step = change.named(act.body.get("regulatory_step"), "regulatory_step_recorded")
    rests_on = [each for each in (approval, category) if each is not None and _has_seen_the_text(change, each)]
    if approval is None or category is None or approval.role != "mah" or len(rests_on) < 2:
        yield CHANGE
        return
    binding = _highest(change, category)
    wanted = STEPS.get(CATEGORIES[binding])
    is_taken = wanted is None or (step is not None and _is_the_holders(step, wanted) and _has_come(change, step, act))
    if not is_taken or any(_highest(change, each) > binding for each in _last_opinions(change)):
        yield CHANGE


def _highest(change: Matter, said: Entry) -> int:
    """A correction opens nothing: of what was said at first and what it was put right to, the higher counts."""
    fixed = [fix for _, fix in changes_of(change, said) if fix["field"] == "category"]
    words = [said.body["category"], *(fix.get("after") for fix in fixed)]
    return max(CATEGORIES.index(word) for word in words if word in CATEGORIES)


def _last_opinions(change: Matter) -> list[Entry]:
    """By party its last one that opens something: "a party's last word counts"."""
    return list({each.role: each for each in change.relied_on("category_opinion_given")}.values())


def _has_seen_the_text(change: Matter, said: Entry) -> bool:
    """Tell whether who said this of a change had every correction of the proposal before it."""
    fixed = [each for proposal in change.steps("proposed") for each in corrections_of(change, proposal)]
    return all(saw(said, each) for each in fixed)


def _has_come(change: Matter, step: Entry, act: Entry) -> bool:
    """Tell whether the regulator had said so, of this text, by today and by the day when the change takes effect."""
    by = min(beijing_day(act.time), beijing_day(act.body["effective_from"]))
    return bool(step.body["date"] <= by) and _has_seen_the_text(change, step)


def _is_the_holders(step: Entry, wanted: str) -> bool:
    """A certificate and a filing have a number and a document; the registration is the holder's."""
    is_shown = wanted == "annual_report_queued" or None not in (step.body.get("number"), step.body.get("document"))
    return step.role == "mah" and step.body["step"] == wanted and is_shown


GATES: dict[str, Callable[[Entry, Context], Shut]] = {
    "batch.authorised.v1": _authorised,
    "batch.factory_released.v1": _factory_released,
    "batch_review.marketing_released.v1": _marketing_released,
    "batch_review.dispatch_permitted.v1": _dispatch_permitted,
    "change.category_determined.v1": _determined,
    "change.implemented.v1": _implemented,
    "change_review.implemented.v1": _implemented,
}
