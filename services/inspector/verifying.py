"""`counterfoil verify`: checks an evidence bundle on this machine alone, without network, gateway, settings or keys."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from events.bundle.checking.whole import BundleCheck
from events.bundle.faults import Fault
from events.bundle.report import Report, Verdict
from services.gateway.cli.errors import UnprovenError
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.inspector.judging import BundleJudging

ROOM = Room("", "")


@ROOM.alone("verify")
def verify(
    session: Session,
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The bundle, as it was handed over.")],
    *,
    fingerprint: Annotated[
        str | None, typer.Option("--fingerprint", help="The fingerprint of the keys as it stands on paper.")
    ] = None,
    integrity: Annotated[
        bool, typer.Option("--integrity", help="Only bag, hashes, roots and signatures; no verdicts.")
    ] = False,
) -> None:
    """Check an evidence bundle without trusting who made it; exit code 4 names the first thing that does not hold."""
    with bundle.open("rb") as file:
        check = BundleCheck(file, integrity_only=integrity, fingerprint=fingerprint)
        with session.output.progress("entries") as advance:
            check.advance = advance
            report = check.run()
        if not integrity and report.fault is None:
            with session.output.progress("verdicts") as advance:
                BundleJudging(check, advance).run()
    _tell(session, report)


def _tell(session: Session, report: Report) -> None:
    if session.as_json:
        session.output.json(as_json(report))
    else:
        _tell_people(session, report)
    if report.fault is not None:
        raise UnprovenError(
            "verification failed at {place}: {detail} ({code})",
            hint="ask whoever made the bundle for another one",
            place=place_of(report.fault),
            detail=report.fault.detail,
            code=report.fault.code,
        )


def _tell_people(session: Session, report: Report) -> None:
    output = session.output
    output.pairs(
        {
            "relationship": report.relationship,
            "maker": report.maker,
            "made_at": report.made_at,
            "asked_by": report.asked_by,
            "fingerprint": report.fingerprint,
            "files": f"{report.attachments} + {report.missing_files}" if report.missing_files else report.attachments,
        }
    )
    rows = [{"journal": role.value, **asdict(found)} for role, found in report.journals.items()]
    columns = ("journal", "entries", "shown", "withheld", "judged", "not_judged", "refused", "disputed", "complete_to")
    output.table(columns, [[row[name] for name in columns] for row in rows])
    if report.histories_in_conflict:
        output.say("the bundle proves two histories under one key: {count}", count=report.histories_in_conflict)
    if not report.is_complete:
        unproven = ", ".join(label for label, count in report.labels.items() if not count)
        output.say("that nothing in scope was left out is not proven: {why}", why=unproven or "heads")
    if report.verdict is Verdict.FAILED:
        output.say("what stands all the same: {parts}", parts=", ".join(report.unaffected) or "-")
    elif report.verdict is Verdict.VERIFIED:
        output.say("verified: everything holds, and the fingerprint is the one on paper")
    else:
        output.say("consistent, but the fingerprint was not compared: whose keys these are is not proven")
        output.hint("compare the fingerprint with the one on paper: counterfoil verify BUNDLE --fingerprint TEXT")
    if report.verdict is not Verdict.FAILED and not report.is_judged:
        output.say("only hashes, roots and signatures were checked; no entry was judged")


def as_json(report: Report) -> Mapping[str, Any]:
    """Return a report as programs read it."""
    said = asdict(report)
    faults = said.pop("faults")
    said["journals"] = {role.value: found for role, found in said["journals"].items()}
    return {"verdict": report.verdict.value, **said, "fault": faults[0] if faults else None, "faults": faults}


def place_of(fault: Fault) -> str:
    """Return where a fault is, for people."""
    where = fault.file or "the archive"
    if fault.position is None:
        return where
    last = "" if fault.until in (None, fault.position) else f"-{fault.until}"
    return f"{where}, {fault.position}{last}"
