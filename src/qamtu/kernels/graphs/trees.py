"""Union-find, minimum spanning forests, connected components and rooted orders of forests."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs.csr import csr_arrays

__all__ = [
    "RootedForest",
    "connected_components",
    "minimum_spanning_forest",
    "root_forest",
    "subtree_sums",
    "union",
    "union_find",
    "union_root",
]


class RootedForest(NamedTuple):
    """A forest hung up at its roots.

    Attributes
    ----------
    order : int32[r]
        The nodes reached, every parent before its children.
    parent : int32[n]
        Parent of each node; -1 at roots and at nodes outside.
    parent_edge : int32[n]
        Edge to the parent; -1 where there is none.
    depth : int32[n]
        Edges between the node and its root; -1 at nodes outside.
    """

    order: NDArray[np.int32]
    parent: NDArray[np.int32]
    parent_edge: NDArray[np.int32]
    depth: NDArray[np.int32]


@njit(cache=True)
def union_find(n: int) -> NDArray[np.int32]:
    """Start a union-find structure of ``n`` single sets; O(n).

    Parameters
    ----------
    n : int
        Number of members.

    Returns
    -------
    int32[n]
        Parent links, each member its own root.
    """
    return np.arange(n).astype(np.int32)


@njit(cache=True)
def union_root(links: NDArray[np.int32], member: int) -> int:
    """Representative of a member's set, halving the path on the way.

    Parameters
    ----------
    links : int32[n]
        The union-find structure; changed.
    member : int
        The member.

    Returns
    -------
    int
        The representative.
    """
    while links[member] != member:
        links[member] = links[links[member]]
        member = links[member]
    return member


@njit(cache=True)
def union(links: NDArray[np.int32], a: int, b: int) -> bool:
    """Join the sets of two members.

    Parameters
    ----------
    links : int32[n]
        The union-find structure; changed.
    a, b : int
        The members.

    Returns
    -------
    bool
        False if they were in one set already.
    """
    a = union_root(links, a)
    b = union_root(links, b)
    if a == b:
        return False
    if a < b:
        links[b] = a
    else:
        links[a] = b
    return True


@njit(cache=True)
def minimum_spanning_forest(
    n_nodes: int,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    cost: NDArray[np.float64],
) -> NDArray[np.int32]:
    """Minimum spanning forest by Kruskal's algorithm (Proc. AMS 7, 1956); O(m log m).

    Parameters
    ----------
    n_nodes : int
        Nodes, numbered from 0.
    tail, head : int32[m]
        Ends of the edges.
    cost : float64[m]
        Their costs; an edge of infinite cost is never taken.

    Returns
    -------
    int32[k]
        The edges taken, cheapest first; of equal ones the earlier.
    """
    order = np.argsort(cost, kind="mergesort")
    links = union_find(n_nodes)
    taken = np.empty(min(tail.size, max(n_nodes - 1, 0)), np.int32)
    count = 0
    for e in order:
        if cost[e] == np.inf or count == taken.size:
            break
        if union(links, tail[e], head[e]):
            taken[count] = e
            count += 1
    return taken[:count]


@njit(cache=True)
def connected_components(
    n_nodes: int, tail: NDArray[np.int32], head: NDArray[np.int32]
) -> tuple[int, NDArray[np.int32]]:
    """Number the connected components in the order of their least node; O(n + m).

    Parameters
    ----------
    n_nodes : int
        Nodes, numbered from 0.
    tail, head : int32[m]
        Ends of the edges.

    Returns
    -------
    count : int
        Number of components.
    label : int32[n]
        Component of each node.
    """
    links = union_find(n_nodes)
    for e in range(tail.size):
        union(links, tail[e], head[e])
    label = np.full(n_nodes, -1, np.int32)
    count = 0
    for v in range(n_nodes):
        root = union_root(links, v)
        if label[root] < 0:
            label[root] = count
            count += 1
        label[v] = label[root]
    return count, label


@njit(cache=True)
def _root_forest(
    n_nodes: int,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    edges: NDArray[np.int32],
    roots: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    start = np.empty(edges.size, np.int32)
    end = np.empty(edges.size, np.int32)
    for i in range(edges.size):
        start[i] = tail[edges[i]]
        end[i] = head[edges[i]]
    indptr, neighbour, arc = csr_arrays(n_nodes, start, end)
    order = np.empty(n_nodes, np.int32)
    parent = np.full(n_nodes, -1, np.int32)
    parent_edge = np.full(n_nodes, -1, np.int32)
    depth = np.full(n_nodes, -1, np.int32)
    size = 0
    for r in roots:
        if depth[r] < 0:
            depth[r] = 0
            order[size] = r
            size += 1
    done = 0
    while done < size:
        u = order[done]
        done += 1
        for a in range(indptr[u], indptr[u + 1]):
            v = neighbour[a]
            if depth[v] < 0:
                depth[v] = depth[u] + 1
                parent[v] = u
                parent_edge[v] = edges[arc[a]]
                order[size] = v
                size += 1
    return order[:size].copy(), parent, parent_edge, depth


def root_forest(
    n_nodes: int,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    edges: NDArray[np.int32],
    roots: NDArray[np.int32],
) -> RootedForest:
    """Hang a forest up at its roots: parents, depths and an order from the roots down; O(n).

    Parameters
    ----------
    n_nodes : int
        Nodes, numbered from 0.
    tail, head : int32[m]
        Ends of all edges of the graph.
    edges : int32[k]
        The forest's edges. With a circle among them the result is a breadth-first tree.
    roots : int32[r]
        The roots.

    Returns
    -------
    RootedForest
        The order; nodes that hang on no root are outside.
    """
    return RootedForest(
        *_root_forest(
            n_nodes, tail, head, edges.astype(np.int32), np.atleast_1d(roots).astype(np.int32)
        )
    )


@njit(cache=True)
def subtree_sums(
    order: NDArray[np.int32], parent: NDArray[np.int32], value: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum a value over the subtree below every node, the node included; O(n).

    Parameters
    ----------
    order, parent : int32 arrays
        As in `RootedForest`.
    value : float64[n]
        The value of each node.

    Returns
    -------
    float64[n]
        The sums; nodes outside the forest keep their own value.
    """
    total = value.copy()
    for i in range(order.size - 1, -1, -1):
        v = order[i]
        if parent[v] >= 0:
            total[parent[v]] += total[v]
    return total
