"""Which party this gateway is of: `<data>/party.json`, written by `counterfoil init`."""

import json
from dataclasses import dataclass
from pathlib import Path

import orjson

from events.encoding.identifiers import check_uscc
from infra.keys.errors import KeysError, KeysMissingError, PartyError
from infra.keys.private_files import make_private_folder, read_private, write_private

MAX_NAME = 400  # characters, as in an invitation

_FIELDS = {"uscc", "name"}


@dataclass(frozen=True, slots=True)
class Party:
    """A legal entity: its unified social credit code and its name.

    Raises:
        PartyError: the code is wrong, or the name is empty, too long or not printable.
    """

    uscc: str
    name: str

    def __post_init__(self) -> None:
        try:
            check_uscc(self.uscc)
        except ValueError as failure:
            raise PartyError(f"uscc: {failure}; try: the 18 characters on the business licence") from failure
        if not 0 < len(self.name) <= MAX_NAME or not self.name.isprintable() or self.name != self.name.strip():
            raise PartyError(f"name: not 1 to {MAX_NAME} printable characters; try: the name on the business licence")


def party_file(data: Path) -> Path:
    """Return where the party of a gateway is written down."""
    return data / "party.json"


def read_party(data: Path) -> Party:
    """Return the party of a gateway.

    Raises:
        PartyError: there is no file, it cannot be read, or its content is not right.
    """
    path = party_file(data)
    try:
        fields = json.loads(read_private(path), object_pairs_hook=_without_repeats)
    except KeysMissingError as failure:
        raise PartyError(f"there is no {path}; try: counterfoil init") from failure
    except KeysError as failure:
        raise PartyError(failure.detail) from failure
    except (ValueError, RecursionError) as failure:
        raise PartyError(f"{path} is no JSON object of uscc and name; try: counterfoil init") from failure
    if type(fields) is not dict or fields.keys() != _FIELDS or any(type(value) is not str for value in fields.values()):
        raise PartyError(f"{path} does not hold exactly the texts uscc and name; try: counterfoil init")
    return Party(fields["uscc"], fields["name"])


def write_party(data: Path, party: Party) -> None:
    """Write down the party of a gateway; the same one again changes nothing.

    Raises:
        PartyError: another party is written down already, or the file cannot be written.
    """
    try:
        make_private_folder(data)
        if party_file(data).exists():
            _refuse_other(read_party(data), party)
            return
        content = orjson.dumps({"uscc": party.uscc, "name": party.name}, option=orjson.OPT_INDENT_2)
        write_private(party_file(data), content + b"\n", replace=False)
    except FileExistsError:
        _refuse_other(read_party(data), party)
    except KeysError as failure:
        raise PartyError(failure.detail) from failure


def _refuse_other(found: Party, wanted: Party) -> None:
    if found != wanted:
        raise PartyError(f"this gateway is of {found.uscc} {found.name} already; try: another data folder")


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field stands twice")
    return fields
