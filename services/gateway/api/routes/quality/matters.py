"""The matters of the quality core: each opened at its plural, each step a sub-resource, made from the catalogue."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from events.catalogue.registry import EventType
from services.gateway.api.addresses import ADDRESSES, Address
from services.gateway.api.edge.bodies import Given, RequestModel, body
from services.gateway.api.edge.callers import Caller, records
from services.gateway.api.edge.commanding import Commands, ItemId
from services.gateway.api.matters import IDENTITIES, request_model, step_of, type_of
from services.gateway.api.problems import Problem
from services.gateway.api.routes.deviations import MADE
from services.gateway.commands import matters
from services.gateway.commands.matters import Matter


def routers() -> list[APIRouter]:
    """Return one router for each matter."""
    return [_router(address) for address in ADDRESSES]


def _router(address: Address) -> APIRouter:
    router = APIRouter(prefix=f"/v1/{address.plural}", tags=[address.plural])
    for path, name in address.openings.items():
        _add(router, path, _opening(address, type_of(address.kind, name)), type_of(address.kind, name))
    for noun, (own, review) in address.steps.items():
        if noun in address.apart:
            continue
        types = [type_of(address.kind, own)] if own is not None else []
        types += [type_of(address.kind, review, review=True)] if review is not None else []
        _add(router, f"/{{item}}/{noun}", _step(address, noun, types), *types)
    return router


def _add(router: APIRouter, path: str, endpoint: Callable[..., Response], *types: EventType) -> None:
    router.add_api_route(
        path,
        endpoint,
        methods=["POST"],
        status_code=201,
        responses=MADE,
        name=f"{router.prefix[4:]}{path.replace('{item}', 'item')}",
        summary=" ".join(dict.fromkeys(str(each.model.__doc__).partition("\n")[0] for each in types)),
    )


def _opening(address: Address, type_: EventType) -> Callable[..., Response]:
    model = request_model(type_, opens=True, numbered=bool(address.prefix))
    recorder = records(type_.name)

    def open_matter(
        caller: Annotated[Caller, Depends(recorder)],
        commands: Commands,
        given: Annotated[Given[Any], body(model)],
    ) -> Response:
        wanted: RequestModel = given.value
        asked = commands.asked(caller, given, getattr(wanted, "relationship", None))
        identify = IDENTITIES.get(address.kind)
        identity = commands.new_id() if identify is None else identify(wanted)
        matter = Matter(address.kind, identity, asked.role)
        return commands.submit(matters.open_matter(asked, matter, step_of(type_, wanted), address.prefix))

    return open_matter


def _step(address: Address, noun: str, types: list[EventType]) -> Callable[..., Response]:
    model = request_model(types[0])
    recorder = records(*(each.name for each in types))

    def take_step(
        caller: Annotated[Caller, Depends(recorder)],
        commands: Commands,
        item: ItemId,
        given: Annotated[Given[Any], body(model)],
    ) -> Response:
        asked, matter = commands.about_matter(caller, address.kind, item, given)
        is_owner = matter.owner is asked.role
        type_ = next((each for each in types if (each.reviews is None) is is_owner), None)
        if type_ is None:
            whose = "own" if is_owner else "the partner's"
            raise Problem("not-permitted", f"{noun} is no step on {whose} {address.kind}")
        return commands.submit(matters.take(asked, matter, step_of(type_, given.value)))

    return take_step
