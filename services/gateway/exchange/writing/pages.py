"""From entries to pages: the tree grows, each page ends in a checkpoint signed after its last entry.

Notes made here belong to the transaction that writes them; they leave the process after its commit and not before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from events.encoding.identifiers import Role
from events.journal.checkpoint import Checkpoint
from events.journal.page import cut_into_pages
from events.journal.tree import Frontier
from events.notes.note import Signer, sign_note
from events.stored.journal import JournalClaims, StoredEntry, StoredPage, TreeNode


@dataclass(frozen=True, slots=True)
class Commitment:
    """What is written beside the entries of a journal: pages, tree nodes, and what the journal claims from now on."""

    pages: Sequence[StoredPage]
    nodes: Sequence[TreeNode]
    claims: JournalClaims


def commit_groups(
    groups: Iterable[Sequence[StoredEntry]], frontier: Frontier, origin: str, signer: Signer, claims: JournalClaims
) -> Commitment:
    """Cut groups of entries into pages and sign a checkpoint for each; no page holds entries of two groups.

    The frontier grows by all entries.
    """
    pages: list[StoredPage] = []
    for group in groups:
        start = 0
        for count in cut_into_pages((entry.line for entry in group), origin):
            entries = group[start : start + count]
            frontier.extend(entry.leaf for entry in entries)
            checkpoint = Checkpoint(origin, frontier.size, frontier.root())
            last = entries[-1]
            note = sign_note(checkpoint.text(), signer)
            pages.append(StoredPage(last.role, entries[0].position, frontier.size, note, last.sequence))
            start += count
    role = pages[0].role if pages else Role.MAH
    return Commitment(pages, completed_nodes(frontier, role), claims)


def completed_nodes(frontier: Frontier, role: Role) -> list[TreeNode]:
    """Return the subtrees of whole tiles that were completed since the last call."""
    return [TreeNode(role, level, index, node) for level, index, node in frontier.take_completed()]
