"""The registers as rows: what is approved, provided and owed, and by whom, as a context shows it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.approved_version.in_force import last_day
from domain.capability_profile.current import CapabilityProfile, profiles_in
from domain.items.matter_item import MatterItem
from domain.items.parts import body_of
from domain.items.rows import Row, ref_to
from domain.judging.context import Context
from domain.judging.history import PastEvent
from domain.key_person.posts import Holding, holdings_in
from domain.liaison.designated import designations_in, liaison_on
from domain.obligation import names as obligation
from events.catalogue.bodies import EventRef


def version_rows(context: Context, kind: str) -> list[Row]:
    """Return a row for each approved version of a kind, by position; read as signed.

    `last_day` is the last day on which batches may be made under it, null while nobody has withdrawn it.
    """
    return [_version_row(past, context) for past in context.standing(f"{kind}.approved.v1")]


def profile_rows(context: Context) -> list[Row]:
    """Return a row for each capability profile, as changed; the last published comes first."""
    return [_profile_row(profile) for profile in profiles_in(context)]


def liaison_rows(context: Context, day: date) -> list[Row]:
    """Return a row for each liaison, by position; `in_office` is the one on a day of Beijing."""
    current = liaison_on(context, day)
    return [{**_shown(past), "in_office": past is current, "entry": ref_to(past)} for past in designations_in(context)]


def key_person_rows(context: Context, day: date | None, post: str | None = None) -> list[Row]:
    """Return a row for each time in which somebody holds a post; of a day of Beijing, or (None) of all time."""
    held = (each for each in holdings_in(context) if day is None or each.covers(day))
    return [_holding_row(each) for each in held if post is None or each.post == post]


def obligation_row(item: MatterItem) -> Row:
    """Return an obligation with every fulfilment and its evidence; what is marked or disputed shows nothing."""
    body = body_of(item.corrections, item.opened)
    head = item.opened.head
    successors = [past.body.successor for past in item.history.relied(obligation.SUPERSEDED)]
    return {
        "item": "" if head is None else head.subject_id,
        "owner": item.owner.value,
        "state": item.state,
        **{name: getattr(body, name) for name in ("number", "title", "clause", "term", "obliged")},
        "agreement": _named(body.agreement),
        "products": [product.model_dump() for product in body.scope.products],
        "entry": ref_to(item.opened),
        "fulfilments": list(_fulfilments(item)),
        "superseded_by": _named(successors[-1]) if successors else None,
    }


def _fulfilments(item: MatterItem) -> Iterator[Row]:
    for past in item.history.relied(obligation.FULFILLED):
        body = body_of(item.corrections, past)
        yield {
            "text": body.text,
            "fulfilled_at": body.fulfilled_at,
            "by": None if past.head is None else past.head.actor,
            "recorded_at": past.time,
            "evidence": [_named(ref) for ref in body.evidence],
            "attachments": [each.model_dump() for each in body.attachments],
            "entry": ref_to(past),
        }


def _version_row(past: PastEvent, context: Context) -> Row:
    last = last_day(past, context)
    return {
        "item": "" if past.head is None else past.head.subject_id,
        "owner": past.role.value,
        **_shown(past),
        "last_day": None if last is None else last.isoformat(),
        "disputed": context.is_disputed(past),
        "entry": ref_to(past),
    }


def _profile_row(profile: CapabilityProfile) -> Row:
    published = profile.published
    return {
        "item": "" if published.head is None else published.head.subject_id,
        "owner": published.role.value,
        **_shown(published),
        "elements": [element.model_dump() for element in profile.elements],
        "valid_until": profile.valid_until.isoformat(),
        "changes": [{"entry": ref_to(past), "recorded_at": past.time, **_shown(past)} for past in profile.changes],
        "entry": ref_to(published),
    }


def _holding_row(holding: Holding) -> Row:
    return {
        "item": "" if holding.entry.head is None else holding.entry.head.subject_id,
        "party": holding.party.value,
        "person": holding.person,
        "name": holding.name,
        "post": holding.post,
        "qualification": holding.qualification,
        "from": holding.since.isoformat(),
        "to": _day(holding.until),
        "withdrawn_from": _day(holding.withdrawn_from),
        "deputy_for": holding.deputy_for,
        "entry": ref_to(holding.entry),
    }


def _shown(past: PastEvent) -> Row:
    shown: Row = past.body.model_dump(by_alias=True, mode="json", exclude={"salt", "signature"})
    return shown


def _named(ref: EventRef) -> dict[str, Any]:
    return ref.model_dump()


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
