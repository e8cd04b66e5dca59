"""Mappings and CSV files made for one test each, and where the real file is."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from services.gateway.importing.mapping import Mapping, parse_mapping
from services.gateway.importing.rows import MappedRow, RejectedRow, rows_of

EXAMPLES = Path(__file__).parents[3] / "services" / "gateway" / "importing" / "examples"
FIELDS: dict[str, Any] = {
    "external_number": {"column": "No"},
    "title": {"column": "Reason", "cut": 40},
    "description": {"column": "Reason"},
    "detected_at": {"column": "Found"},
    "class": {"column": "Class", "values": {"I": "major", "II": "moderate", "III": "minor"}},
    "rationale": {"template": "class {Class}"},
}
HEADER = "No,Reason,Found,Class\n"


def mapping_bytes(**changes: Any) -> bytes:
    return json.dumps({"format": "counterfoil/mapping/v1", "source": "QMS", "fields": FIELDS} | changes).encode()


def mapping(fields: dict[str, Any] | None = None, **changes: Any) -> Mapping:
    return parse_mapping(mapping_bytes(fields=FIELDS | (fields or {}), **changes))


def imported(tmp_path: Path, text: str, using: Mapping | None = None) -> list[MappedRow | RejectedRow]:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    return list(rows_of(path, using or mapping()))


def reasons(rows: list[MappedRow | RejectedRow]) -> list[tuple[int, str]]:
    return [(row.row, row.reason) for row in rows if isinstance(row, RejectedRow)]


def real_file() -> Path:
    """Return the real file: beside the project, or in the folder that COUNTERFOIL_REAL_DATA names."""
    folder = Path(os.environ.get("COUNTERFOIL_REAL_DATA", Path(__file__).parents[4] / "shared" / "real"))
    path = folder / "fda-drug-recalls.xlsx"
    if not path.is_file():
        pytest.fail(f"there is no {path}; try: COUNTERFOIL_REAL_DATA=<folder of fda-drug-recalls.xlsx>")
    return path
