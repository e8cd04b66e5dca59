"""What was set aside: quarantine with its totals, and pages that wait. Their digests are those of their bytes."""

from hashlib import sha256

from services.gateway.checking.findings import Findings, Place
from services.gateway.ports.stored_rows import StoredRows


def check_set_aside(rows: StoredRows, number: int, name: str, findings: Findings) -> None:
    """Check what was set aside in one relationship."""
    count = kept = 0
    for row in rows.rows("quarantine", relationship=number):
        findings.saw("quarantine")
        count, kept = count + 1, kept + len(row["value"] or b"")
        if row["number"] != count:
            findings.add(Place("quarantine", name, count, "number"), f"the store has number {row['number']} here")
        if row["value"] is not None and sha256(row["value"]).digest() != row["digest"]:
            findings.add(Place("quarantine", name, count, "value"), "the bytes have another digest")
    _check_total(rows, number, name, (count, kept), findings)
    for row in rows.rows("held_page", relationship=number):
        findings.saw("held_page")
        if sha256(row["value"]).digest() != row["digest"]:
            findings.add(Place("held_page", name, row["first"], "value"), "the bytes have another digest")


def _check_total(rows: StoredRows, number: int, name: str, found: tuple[int, int], findings: Findings) -> None:
    stated = [(row["count"], row["bytes"]) for row in rows.rows("quarantine_total", relationship=number)]
    findings.saw("quarantine_total", len(stated))
    if stated not in ([found], [] if found == (0, 0) else [found]):
        findings.add(Place("quarantine_total", name), f"{stated} is stated, {found} was set aside")
