"""Which version of a signed document holds at a moment.

A version is in force from the later of two moments: the recorded time of its activation, and 00:00 Beijing of its
`effective_from`. So no activation works backwards. The activation recorded last replaces all before it, from the moment
on that it is in force; one that is disputed, or that crossed an earlier one, puts nothing in force. But what it made
stricter stays so while that is open: gates read the stricter of what is agreed with it and without it, so that no lying
refusal brings a laxer version back. It ends with an agreement that is activated anew, a dispute also by settling it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce

from domain.agreement.document import draft_named, line_of, signatures_named, signers_of
from domain.agreement.rules import AGREEMENT, QUALITY
from domain.clocks.clock import start_of
from domain.judging.context import Context, Standing
from domain.judging.history import PastEvent
from events.catalogue.agreement import Activated, AgreementDrafted, Policies
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment

_DEFAULTS = Policies()
"""The default of the policy `deviation.closure_approval` (domain.md 2.4)."""


@dataclass(frozen=True, slots=True)
class Version:
    """A draft that both signed, its activation, and from when (UTC) it is in force."""

    draft: PastEvent
    activation: PastEvent
    since: datetime

    def replaces(self, other: "Version") -> bool:
        """Tell whether this version was activated after another."""
        return _recorded(self) > _recorded(other)


class Versions:
    """The activated versions of one kind of document, across all its documents; apart, those that are in doubt."""

    def __init__(self, versions: Iterable[Version], doubtful: Iterable[Version] = ()) -> None:
        self._latest_first = sorted(versions, key=_recorded, reverse=True)
        self.doubtful = tuple(doubtful)

    def __iter__(self) -> Iterator[Version]:
        return iter(self._latest_first)

    def at(self, moment: datetime) -> Version | None:
        """Return the version in force at a moment."""
        for version in self._latest_first:
            if version.since <= moment:
                return version
        return None

    def readings(self, moment: datetime) -> list[Version | None]:
        """Return the version in force at a moment, and each that would be so if its activation stood."""
        current = self.at(moment)
        later = (each for each in self.doubtful if current is None or each.replaces(current))
        return [current, *(each for each in later if each.since <= moment)]


def versions_of(context: Context, activated: str) -> Versions:
    """Return the versions that activations of a type put in force; what cannot be found puts nothing in force.

    In doubt is one that is disputed, and one that another replaced unseen by who signed it: they crossed.
    """
    firm, doubtful = list[Version](), list[Version]()
    before: dict[str, dict[Role, PastEvent]] = {}  # of each line the last activation of each party
    for activation in sorted(context.standing(activated), key=_order):
        version, state = _version_of(activation, context), context.standing_state(activation)
        if version is None or state is Standing.VOID:
            continue
        beside = before.setdefault(line_of(version.draft), {})
        signers = signers_of(version.draft, signatures_named(activation, context), beside.values())
        is_firm = state is Standing.STANDS and len(signers) == len(Role)
        (firm if is_firm else doubtful).append(version)
        beside[activation.role] = activation
    return Versions(firm, doubtful)


def agreements_in(context: Context) -> Versions:
    """Return the versions of the quality agreement that a context shows."""
    found = versions_of(context, AGREEMENT.activated)
    return Versions(filter(_is_quality, found), filter(_is_quality, found.doubtful))


def agreement_in_force(context: Context, at: datetime) -> Version | None:
    """Return the version of the quality agreement in force at a moment, as a context shows it."""
    return agreements_in(context).at(at)


def policies_of(version: Version | None) -> Policies:
    """Return what the parties agreed in a version of the quality agreement; without one the defaults."""
    body = None if version is None else version.draft.body
    return body.policies if isinstance(body, AgreementDrafted) else _DEFAULTS


def policies_at(agreements: Versions, moment: datetime) -> Policies:
    """Return what gates go by at a moment: of what an activation in doubt leaves open, the stricter."""
    return reduce(_stricter, map(policies_of, agreements.readings(moment)))


def closure_approval_classes(agreements: Versions, moment: datetime) -> frozenset[str]:
    """Return the classes of deviations that close only after the holder's approval, as agreed at a moment.

    A policy, `deviation.closure_approval` (domain.md 2.4), not a clause; without an agreement in force its
    default holds: major.
    """
    return frozenset(policies_at(agreements, moment).deviation_closure_approval)


def _stricter(one: Policies, other: Policies) -> Policies:
    """Return what is agreed in one, with what gates read of it as strict as in either."""
    is_alike = one.suspension_lift == other.suspension_lift
    return one.model_copy(
        update={
            "deviation_closure_approval": [*one.deviation_closure_approval, *other.deviation_closure_approval],
            "suspension_lift": one.suspension_lift if is_alike else "both",
            "suspension_blocks_release": one.suspension_blocks_release or other.suspension_blocks_release,
            "partner_max_silence_hours": min(one.partner_max_silence_hours, other.partner_max_silence_hours),
        }
    )


def _is_quality(version: Version) -> bool:
    body = version.draft.body
    return isinstance(body, AgreementDrafted) and body.agreement_kind == QUALITY


def _version_of(activation: PastEvent, context: Context) -> Version | None:
    body = activation.body
    if activation.head is None or not isinstance(body, Activated):
        return None
    draft = draft_named(activation, context)
    if draft is None:
        return None
    effective = start_of(date.fromisoformat(body.effective_from))
    return Version(draft, activation, max(parse_moment(activation.head.time), effective))


def _recorded(version: Version) -> tuple[str, str, int]:
    return _order(version.activation)


def _order(activation: PastEvent) -> tuple[str, str, int]:
    return activation.time, activation.role.value, activation.position
