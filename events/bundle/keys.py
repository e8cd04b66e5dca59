"""Which keys held where: stated by a bundle, and borne out by what the two journals themselves say of keys.

Entry 0 of a journal names all keys of both parties; `key.rotated` names new ones of its author, from the next page on,
for the mirror key from a size of the partner's journal on (formats.md 7).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from events.bundle.description import HeldKey
from events.catalogue.opening import Party
from events.catalogue.protocol import KeyRotated
from events.notes.vkey import SignatureType, VerifierKey

_MIRROR = "/mirror"


@dataclass(frozen=True, slots=True)
class Held:
    """A key and the position, or size, from which it holds."""

    key: VerifierKey
    start: int


class PartyKeyring:
    """All keys that a party ever had for its journal, and which of them held where."""

    def __init__(self, origin: str, stated: Iterable[HeldKey]) -> None:
        self.origin = origin
        self.held = sorted((Held(each.key, each.from_) for each in stated), key=lambda each: each.start)

    def journal(self, position: int) -> VerifierKey | None:
        """Return the key that signs the page which begins at a position of the party's journal."""
        return self._at(position, self.origin, SignatureType.ED25519)

    def latest(self) -> VerifierKey | None:
        """Return the journal key that came last."""
        found = self._of(self.origin, SignatureType.ED25519)
        return found[-1].key if found else None

    def mirror(self, size: int) -> VerifierKey | None:
        """Return the key that cosigns the partner's journal at a size."""
        return self._at(size, self.origin + _MIRROR, SignatureType.COSIGNATURE)

    def journal_seal(self, position: int) -> VerifierKey | None:
        """Return the key that seals the page which begins at a position of the party's journal."""
        return self._at(position, self.origin, SignatureType.ML_DSA_44)

    def mirror_seal(self, size: int) -> VerifierKey | None:
        """Return the key by which the party, as its mirror, seals the partner's journal at a size."""
        return self._at(size, self.origin + _MIRROR, SignatureType.ML_DSA_44)

    def _at(self, place: int, name: str, signature_type: SignatureType) -> VerifierKey | None:
        found = [each.key for each in self._of(name, signature_type) if each.start <= place]
        return found[-1] if found else None

    def _of(self, name: str, signature_type: SignatureType) -> list[Held]:
        return [each for each in self.held if each.key.name == name and each.key.type is signature_type]


def keys_of_journals(opened: Party, rotations: Sequence[tuple[int, KeyRotated]]) -> list[HeldKey]:
    """Return the keys of a party as the journals name them: of entry 0, and of each rotation at its position."""
    held = [HeldKey(vkey=vkey, from_=0) for vkey in opened.keys]
    for position, rotated in rotations:
        for vkey in rotated.keys:
            is_mirror = VerifierKey.parse(vkey).name.endswith(_MIRROR)
            held.append(HeldKey(vkey=vkey, from_=rotated.mirror_from if is_mirror else position + 1))
    return held


def in_order(keys: Iterable[HeldKey]) -> list[tuple[int, str]]:
    """Return keys so that two lists of them can be compared."""
    return sorted((each.from_, each.vkey) for each in keys)
