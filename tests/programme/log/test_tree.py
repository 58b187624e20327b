"""The tree against the published vectors of Certificate Transparency and a naive implementation."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qamtu.programme.log import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    needed,
    node_hash,
    peaks,
    root,
    verify_consistency,
    verify_inclusion,
)

# The tree of eight leaves that the reference implementations of RFC 6962 share.
LEAVES = [
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
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
INCLUSION = {  # (index, size): path
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENCY = {  # (old, new): path
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}


def grown(leaves):
    """The stored nodes of a tree, as a function."""
    frontier = Frontier(0, [])
    made = frontier.append(leaf_hash(leaf) for leaf in leaves)
    stored = {(level, position): value for level, position, value in made}
    assert frontier.size == len(leaves)
    assert frontier.hashes == [stored[peak] for peak in peaks(len(leaves))]
    return lambda level, position: stored[level, position]


# The definitions of RFC 6962, word for word, on lists.
def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(d):
    if not d:
        return hashlib.sha256().digest()
    if len(d) == 1:
        return hashlib.sha256(b"\0" + d[0]).digest()
    k = split(len(d))
    return hashlib.sha256(b"\1" + mth(d[:k]) + mth(d[k:])).digest()


def path(m, d):
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m, d, b):
    if m == len(d):
        return [] if b else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size):
    assert root(size, grown(LEAVES[:size])).hex() == ROOTS[size]


@pytest.mark.parametrize("case", INCLUSION)
def test_the_published_inclusion_proofs(case):
    index, size = case
    found = inclusion_proof(size, index, grown(LEAVES[:size]))
    assert tuple(value.hex() for value in found) == INCLUSION[case]
    expected = bytes.fromhex(ROOTS[size])
    assert verify_inclusion(leaf_hash(LEAVES[index]), index, size, found, expected)


@pytest.mark.parametrize("case", CONSISTENCY)
def test_the_published_consistency_proofs(case):
    old, new = case
    found = consistency_proof(old, new, grown(LEAVES[:new]))
    assert tuple(value.hex() for value in found) == CONSISTENCY[case]
    before, after = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    assert verify_consistency(old, new, found, before, after)


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70), st.data())
def test_inclusion_as_in_the_definition(leaves, data):
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    node, expected = grown(leaves), mth(leaves)
    found = inclusion_proof(size, index, node)
    assert root(size, node) == expected
    assert found == path(index, leaves)
    leaf = leaf_hash(leaves[index])
    assert verify_inclusion(leaf, index, size, found, expected)
    assert not verify_inclusion(leaf_hash(leaves[index] + b"x"), index, size, found, expected)
    assert not verify_inclusion(leaf, index, size, [*found, leaf], expected)
    if found:
        assert not verify_inclusion(leaf, index, size, found[:-1], expected)
        spot = data.draw(st.integers(0, len(found) - 1))
        bent = [*found[:spot], node_hash(found[spot], b""), *found[spot + 1 :]]
        assert not verify_inclusion(leaf, index, size, bent, expected)


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70), st.data())
def test_consistency_as_in_the_definition(leaves, data):
    new = len(leaves)
    old = data.draw(st.integers(1, new))
    found = consistency_proof(old, new, grown(leaves))
    assert found == subproof(old, leaves, True)
    before, after = mth(leaves[:old]), mth(leaves)
    assert verify_consistency(old, new, found, before, after)
    assert not verify_consistency(old, new, found, node_hash(before, b""), after)
    assert not verify_consistency(old, new, found, before, node_hash(after, b""))
    assert not verify_consistency(old, new, [*found, after], before, after)
    if found:
        assert not verify_consistency(old, new, found[:-1], before, after)


@given(st.integers(1, 2**40), st.data())
def test_a_proof_needs_few_nodes_and_says_which(size, data):
    index = data.draw(st.integers(0, size - 1))
    asked = needed(lambda node: inclusion_proof(size, index, node))
    assert len(asked) <= 2 * size.bit_length()
    assert all((position + 1) << level <= size for level, position in asked)


@given(st.lists(st.binary(max_size=4), max_size=40), st.integers(0, 40))
def test_growing_in_steps_or_at_once_is_the_same(leaves, cut):
    frontier = Frontier(0, [])
    hashes = [leaf_hash(leaf) for leaf in leaves]
    made = frontier.append(hashes[:cut]) + frontier.append(hashes[cut:])
    assert made == Frontier(0, []).append(hashes)
    assert frontier.root() == mth(leaves)


def test_what_cannot_be_proved():
    node = grown(LEAVES)
    assert root(0, node) == EMPTY_ROOT
    assert consistency_proof(0, 8, node) == []
    assert verify_consistency(0, 8, [], EMPTY_ROOT, bytes.fromhex(ROOTS[8]))
    assert not verify_consistency(0, 8, [], b"", bytes.fromhex(ROOTS[8]))
    assert not verify_consistency(9, 8, [], b"", b"")
    assert not verify_consistency(3, 8, [], b"", b"")
    assert not verify_inclusion(b"", 8, 8, [], b"")
    with pytest.raises(ValueError, match="leaf 8 is not in a tree of 8"):
        inclusion_proof(8, 8, node)
    with pytest.raises(ValueError, match="does not grow"):
        consistency_proof(9, 8, node)
