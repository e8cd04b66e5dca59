"""K1: both stores hold the same two journals, byte for byte, judged alike, with equal roots at every page boundary."""

from tests.checker.form.canonical import FormError
from tests.checker.form.notes import parse_checkpoint, parse_note
from tests.checker.form.tree import TILE_HEIGHT
from tests.checker.gathered import Run
from tests.checker.journal import Journal
from tests.checker.stores.rows import PageRow
from tests.checker.verdict import Verdict

CHECK = "K1"


def check(run: Run, verdict: Verdict) -> None:
    """Compare the stores, then each with what its own entries come to."""
    for author, reader in run.pairs():
        _compare_entries(author, reader, verdict)
        _compare_pages(author, reader, verdict)
    for side in run:
        for journal in side:
            _check_pages(side.role, journal, verdict)
            _check_tiles(side.role, journal, verdict)


def _compare_entries(author: Journal, reader: Journal, verdict: Verdict) -> None:
    for position in sorted(author.at.keys() | reader.at.keys()):
        verdict.look(CHECK)
        mine, copy = author.at.get(position), reader.at.get(position)
        where = {"journal": author.role, "position": position}
        if mine is None or copy is None:
            verdict.fail(CHECK, f"only its {'reader' if mine is None else 'author'} holds the entry", **where)
        elif (mine.row.head, mine.row.body) != (copy.row.head, copy.row.body):
            verdict.fail(CHECK, "author and reader hold different bytes", **where)
        elif (mine.row.code, mine.row.violates) != (copy.row.code, copy.row.violates):
            said = {"author": [mine.row.code, mine.row.violates], "reader": [copy.row.code, copy.row.violates]}
            verdict.fail(CHECK, "author and reader came to different verdicts", **where, **said)


def _compare_pages(author: Journal, reader: Journal, verdict: Verdict) -> None:
    mine, copy = ({(page.first, page.size, page.note) for page in each.rows.pages} for each in (author, reader))
    for first, size, _ in sorted(mine ^ copy):
        verdict.fail(CHECK, "a page that is not the same in both stores", journal=author.role, first=first, size=size)


def _check_pages(store: str, journal: Journal, verdict: Verdict) -> None:
    end = 0
    for page in journal.rows.pages:
        where = {"store": store, "journal": journal.role, "first": page.first, "size": page.size}
        verdict.expect(CHECK, page.first == end < page.size, f"a page that does not follow {end}", **where)
        end = page.size
        _check_root(journal, page, verdict, where)
    where = {"store": store, "journal": journal.role}
    verdict.expect(CHECK, end == journal.size, f"pages end at {end}, entries at {journal.size}", **where)


def _check_root(journal: Journal, page: PageRow, verdict: Verdict, where: dict[str, object]) -> None:
    try:
        shown = parse_checkpoint(parse_note(page.note))
    except FormError as error:
        verdict.fail(CHECK, f"a page's note is no checkpoint: {error}", **where)
        return
    named = (shown.origin, shown.size)
    verdict.expect(CHECK, named == (journal.origin, page.size), f"a page's checkpoint is of {named}", **where)
    verdict.expect(CHECK, shown.root == journal.root(page.size), "the root is not that of the entries held", **where)


def _check_tiles(store: str, journal: Journal, verdict: Verdict) -> None:
    """Compare the hashes that are kept for proofs with the tree; those of all whole tiles are there."""
    kept = {(node.level, node.index): node.hash for node in journal.rows.nodes}
    whole = {place: node for place, node in journal.roots.tiles.items() if journal.size >> (TILE_HEIGHT * place[0])}
    for place in sorted(kept.keys() | whole.keys()):
        fits = kept.get(place) == whole.get(place)
        verdict.expect(
            CHECK, fits, "a kept hash is not that of its subtree", store=store, journal=journal.role, place=place
        )
