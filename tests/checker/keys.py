"""Which keys hold from where on (formats.md 1, 7, 8, 10): entry 0 names them, rotations replace them."""

from dataclasses import dataclass, field
from typing import Any

from tests.checker.form.canonical import FormError
from tests.checker.form.notes import COSIGNS, SEALS, SIGNS_NOTES, Vkey, fingerprint
from tests.checker.journal import Journal
from tests.checker.stores.rows import ROLES

OPENED = "relationship.opened.v1"
ROTATED = "key.rotated.v1"
_SUFFIXES = (("", SIGNS_NOTES), ("", SEALS), ("/mirror", COSIGNS), ("/mirror", SEALS), ("/recovery", SIGNS_NOTES))


@dataclass(frozen=True, slots=True)
class Named:
    """The keys of both parties as an entry 0 names them."""

    keys: dict[str, tuple[str, ...]]  # by role: five vkeys and the label key, as texts
    parties: dict[str, str]
    fingerprint: str


@dataclass(slots=True)
class Keys:
    """The keys of one party in force, each with the size or position from which it holds, oldest first."""

    journal: list[tuple[int, Vkey]] = field(default_factory=list)
    journal_seal: list[tuple[int, Vkey]] = field(default_factory=list)
    mirror: list[tuple[int, Vkey]] = field(default_factory=list)
    mirror_seal: list[tuple[int, Vkey]] = field(default_factory=list)

    def of_page(self, first: int) -> Vkey:
        """Return the key that signs a page from a position on."""
        return [key for start, key in self.journal if start <= max(first, 0)][-1]

    def of_seal(self, size: int) -> Vkey:
        """Return the key by which the author seals its own journal at a size."""
        return [key for start, key in self.journal_seal if start <= max(size - 1, 0)][-1]

    def of_statement(self, size: int) -> list[Vkey]:
        """Return the keys that may sign what is said at an own size: just after a rotation both."""
        return [self.of_page(size - 1), self.of_page(size)]

    def of_cosignature(self, held: int) -> Vkey:
        """Return the mirror key in force at a size of the partner's journal."""
        return [key for start, key in self.mirror if start <= max(held, 0)][-1]

    def of_mirror_seal(self, held: int) -> Vkey:
        """Return the key by which the mirror seals a size of the partner's journal."""
        return [key for start, key in self.mirror_seal if start <= max(held, 0)][-1]


def named_in(body: dict[str, Any] | None) -> Named:
    """Read the body of an entry 0.

    Raises:
        FormError: it names no keys, or not in their form.
    """
    try:
        opened = body or {}
        keys = {role: (*opened[role]["keys"], opened[role]["label_key"]) for role in ROLES}
        named = Named(keys, {role: opened[role]["uscc"] for role in ROLES}, opened["fingerprint"])
    except (KeyError, TypeError) as error:
        raise FormError(f"no body of an entry 0: {error}") from error
    if named.fingerprint != fingerprint([key for role in ROLES for key in keys[role]]):
        raise FormError("the fingerprint is not that of the keys")
    return named


def keys_in_force(role: str, named: Named, journal: Journal) -> Keys:
    """Return a party's keys over time; `journal` is the one that it writes.

    Raises:
        FormError: a key is refused, or has another name or type than its place asks for.
    """
    vkeys = [Vkey.parse(text) for text in named.keys[role][:-1]]
    wanted = [(journal.origin + suffix, kind) for suffix, kind in _SUFFIXES]
    if [(key.name, key.kind) for key in vkeys] != wanted:
        raise FormError(f"the keys of the {role} are not named and typed as their places ask for")
    if len({key.public for key in vkeys}) != len(vkeys):
        raise FormError("one raw key stands in two places")
    keys = Keys([(0, vkeys[0])], [(0, vkeys[1])], [(0, vkeys[2])], [(0, vkeys[3])])
    for held in journal.accepted(ROTATED):
        body = held.line.body or {}
        for key in map(Vkey.parse, body["keys"]):
            if (key.name, key.kind) == wanted[0]:
                keys.journal.append((held.position + 1, key))
            elif (key.name, key.kind) == wanted[1]:
                keys.journal_seal.append((held.position + 1, key))
            elif (key.name, key.kind) == wanted[2]:
                keys.mirror.append((body["mirror_from"], key))
            elif (key.name, key.kind) == wanted[3]:
                keys.mirror_seal.append((body["mirror_from"], key))
    return keys
