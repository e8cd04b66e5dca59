"""Every matter has its commands: the command line knows each address of the interface, in both languages."""

import subprocess
import sys
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from services.cmo_gateway.profile import PROFILE
from services.gateway.api.addresses import ALL, Address
from services.gateway.api.app import create_app
from services.gateway.cli.all_rooms import LOCAL_ROOMS
from services.gateway.cli.matters.names import address_named, command_path, group_name
from services.gateway.cli.matters.rooms import room_of
from services.gateway.cli.matters.templates import Description
from services.gateway.cli.remote import REMOTE_ROOMS
from services.gateway.cli.rooms import Room
from services.gateway.cli.words import Language, Words

VIEWS = {"list", "show", "steps", "template", "series"}
NOT_FILTERS = {"relationship", "as_of", "limit", "cursor"}

every_matter = pytest.mark.parametrize("address", ALL, ids=group_name)


@cache
def document() -> dict[str, Any]:
    return create_app(SimpleNamespace(profile=PROFILE)).openapi()


def commands_of(room: Room) -> list[str]:
    return [command.name for command in room.commands]


@every_matter
def test_each_call_that_records_something_about_a_matter_is_a_command(address: Address) -> None:
    prefix = f"/v1/{address.plural}"
    calls = {
        path for path, known in document()["paths"].items() if "post" in known and f"{path}/".startswith(f"{prefix}/")
    }
    commands = [name for name in commands_of(room_of(address)) if name not in VIEWS]

    assert {command_path(address, name) for name in commands} == calls


@every_matter
def test_a_register_is_listed_by_the_filters_of_the_interface(address: Address) -> None:
    shown = document()["paths"].get(f"/v1/{address.plural}", {}).get("get")
    filters = None if shown is None else {each["name"] for each in shown["parameters"] if each["in"] == "query"}

    assert filters == (None if address.register is None else {*address.register} | (filters or set()) & NOT_FILTERS)


@every_matter
def test_a_group_and_its_commands_say_what_they_are_in_both_languages(address: Address) -> None:
    room = room_of(address)
    for said in (room.said, *(command.said for command in room.commands)):
        chinese, english = said(Words(Language.ZH)), said(Words(Language.EN))
        assert english.isascii()
        assert any("一" <= each <= "鿿" for each in chinese)


@every_matter
def test_a_template_has_what_a_request_must_hold(address: Address) -> None:
    description = Description(document(), "approved")
    for name in {*commands_of(room_of(address))} - VIEWS:
        schema = description.body_of(command_path(address, name))
        assert schema is not None
        required = set(schema.get("required", ()))
        fields = {field.name: field.is_required for field in description.fields(schema)}

        assert description.example(schema, everything=False).keys() == required
        assert description.example(schema, everything=True).keys() == schema["properties"].keys()
        assert {name for name, is_required in fields.items() if is_required and "." not in name} == required


def test_no_two_commands_have_one_name() -> None:
    tops = [
        name for room in (*LOCAL_ROOMS, *REMOTE_ROOMS) for name in ([room.name] if room.name else commands_of(room))
    ]
    names = [*tops, *map(group_name, ALL)]

    assert len(names) == len(set(names))
    for address in ALL:
        found = commands_of(room_of(address))
        assert len(found) == len(set(found))


def test_only_whole_names_of_groups_name_a_matter() -> None:
    assert [address_named(word) for word in ("key_person", "ris", "")] == [None] * 3


def test_neither_a_question_nor_the_help_of_a_matter_loads_the_server() -> None:
    looked = "import sys; from services.gateway.cli.main import run; run(sys.argv[1:]); print(*sys.modules)"
    for arguments in (["list", "--help"], ["risk", "closure", "--help"]):
        told = subprocess.run([sys.executable, "-c", looked, *arguments], capture_output=True, text=True, check=True)
        loaded = set(told.stdout.splitlines()[-1].split())

        assert "services.gateway.cli.rooms" in loaded
        assert not loaded & {"fastapi", "sqlalchemy", "kafka", "uvicorn", "services.gateway.api.matters"}
