"""A hundred thousand lies about pages, receipts, requests, proofs and keys: each is refused with a code, none believed.

A mutant that is believed all the same means exactly what the honest bytes meant: only what nobody vouches for differs
(lines of strangers under a note, their order, bytes beside a proof, the name and address in an invitation).
"""

from collections import Counter

import pytest

from events.errors import EvidenceError
from services.gateway.exchange.pairing import PairingError
from tests.lies.mutating.generator import OF_ANY, OF_READER, mutants
from tests.lies.mutating.mutation import Mutant
from tests.lies.originals import ORIGINALS, Original
from tests.lies.reading import CODES, EXACT, READERS, PageWaitsError
from tests.sizes import size

SEED = 20261122
SAME = "the same meaning"


def outcome(mutant: Mutant) -> str:
    """The code with which a mutant is refused, or that it means the same."""
    original = mutant.original
    try:
        believed = READERS[original.reader](mutant.raw, original)
    except (EvidenceError, PairingError, PageWaitsError) as refused:
        return refused.code
    meant = READERS[original.reader](original.raw, original)
    assert believed == meant, f"{original.reader}, {original.name}: {mutant.by}: {mutant.raw!r}"
    assert original.reader not in EXACT, f"{original.reader}, {original.name}: {mutant.by}: {mutant.raw!r}"
    return SAME


@pytest.mark.parametrize("original", ORIGINALS, ids=lambda each: f"{each.reader}: {each.name}")
def test_the_honest_bytes_are_believed(original: Original) -> None:
    assert READERS[original.reader](original.raw, original) is not None


@pytest.mark.campaign
def test_no_mutant_is_believed(capsys: pytest.CaptureFixture[str]) -> None:
    count = size("mutants", small=3_000, campaign=125_000)
    found: Counter[tuple[str, str]] = Counter()
    ways: Counter[str] = Counter()
    for mutant in mutants(SEED, count):
        code = outcome(mutant)
        assert code in CODES[mutant.original.reader] | {SAME}, f"{mutant.by}: {code}: {mutant.raw!r}"
        found[mutant.original.reader, code] += 1
        ways[mutant.by] += 1

    named = set(OF_ANY).union(*OF_READER.values())
    with capsys.disabled():
        print(f"\n{count} mutants, {len(named)} ways to lie, one or two at once, seed {SEED}")  # noqa: T201 - a campaign shows its figures
        for (reader, code), times in sorted(found.items()):
            print(f"  {reader:12} {code:28} {times:7}")  # noqa: T201 - as above
    assert {reader for reader, _ in found} == set(READERS)
    assert named <= {part for way in ways for part in way.split(" and ")}
