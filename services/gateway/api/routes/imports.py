"""Imports: rows of a source system's file, up to a thousand at once; each row is told what became of it."""

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field, ValidationError

from events.catalogue.forms import Code, Name, Sha256
from events.encoding.canonical import MAX_INTEGER
from services.gateway.api.asked import OpeningFields, RelationshipField
from services.gateway.api.edge.bodies import MAX_IMPORT_BYTES, Given, RequestModel, body
from services.gateway.api.edge.callers import Importer
from services.gateway.api.edge.commanding import Commands
from services.gateway.api.edge.failures import wrong_fields
from services.gateway.api.shapes import ImportAnswer
from services.gateway.commands.importing import MAX_ROWS, ImportedRow, import_rows

router = APIRouter(prefix="/v1/imports", tags=["import"])


class ImportedFile(RequestModel):
    """The file that rows come from."""

    name: Name
    sha256: Sha256
    sheet: Name | None = None


class RowAsked(RequestModel):
    """A row: its number in the file, the record's number at the source, and the fields of a deviation."""

    row: Annotated[int, Field(ge=1, le=MAX_INTEGER)]
    external_number: str | None = None
    fields: dict[str, Any] = Field(description="as in POST /v1/deviations; what does not fit rejects this row alone")


class ImportAsked(RequestModel):
    """Rows of one file; with `dry_run` nothing is written."""

    relationship: RelationshipField = None
    source: Name
    file: ImportedFile
    dry_run: bool = False
    rows: list[RowAsked] = Field(max_length=MAX_ROWS)


class _Fields(OpeningFields):
    """The fields of a row with its external number."""

    external_number: Code | None = None


@router.post("", responses={200: {"model": ImportAnswer}})
def import_deviations(
    caller: Importer,
    commands: Commands,
    given: Annotated[Given[ImportAsked], body(ImportAsked, MAX_IMPORT_BYTES)],
) -> Response:
    """Record those rows that are new; the same rows again add nothing."""
    wanted = given.value
    commands = commands.also_dry(dry_run=wanted.dry_run)
    asked = commands.asked(caller, given, wanted.relationship)
    rows = [_row_of(row, wanted.source) for row in wanted.rows]
    return commands.submit(import_rows(asked, wanted.source, wanted.file.sha256, rows, commands.new_id))


def _row_of(row: RowAsked, source: str) -> ImportedRow:
    """Understand a row by itself, so that one that does not fit stops no other."""
    try:
        fields = _Fields.model_validate(
            {**row.fields, "external_number": row.external_number}, by_alias=True, by_name=False
        )
    except ValidationError as error:
        problem = wrong_fields(error.errors(include_url=False, include_input=False, include_context=False))
        return ImportedRow(row.row, None, problem.detail)
    return ImportedRow(row.row, fields.opening(source, fields.external_number))
