"""The tree is that of RFC 6962 at every size, however it was grown, and its proofs prove what they say and no more."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.journal.tree import (
    EMPTY_ROOT,
    Frontier,
    MissingHashError,
    consistency_proof,
    frontier_at,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from tests.events.journal.reader import HeldTree, path_of, proof_of, root_of

CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(b"head %d" % number) for number in range(700)]
ROOTS = [root_of(LEAVES[:size]) for size in range(131)]
HELD = HeldTree(LEAVES)


@pytest.mark.parametrize("size", range(len(CT_ROOTS)))
def test_the_roots_are_the_published_ones_of_certificate_transparency(size: int) -> None:
    frontier = Frontier()
    frontier.extend(map(leaf_hash, CT_LEAVES[:size]))
    assert frontier.root().hex() == CT_ROOTS[size]


def test_leaves_and_nodes_are_hashed_apart() -> None:
    assert leaf_hash(b"x") == sha256(b"\0x").digest()
    assert node_hash(b"a" * 32, b"b" * 32) == sha256(b"\1" + b"a" * 32 + b"b" * 32).digest()
    assert Frontier().root() == EMPTY_ROOT


@given(st.lists(st.integers(0, 40), max_size=8))
def test_a_tree_grown_in_any_steps_has_the_root_of_the_definition(steps: list[int]) -> None:
    frontier = Frontier()
    for step in steps:
        frontier.extend(LEAVES[frontier.size : frontier.size + step])
    assert frontier.size == sum(steps)
    assert frontier.root() == root_of(LEAVES[: sum(steps)])
    again = Frontier(frontier.size, frontier.nodes)
    again.append(LEAVES[-1])
    assert again.root() == root_of([*LEAVES[: sum(steps)], LEAVES[-1]])


def test_every_size_to_130_has_the_root_of_the_definition() -> None:
    frontier = Frontier()
    for size in range(130):
        assert frontier.root() == ROOTS[size] == root_at(size, HELD)
        frontier.append(LEAVES[size])


def test_a_copy_grows_alone() -> None:
    frontier = Frontier()
    frontier.extend(LEAVES[:600])
    twin = frontier.copy()
    twin.append(LEAVES[600])
    assert (frontier.size, twin.size) == (600, 601)
    assert frontier.root() == root_of(LEAVES[:600])
    assert twin.root() == root_of(LEAVES[:601])
    assert twin.take_completed() == frontier.take_completed()


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8))
def test_each_completed_tile_is_handed_over_once(steps: list[int]) -> None:
    leaves = LEAVES * 5
    frontier = Frontier()
    completed = []
    for step in steps:
        frontier.extend(leaves[frontier.size : frontier.size + step])
        completed += frontier.take_completed()
    tiles = frontier.size // 256
    assert completed == [(1, index, root_of(leaves[index * 256 : index * 256 + 256])) for index in range(tiles)]
    assert frontier.take_completed() == []


def test_the_second_level_of_tiles_is_completed_after_65536_leaves() -> None:
    leaves = [number.to_bytes(32, "big") for number in range(65537)]
    frontier = Frontier()
    frontier.extend(leaves)
    completed = frontier.take_completed()
    assert [(level, index) for level, index, _ in completed] == [*((1, index) for index in range(256)), (2, 0)]
    assert completed[-1][2] == root_of(leaves[:65536])


@pytest.mark.parametrize(("size", "nodes"), [(0, 1), (1, 0), (7, 2)])
def test_a_frontier_has_one_node_for_each_bit_of_its_size(size: int, nodes: int) -> None:
    with pytest.raises(ValueError, match="perfect subtrees"):
        Frontier(size, [EMPTY_ROOT] * nodes)


@pytest.mark.parametrize("size", [*range(1, 131), 255, 256, 257, 511, 512, 700])
def test_inclusion_is_proven_for_each_leaf_as_the_definition_says(size: int) -> None:
    leaves, root = LEAVES[:size], root_at(size, HELD)
    for index in range(0, size, 1 if size <= 130 else 37):
        proof = inclusion_proof(index, size, HELD)
        assert proof == path_of(index, leaves)
        assert verify_inclusion(leaves[index], index, size, proof, root)
        assert not verify_inclusion(leaves[index], (index + 1) % size, size, proof, root) or size == 1
        assert not verify_inclusion(leaves[index - 1], index, size, proof, root) or size == 1


@pytest.mark.parametrize("new", [*range(131), 256, 257, 600])
def test_consistency_is_proven_for_each_earlier_size_as_the_definition_says(new: int) -> None:
    new_root = root_at(new, HELD)
    for old in range(0, new + 1, 1 if new <= 130 else 31):
        proof = consistency_proof(old, new, HELD)
        old_root = root_at(old, HELD)
        assert proof == ([] if old == 0 else proof_of(old, LEAVES[:new]))
        assert verify_consistency(old, new, old_root, new_root, proof)
        if 0 < old < new:
            assert not verify_consistency(old, new, leaf_hash(b"other"), new_root, proof)
            assert not verify_consistency(old, new, old_root, leaf_hash(b"other"), proof)


@given(st.integers(1, 130), st.data())
def test_a_path_with_anything_changed_proves_nothing(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, HELD)
    longer = [*proof, LEAVES[0]]
    assert not verify_inclusion(LEAVES[index], index, size, longer, ROOTS[size])
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], ROOTS[size])
        proof[place] = data.draw(st.binary(min_size=31, max_size=33))
        assert not verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@given(st.integers(2, 130), st.data())
def test_a_consistency_proof_with_anything_changed_proves_nothing(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    proof = consistency_proof(old, new, HELD)
    place = data.draw(st.integers(0, len(proof) - 1))
    assert not verify_consistency(old, new, ROOTS[old], ROOTS[new], [*proof, LEAVES[0]])
    assert not verify_consistency(old, new, ROOTS[old], ROOTS[new], proof[:-1])
    proof[place] = data.draw(st.binary(min_size=31, max_size=33))
    assert not verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)


def test_nothing_is_proven_of_sizes_that_cannot_be() -> None:
    assert not verify_inclusion(LEAVES[0], 0, 0, [], EMPTY_ROOT)
    assert not verify_inclusion(LEAVES[0], -1, 1, [], LEAVES[0])
    assert not verify_inclusion(LEAVES[0], 1, 1, [], LEAVES[0])
    assert not verify_consistency(2, 1, ROOTS[2], ROOTS[1], [])
    assert not verify_consistency(0, 1, ROOTS[1], ROOTS[1], [])
    assert not verify_consistency(1, 1, ROOTS[1], ROOTS[1], [LEAVES[0]])
    assert not verify_consistency(1, 2, ROOTS[1], ROOTS[2], [])
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(5, 5, HELD)
    with pytest.raises(ValueError, match="never had"):
        consistency_proof(6, 5, HELD)


def test_a_node_cannot_be_passed_off_as_a_leaf() -> None:
    inner = node_hash(LEAVES[0], LEAVES[1])
    assert not verify_inclusion(inner, 0, 4, inclusion_proof(0, 4, HELD)[1:], ROOTS[4])
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != inner


@pytest.mark.parametrize("size", [0, 1, 255, 256, 300, 512, 700])
def test_the_frontier_of_an_earlier_size_is_found_again(size: int) -> None:
    frontier = frontier_at(size, HELD)
    assert frontier.size == size
    frontier.extend(LEAVES[size:])
    assert frontier.root() == root_of(LEAVES)


def test_a_store_that_lacks_hashes_says_so() -> None:
    with pytest.raises(MissingHashError):
        root_at(701, HELD)
    with pytest.raises(MissingHashError):
        inclusion_proof(0, 1024, HELD)
