"""`counterfoil batch series`: batch numbers that are missing, and those that look alike."""

from services.gateway.cli.remote.items import Between
from services.gateway.cli.session import Session

KIND, NAME = "batch", "series"


def show_series(session: Session, *, relationship: Between = None) -> None:
    """Show the numbers that are missing in a series of batches, and those that look alike."""
    told = session.client.get("/v1/batches/series", {"relationship": relationship})
    if session.as_json:
        session.output.json(told)
        return
    rows = [row for each in told["data"] for row in each["gaps"]]
    session.output.table(
        ("missing", "after", "before"), [[" ".join(row["missing"]), row["after"], row["before"]] for row in rows]
    )
    session.output.table(("look_alikes",), [[" ".join(each)] for row in told["data"] for each in row["look_alikes"]])
