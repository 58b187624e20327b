"""The Merkle tree of RFC 6962: hashes, roots, proofs and their verification, no storage.

Whole subtrees are named by their level and position: the node (level, position) covers the leaves
``position·2^level`` to ``(position+1)·2^level − 1``. Whoever stores the tree gives a function from
those to hashes; `needed` says beforehand which ones a computation will ask for, so that they can
be fetched at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "EMPTY_ROOT",
    "Frontier",
    "Node",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "needed",
    "node_hash",
    "peaks",
    "root",
    "verify_consistency",
    "verify_inclusion",
]

Node = Callable[[int, int], bytes]
"""From level and position of a whole subtree to its hash."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of the tree without leaves (RFC 6962, section 2.1)."""


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf: SHA-256(0x00 ‖ leaf) (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one: SHA-256(0x01 ‖ left ‖ right) (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[tuple[int, int]]:
    """List the whole subtrees that make a tree of so many leaves, from left to right."""
    found, first = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append((level, first >> level))
            first += 1 << level
    return found


def root(size: int, node: Node) -> bytes:
    """Give the hash of a tree of ``size`` leaves: MTH(D[n]) (RFC 6962, section 2.1)."""
    return _range_hash(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(size: int, index: int, node: Node) -> list[bytes]:
    """Give the path that proves that a leaf is in a tree: PATH(m, D[n]).

    Source: RFC 6962, section 2.1.1.

    Parameters
    ----------
    size
        Leaves of the tree.
    index
        Place of the leaf, from 0.
    node
        Hashes of the whole subtrees.

    Raises
    ------
    ValueError
        If there is no such leaf.
    """
    if not 0 <= index < size:
        msg = f"leaf {index} is not in a tree of {size}"
        raise ValueError(msg)
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_hash(middle, high, node))
            high = middle
        else:
            path.append(_range_hash(low, middle, node))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Give what proves that a tree only grew: PROOF(m, D[n]).

    Source: RFC 6962, section 2.1.2. A tree without leaves is the beginning of every tree, and
    each tree of itself: both proofs are empty.

    Parameters
    ----------
    old, new
        Leaves of the tree before and after.
    node
        Hashes of the whole subtrees.

    Raises
    ------
    ValueError
        If ``old`` is not from 0 to ``new``.
    """
    if not 0 <= old <= new:
        msg = f"a tree of {new} does not grow from one of {old}"
        raise ValueError(msg)
    if old in {0, new}:
        return []
    path: list[bytes] = []
    low, high, known = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range_hash(middle, high, node))
            high = middle
        else:
            path.append(_range_hash(low, middle, node))
            low, known = middle, False
    if not known:
        path.append(_range_hash(low, high, node))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes
) -> bool:
    """Say whether a path proves a leaf to be in the tree with this root.

    Source: RFC 9162, section 2.1.3.2, for the hashes of RFC 6962.

    Parameters
    ----------
    leaf
        Hash of the leaf.
    index, size
        Place of the leaf, from 0, and leaves of the tree.
    path
        The proof.
    expected
        Root of the tree.
    """
    if not 0 <= index < size:
        return False
    place, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        left = place & 1 or place == last
        value = node_hash(sibling, value) if left else node_hash(value, sibling)
        place, last = _above(place, last)
    return last == 0 and value == expected


def verify_consistency(
    old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Say whether a path proves that the old tree is the beginning of the new one.

    Source: RFC 9162, section 2.1.4.2, for the hashes of RFC 6962.

    Parameters
    ----------
    old, new
        Leaves before and after.
    path
        The proof.
    old_root, new_root
        Roots before and after.
    """
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0] if steps else b""
    for sibling in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
        place, last = _above(place, last)
    return last == 0 and before == old_root and after == new_root


def needed(compute: Callable[[Node], object]) -> list[tuple[int, int]]:
    """List the nodes that a computation will ask for: they depend on sizes, never on hashes."""
    asked: dict[tuple[int, int], None] = {}

    def note(level: int, position: int) -> bytes:
        asked[level, position] = None
        return EMPTY_ROOT

    compute(note)
    return list(asked)


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: what must be known to append to it.

    Parameters
    ----------
    size
        Leaves so far.
    hashes
        Hashes of the `peaks` of the tree, from left to right.
    """

    size: int
    hashes: list[bytes]

    def append(self, leaves: Iterable[bytes]) -> list[tuple[int, int, bytes]]:
        """Append leaf hashes; gives every node that became whole: level, position, hash."""
        made: list[tuple[int, int, bytes]] = []
        for value in leaves:
            level, position, whole = 0, self.size, value
            made.append((0, position, whole))
            while position & 1:
                whole = node_hash(self.hashes.pop(), whole)
                level, position = level + 1, position >> 1
                made.append((level, position, whole))
            self.hashes.append(whole)
            self.size += 1
        return made

    def root(self) -> bytes:
        """Give the root of the tree as it is now."""
        if not self.hashes:
            return EMPTY_ROOT
        value = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            value = node_hash(left, value)
        return value


def _split(count: int) -> int:
    """Give the largest power of two below ``count``, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _above(place: int, last: int) -> tuple[int, int]:
    """Go up one level, and past all levels at which the node has no right sibling."""
    if place == last:
        while place and not place & 1:
            place, last = place >> 1, last >> 1
    return place >> 1, last >> 1


def _range_hash(low: int, high: int, node: Node) -> bytes:
    """Hash the leaves from ``low`` to ``high``, where ``low`` begins a subtree that is wide enough.

    The ranges of RFC 6962 are whole subtrees but for those that end with the tree; such a one is
    folded from its whole parts, the right ones first.
    """
    parts, first = [], low
    for level, _ in peaks(high - low):
        parts.append((level, first >> level))
        first += 1 << level
    value = node(*parts[-1])
    for level, position in reversed(parts[:-1]):
        value = node_hash(node(level, position), value)
    return value
