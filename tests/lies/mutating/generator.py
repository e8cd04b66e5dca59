"""Draws mutants: an honest thing, a way to lie about it, and sometimes two ways at once; the same for the same seed."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from tests.lies.mutating import of_bytes, of_notes, of_proofs, of_records, of_texts
from tests.lies.mutating.mutation import Mutant, Mutations
from tests.lies.originals import ORIGINALS, Original

_TWICE = 0.1  # of all mutants are changed twice

OF_ANY: Mutations = {**of_bytes.MUTATIONS, **of_texts.MUTATIONS}
OF_READER: Mapping[str, Mutations] = {
    "page": {**of_notes.MUTATIONS, **of_records.PAGE},
    "receipt": {**of_notes.MUTATIONS, **of_records.RECEIPT},
    "resend": {**of_notes.MUTATIONS, **of_records.RESEND},
    "proof": {**of_notes.MUTATIONS, **of_proofs.PROOF},
    "consistency": of_proofs.CONSISTENCY,
    "cosigned": of_notes.MUTATIONS,
    "vkey": of_proofs.VKEY,
    "invitation": of_proofs.INVITATION,
}
SHARES: Mapping[str, int] = {
    "page": 30,
    "receipt": 25,
    "proof": 15,
    "consistency": 8,
    "resend": 8,
    "cosigned": 5,
    "invitation": 5,
    "vkey": 4,
}
"""Of a hundred mutants."""


def mutants(seed: int, count: int, originals: Sequence[Original] = ORIGINALS) -> Iterator[Mutant]:
    """Yield so many mutants; none is what it was made of."""
    chance = Random(seed)  # noqa: S311 - a seed repeats a failure
    by_reader = {name: [each for each in originals if each.reader == name] for name in SHARES}
    readers = [name for name in SHARES if by_reader[name]]
    shares = [SHARES[name] for name in readers]
    while count:
        (reader,) = chance.choices(readers, shares)
        made = _mutant(chance, chance.choice(by_reader[reader]))
        if made is not None:
            count -= 1
            yield made


def _mutant(chance: Random, original: Original) -> Mutant | None:
    raw, names = original.raw, []
    for _ in range(2 if chance.random() < _TWICE else 1):
        ways = OF_ANY if chance.random() < 0.5 or original.reader not in OF_READER else OF_READER[original.reader]
        name = chance.choice(list(ways))
        try:
            changed = ways[name](chance, raw)
        except (
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
        ):  # the first change left nothing that the second can be made of
            changed = None
        if changed is None:
            return None
        raw = changed
        names.append(name)
    return None if raw == original.raw else Mutant(original, " and ".join(names), raw)
