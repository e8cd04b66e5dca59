"""An honest pair of journals, as the records of its two topics, for the independent reader to go through."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from events.encoding.entry import Entry
from events.encoding.identifiers import Role
from events.encoding.moments import parse_moment
from events.journal.checkpoint import Checkpoint
from events.journal.page import Page, make_page
from events.journal.receipt import Statement, make_receipt
from events.journal.resend import make_resend
from events.journal.tree import Frontier
from events.pairing import fingerprint
from tests.events.golden.cast import CMO, MAH, POSIX_TIME, RELATIONSHIP, Party, entry, uuid


class Writer:
    """One party: its journal, page by page, and the records of its topic."""

    def __init__(self, party: Party, first: Entry, number: int = 0) -> None:
        self.party = party
        self.frontier = Frontier()
        self.records: list[tuple[str, bytes]] = []
        self.pages: list[Page] = []
        self._number = number
        self.write([first])

    def write(self, entries: Sequence[Entry]) -> None:
        self.frontier.extend(made.leaf for made in entries)
        checkpoint = Checkpoint(self.party.origin, self.frontier.size, self.frontier.root())
        page = make_page(checkpoint, [made.line for made in entries], self.party.journal)
        self.pages.append(page)
        self.records.append(("page", page.encode()))

    def facts(self, count: int, seen: int) -> list[Entry]:
        start = self._number + self.frontier.size
        return [made(self.party, number, seen=seen) for number in range(start, start + count)]

    def receipt(self, partner: "Writer") -> None:
        page = partner.pages[-1] if partner.pages else None
        statement = Statement(
            origin=self.party.origin,
            size=self.frontier.size,
            root=self.frontier.root(),
            partner_origin=partner.party.origin,
            held=page.end if page else 0,
            judged=page.end if page else 0,
            rule_set=1,
        )
        made = make_receipt(
            statement=statement,
            partner_note=page.note if page else b"",
            posix_time=POSIX_TIME,
            signer=self.party.journal,
            cosigner=self.party.mirror,
        )
        self.records.append(("receipt", made.encode()))

    def resend(self, partner: "Writer") -> None:
        at = parse_moment("2026-11-22T09:31:00.000000Z")
        request = make_resend(partner.party.origin, 1, at, self.party.journal)
        self.records.append(("resend", request.encode()))

    def repeat(self, number: int) -> None:
        self.records.append(self.records[number])


def made(party: Party, number: int, **changes: object) -> Entry:
    code = RELATIONSHIP.mah if party.role is Role.MAH else RELATIONSHIP.cmo
    return entry(number, source=f"urn:uscc:{code}", **changes)


def opening(party: Party, number: int) -> Entry:
    parties = {
        str(one.role): {
            "uscc": RELATIONSHIP.mah if one.role is Role.MAH else RELATIONSHIP.cmo,
            "name": "示例",
            "keys": list(one.keys.texts()),
            "label_key": one.keys.label_key,
        }
        for one in (MAH, CMO)
    }
    both = fingerprint((*MAH.keys.vkeys, *CMO.keys.vkeys), (MAH.keys.label_key, CMO.keys.label_key))
    return made(
        party,
        number,
        type="relationship.opened.v1",
        subject=f"relationship/{uuid(5000)}",
        seen=0,
        body={"generation": 1, "previous": None, "fingerprint": both, **parties},
    )


def honest_pair() -> tuple[Writer, Writer]:
    """The manufacturer writes in pages of one, three and a hundred; the holder answers; some records come twice."""
    cmo, mah = Writer(CMO, opening(CMO, 0)), Writer(MAH, opening(MAH, 2000), 2000)
    cmo.receipt(mah)
    mah.receipt(cmo)
    cmo.write(cmo.facts(3, seen=1))
    mah.receipt(cmo)
    mah.write(mah.facts(2, seen=4))
    cmo.resend(mah)
    cmo.write(cmo.facts(100, seen=3))
    cmo.repeat(0)
    cmo.receipt(mah)
    mah.receipt(cmo)
    return mah, cmo


def journals_document(parties: Iterable[Party] = (MAH, CMO)) -> bytes:
    """What `GET /v1/journals` says of this pair."""
    both = list(parties)
    listed = [
        {
            "origin": party.origin,
            "size": 0,
            "keys": [{"vkey": str(party.journal.vkey), "from": 0}, {"vkey": str(party.journal_seal.vkey), "from": 0}],
            "mirror_keys": [{"vkey": str(reader.mirror.vkey), "from": 0}],
        }
        for party, reader in zip(both, reversed(both), strict=True)
    ]
    return json.dumps({"data": listed}).encode()


def write_folder(folder: Path, writers: Iterable[Writer]) -> None:
    """Lay the records out as the reader's folder source wants them."""
    (folder / "journals.json").write_bytes(journals_document())
    for writer in writers:
        topic = folder / str(writer.party.role)
        topic.mkdir()
        for number, (kind, value) in enumerate(writer.records):
            (topic / f"{number}.{kind}").write_bytes(value)
