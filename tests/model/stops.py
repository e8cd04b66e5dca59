"""The model's gates of what stops: suspensions and risks (G4), measures of a regulator (G16)."""

from collections.abc import Iterator

from tests.model.context import Context
from tests.model.documents import policy
from tests.model.entries import OTHER, Entry
from tests.model.matter import Matter, changes_of, freed_by, matters, meet, saw, scope_of

SUSPENSION, MEASURE = "gate.suspension", "gate.regulatory_measure"
STARTS = {"suspend_manufacturing"}

Shut = Iterator[str]


def suspended(context: Context, labels: set[str], *, of_releases: bool = False) -> Shut:
    """Ask of releases too what was agreed when a suspension began: it was opened, a risk was called major."""

    def binds(began: Entry) -> bool:
        return not of_releases or any(policy(context, began.time, "suspension_blocks_release", True))

    stopped = [each for each in matters(context, "suspension") if each.steps("started", "demanded")]
    bound = [each for each in stopped if binds(each.steps("started", "demanded")[0])]
    held = [scope_of(each) for each in bound if not _signatures(each)]
    for risk in matters(context, "risk"):
        lifted = [each for each in stopped if _is_about(each, risk) and _signatures(each)]
        for word in filter(binds, _major_words(risk)):
            freed = [freed_by(each) for each in lifted if all(saw(sign, word) for sign in _signatures(each))]
            scope = scope_of(risk)
            if scope.difference(*freed) if scope else set() not in freed:  # what opens, opens the same words alone
                held.append(scope.difference(*freed))
    if any(meet(each, labels) for each in held):
        yield SUSPENSION


def _major_words(risk: Matter) -> list[Entry]:
    """Return every word that calls it major, corrections included, however they stand."""
    said = risk.steps("classified")
    corrected = [pair for each in said for pair in changes_of(risk, each)]
    words = [each for each in said if each.body["level"] == "major"]
    return words + [each for each, change in corrected if (change["field"], change.get("after")) == ("level", "major")]


def _signatures(suspension: Matter) -> list[Entry]:
    """Return the signatures that lifted it, of whoever the policy names; none while one is missing."""
    begun = suspension.steps("started", "demanded")[0]
    agreed = set(policy(suspension.context, begun.time, "suspension_lift", "both"))
    signed = {each.role: each for each in suspension.relied_on("lift_signed")}
    needed = agreed if len(agreed) == 1 and "both" not in agreed else set(OTHER)
    return [signed[role] for role in needed] if needed <= signed.keys() else []


def _is_about(suspension: Matter, risk: Matter) -> bool:
    refs = [each.body.get("risk") for each in suspension.steps("started", "demanded")]
    return any(ref is not None and risk.steps("raised")[0].is_named_by(ref) for ref in refs)


def measured(context: Context, labels: set[str], kinds: set[str]) -> Shut:
    for measure in matters(context, "regulatory_measure"):
        recorded = measure.steps("recorded")[0]
        said = {change.get("after") for _, change in changes_of(measure, recorded) if change["field"] == "measure"}
        binds = not kinds.isdisjoint({recorded.body["measure"], *said}) and not measure.relied_on("ended")
        if binds and meet(scope_of(measure), labels):
            yield MEASURE
