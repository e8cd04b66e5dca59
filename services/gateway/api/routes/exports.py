"""The communication list as CSV for spreadsheet programs: the same filters, all rows, no cell that is a formula."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from infra.spreadsheets.csv_export import Exported, csv_bytes
from services.gateway.api.edge.callers import Reader, TheGateway
from services.gateway.api.edge.moments import HEADER as AS_OF_HEADER
from services.gateway.api.edge.moments import Moment, moment_of
from services.gateway.api.gateway import Gateway
from services.gateway.api.listing import Filters
from services.gateway.api.routes.communications import relationship_number
from services.gateway.api.shapes import AS_OF_HEADERS
from services.gateway.ports.read_model import ItemQuery

router = APIRouter(prefix="/v1", tags=["communication list"])

CSV_TYPE = "text/csv; charset=utf-8"
COLUMNS = (
    "item",
    "number",
    "category",
    "state",
    "class",
    "title",
    "product",
    "product_code",
    "batches",
    "line",
    "site",
    "source",
    "external_number",
    "detected_at",
    "occurred_at",
    "opened_at",
    "changed_at",
    "due_at",
    "historical",
    "violates",
    "disputed",
    "relationship",
)

_AT_ONCE = 500


@router.get(
    "/communications.csv",
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "headers": AS_OF_HEADERS}},
)
def export_items(_caller: Reader, gateway: TheGateway, asked: Filters) -> Response:
    """Return all items of the filters as CSV (UTF-8 with its mark)."""
    now = moment_of(gateway, asked.as_of)
    moment = Moment(now.sequence, fixed=True)  # one moment for the whole file
    query = asked.query(relationship_number(gateway, asked.relationship), moment)
    headers = {
        AS_OF_HEADER: str(moment.sequence),
        "Content-Disposition": f'attachment; filename="communications-{moment.sequence}.csv"',
    }
    return StreamingResponse(csv_bytes(COLUMNS, _rows(gateway, query)), headers=headers, media_type=CSV_TYPE)


def _rows(gateway: Gateway, query: ItemQuery) -> Iterator[Sequence[Exported]]:
    name = query.sort.removeprefix("-")
    after = None
    while True:
        with gateway.read_model.reading() as rows:
            found = rows.items(replace(query, after=after, limit=_AT_ONCE))
        for _, version in found:
            yield [_cell(version.row, column) for column in COLUMNS]
        if len(found) < _AT_ONCE:
            return
        last = found[-1][1]
        after = (str(last.row.get(name) or ""), last.item)


def _cell(row: Any, column: str) -> Exported:  # noqa: ANN401 - a row holds any JSON
    product = row.get("product") or {}
    if column == "product":
        return _text(product.get("name"))
    if column == "product_code":
        return _text(product.get("code"))
    if column == "batches":
        return ", ".join(batch["number"] for batch in row.get("batches") or ())
    value = row.get(column)
    return value if isinstance(value, bool) else _text(value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
