"""`counterfoil fsck`: reads every stored byte again and says what is not as it was written."""

from dataclasses import asdict
from pathlib import Path

from sqlalchemy import make_url

from events.encoding.identifiers import Relationship
from events.labels import Labeller, derive_label_secret
from infra.keys.errors import KeysError
from infra.keys.key_files import keys_folder, load_keys
from infra.store.stored_rows import checking
from services.gateway.checking.findings import Finding, Findings
from services.gateway.checking.relationships import Parties
from services.gateway.checking.whole import StoreCheck, counted
from services.gateway.cli.errors import UnprovenError, UsageError
from services.gateway.cli.local.tokens import opened
from services.gateway.cli.output import Output
from services.gateway.cli.rooms import Room
from services.gateway.cli.session import Session
from services.gateway.settings import Settings, SettingsError

ROOM = Room("", "")

MAX_SHOWN = 200  # findings in the table for people


@ROOM.local("fsck")
def fsck(session: Session) -> None:
    """Check the whole store from the bytes that were signed; exit code 4 if anything is not as it was written.

    The gateway may run meanwhile: one consistent view is read, and nothing is changed.
    """
    settings = session.settings
    _refuse_missing(settings.store_url())
    labels = _Labels(settings, session.output)
    with (
        opened(settings) as store,
        checking(store) as (rows, reading),
        session.output.progress("entries") as advance,
    ):
        findings = StoreCheck(rows, reading, labels.of, Findings(advance=advance)).run()
    _tell(session, findings)
    if findings.count:
        raise UnprovenError(
            "{count} things are not as they were written",
            hint="stop the gateway and restore a backup; it fetches from the partner what is newer",
            count=findings.count,
        )


class _Labels:
    """The label secrets, where the passphrase is at hand; said once where it is not."""

    def __init__(self, settings: Settings, output: Output) -> None:
        self._settings = settings
        self._output = output

    def of(self, parties: Parties) -> Labeller | None:
        """Return the label secret of a relationship, None without its private key."""
        partner = None if parties.own_role is None else parties.invitations.get(parties.own_role.other)
        if parties.own_role is None or partner is None:
            return None
        relationship, folder = Relationship.parse(parties.name), keys_folder(self._settings.data)
        try:
            keys = load_keys(folder, relationship, parties.own_role, self._settings.secret())
        except (SettingsError, KeysError):
            self._output.hint("labels are taken as they stand: the keys cannot be opened here")
            return None
        return Labeller(derive_label_secret(keys.label_private, partner.party_keys.label_public, relationship))


def _refuse_missing(url: str) -> None:
    """Refuse to make a store only to find it good."""
    place = make_url(url)
    if place.get_backend_name() == "sqlite" and place.database and not Path(place.database).exists():
        raise UsageError("there is no store at {place}", hint="counterfoil config show", place=place.database)


def _tell(session: Session, findings: Findings) -> None:
    if session.as_json:
        said = {"ok": not findings.count, "count": findings.count, "checked": counted(findings)}
        session.output.json({**said, "data": [_row(each) for each in findings.kept]})
        return
    if findings.count:
        columns = ("table", "journal", "position", "field", "detail")
        session.output.table(columns, [[_row(each)[name] for name in columns] for each in findings.kept[:MAX_SHOWN]])
        return
    session.output.pairs(counted(findings))
    session.output.say("everything is as it was written")


def _row(finding: Finding) -> dict[str, object]:
    return {**asdict(finding.place), "detail": finding.detail}
