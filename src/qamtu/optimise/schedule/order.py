"""Orders of a forest of items: topological, and Horn's optimal sequence with Sidney's blocks.

W. A. Horn, "Single-machine job sequencing with treelike precedence ordering and linear delay
penalties", SIAM J. Appl. Math. 23 (1972), 189-202; J. B. Sidney, "Decomposition algorithms for
single-machine sequencing with precedence relations and deferral costs", Oper. Res. 23 (1975),
283-298.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import heap_pop, heap_push, union_root

__all__ = ["horn_sequence", "topological_order"]


@njit(cache=True)
def topological_order(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    """List the items, every parent before its children; O(n).

    Parameters
    ----------
    parent : int32[n]
        Parent of each item; -1 for none.

    Returns
    -------
    int32[k]
        The items from the roots down, level by level; items on or below a circle are left out.
    """
    n = parent.size
    first = np.full(n, -1, np.int32)
    sibling = np.full(n, -1, np.int32)
    order = np.empty(n, np.int32)
    size = 0
    for i in range(n - 1, -1, -1):
        p = parent[i]
        if p >= 0:
            sibling[i] = first[p]
            first[p] = i
    for i in range(n):
        if parent[i] < 0:
            order[size] = i
            size += 1
    done = 0
    while done < size:
        child = first[order[done]]
        done += 1
        while child >= 0:
            order[size] = child
            size += 1
            child = sibling[child]
    return order[:size]


@njit(cache=True)
def horn_sequence(
    parent: NDArray[np.int32], weight: NDArray[np.float64], resource: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Sequence that minimises the sum of weight × completion time on an out-forest; O(n log n).

    The cluster of the greatest ratio of weight to resource is joined to the cluster of its parent,
    or, where that is done or there is none, is put next. Every cluster put is a Sidney block: no
    prefix of what is left has a greater ratio.

    Parameters
    ----------
    parent : int32[n]
        Parent of each item; -1 for none. No circles.
    weight : float64[n]
        Weight of each item, not negative.
    resource : float64[n]
        What the item takes (its processing time), not negative. An item that takes nothing has
        the greatest ratio.

    Returns
    -------
    sequence : int32[n]
        The items in their order, every parent before its children.
    block : int32[n]
        The block of each item; blocks are numbered in their order, ratios do not rise.
    """
    n = parent.size
    total_weight = weight.copy()
    total_resource = resource.copy()
    key = np.empty(n)
    links = np.arange(n).astype(np.int32)
    last = np.arange(n).astype(np.int32)
    following = np.full(n, -1, np.int32)
    emitted = np.zeros(n, np.bool_)
    heap = np.empty(n, np.int32)
    position = np.full(n, -1, np.int32)
    size = 0
    for i in range(n):
        key[i] = -weight[i] / resource[i] if resource[i] > 0 else -np.inf
        size = heap_push(heap, position, key, size, i)
    sequence = np.empty(n, np.int32)
    block = np.empty(n, np.int32)
    count = 0
    blocks = 0
    while size > 0:
        c = heap_pop(heap, position, key, size)
        size -= 1
        p = parent[c]
        above = union_root(links, p) if p >= 0 else -1
        if above < 0 or emitted[above]:
            emitted[c] = True
            item = c
            while item >= 0:
                sequence[count] = item
                block[item] = blocks
                count += 1
                item = following[item]
            blocks += 1
            continue
        links[c] = above
        following[last[above]] = c
        last[above] = last[c]
        total_weight[above] += total_weight[c]
        total_resource[above] += total_resource[c]
        if total_resource[above] > 0:
            # The joined ratio lies between the two; rounding must not push it below the old one.
            key[above] = min(key[above], -total_weight[above] / total_resource[above])
        size = heap_push(heap, position, key, size, above)
    return sequence, block
