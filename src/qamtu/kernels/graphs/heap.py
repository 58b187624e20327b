"""An indexed 4-ary min-heap of nodes on plain arrays, for use inside compiled functions.

The heap is three arrays that the caller owns: ``heap`` (the nodes in heap order), ``position``
(where each node stands, -1 if outside) and ``key`` (what they are ordered by). The caller also
keeps the size. Push and pop cost O(log n); nothing is allocated.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["heap_pop", "heap_push"]


@njit(cache=True)
def heap_push(
    heap: NDArray[np.int32],
    position: NDArray[np.int32],
    key: NDArray[np.float64],
    size: int,
    node: int,
) -> int:
    """Insert a node, or move it up after its key became smaller.

    Parameters
    ----------
    heap, position : int32[n]
        The heap's arrays; ``position`` is -1 for nodes outside.
    key : float64[n]
        The key of each node.
    size : int
        Nodes in the heap before the call.
    node : int
        The node.

    Returns
    -------
    int
        Nodes in the heap after the call.
    """
    place = position[node]
    if place < 0:
        place = size
        size += 1
    value = key[node]
    while place > 0:
        parent = (place - 1) >> 2
        other = heap[parent]
        if key[other] <= value:
            break
        heap[place] = other
        position[other] = place
        place = parent
    heap[place] = node
    position[node] = place
    return size


@njit(cache=True)
def heap_pop(
    heap: NDArray[np.int32],
    position: NDArray[np.int32],
    key: NDArray[np.float64],
    size: int,
) -> int:
    """Remove and return the node with the least key; the caller lowers its size by one.

    Parameters
    ----------
    heap, position : int32[n]
        The heap's arrays.
    key : float64[n]
        The key of each node.
    size : int
        Nodes in the heap before the call, at least 1.

    Returns
    -------
    int
        The node.
    """
    top = heap[0]
    position[top] = -1
    size -= 1
    if size == 0:
        return top
    last = heap[size]
    value = key[last]
    place = 0
    while True:
        first = 4 * place + 1
        if first >= size:
            break
        best = first
        best_key = key[heap[first]]
        for child in range(first + 1, min(first + 4, size)):
            if key[heap[child]] < best_key:
                best = child
                best_key = key[heap[child]]
        if best_key >= value:
            break
        heap[place] = heap[best]
        position[heap[place]] = place
        place = best
    heap[place] = last
    position[last] = place
    return top
