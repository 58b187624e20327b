"""Trees from scratch: the path heuristic, and the best subtree of a spanning tree.

H. Takahashi and A. Matsuyama, Math. Japonica 24 (1980), in one Dijkstra run whose labels fall
back to zero along every new path (M. Poggi de Aragão and R. F. Werneck, ALENEX 2002). With prizes
a node is joined as soon as its prize pays for the way to it. Time O((n + m) log n) for each time
a label falls, in practice a few passes; memory O(n).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import heap_pop, heap_push, union, union_find
from qamtu.optimise.steiner.net import Net

__all__ = ["Tree", "best_subtree", "grow_tree", "hang_tree"]


class Tree(NamedTuple):
    """A tree in the net.

    Attributes
    ----------
    edges : int32[k]
        Its edges.
    nodes : int32[k + 1]
        Its nodes, every parent before its children.
    cost : float
        Edges plus prizes left out; inf if a node that must be reached is not.
    """

    edges: NDArray[np.int32]
    nodes: NDArray[np.int32]
    cost: float


@njit(cache=True)
def grow_tree(
    net: Net,
    weight: NDArray[np.float64],
    prize: NDArray[np.float64],
    seeds: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Grow a tree from its seeds by shortest paths.

    Parameters
    ----------
    net : Net
        The graph.
    weight : float64[m]
        What each edge counts during the search; inf forbids it.
    prize : float64[n]
        A node is joined when its distance from the tree is at most this; never if it is 0.
    seeds : int32[k]
        Where to begin; nodes of a tree that already stands.

    Returns
    -------
    bool[n]
        Nodes of the tree (and of the paths between).
    """
    n = prize.size
    inside = np.zeros(n, np.bool_)
    distance = np.full(n, np.inf)
    previous = np.full(n, -1, np.int32)
    position = np.full(n, -1, np.int32)
    heap = np.empty(n, np.int32)
    size = 0
    missing = 0
    farthest = 0.0
    for v in range(n):
        if prize[v] == np.inf:
            missing += 1
        else:
            farthest = max(farthest, prize[v])
    for s in seeds:
        if not inside[s]:
            inside[s] = True
            missing -= prize[s] == np.inf
            distance[s] = 0.0
            size = heap_push(heap, position, distance, size, s)
    while size > 0:
        u = heap_pop(heap, position, distance, size)
        size -= 1
        if missing == 0 and distance[u] > farthest:
            break
        if not inside[u] and prize[u] > 0 and prize[u] >= distance[u]:
            x = u
            while not inside[x]:
                inside[x] = True
                missing -= prize[x] == np.inf
                distance[x] = 0.0
                size = heap_push(heap, position, distance, size, x)
                x = previous[x]
            if missing == 0 and farthest == 0:
                break
            continue
        base = distance[u]
        for a in range(net.indptr[u], net.indptr[u + 1]):
            v = net.neighbour[a]
            reach = base + weight[net.arc_edge[a]]
            if reach < distance[v]:
                distance[v] = reach
                previous[v] = u
                size = heap_push(heap, position, distance, size, v)
    return inside


@njit(cache=True)
def _hang(
    net: Net, inside: NDArray[np.bool_], use: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Breadth-first order of the forest of used edges, the root's part first."""
    n = inside.size
    order = np.empty(n, np.int32)
    parent = np.full(n, -1, np.int32)
    link = np.full(n, -1, np.int32)
    seen = np.zeros(n, np.bool_)
    size = 0
    done = 0
    for start in range(-1, n):
        s = net.root if start < 0 else start
        if s < 0 or seen[s] or not inside[s]:
            continue
        seen[s] = True
        order[size] = s
        size += 1
        while done < size:
            u = order[done]
            done += 1
            for a in range(net.indptr[u], net.indptr[u + 1]):
                v = net.neighbour[a]
                if use[net.arc_edge[a]] and not seen[v]:
                    seen[v] = True
                    parent[v] = u
                    link[v] = net.arc_edge[a]
                    order[size] = v
                    size += 1
    return order[:size].copy(), parent, link


@njit(cache=True)
def hang_tree(
    net: Net, edges: NDArray[np.int32], top: int
) -> tuple[NDArray[np.bool_], NDArray[np.int32], NDArray[np.int32]]:
    """Hang a tree up at one of its nodes.

    Parameters
    ----------
    net : Net
        The graph.
    edges : int32[k]
        The tree's edges.
    top : int
        The node.

    Returns
    -------
    inside, parent, link : arrays[n]
        The tree's nodes, their parents and the edges to them (-1 at the top and outside).
    """
    n = net.prize.size
    inside = np.zeros(n, np.bool_)
    use = np.zeros(net.cost.size, np.bool_)
    inside[top] = True
    for e in edges:
        use[e] = True
        inside[net.tail[e]] = True
        inside[net.head[e]] = True
    _, parent, link = _hang(net, inside, use)
    return inside, parent, link


@njit(cache=True)
def best_subtree(
    net: Net, inside: NDArray[np.bool_], prize: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.int32], float]:
    """Span the nodes at least cost and keep the subtree that costs least with prizes left out.

    Kruskal's algorithm on edges sorted beforehand, then the exact dynamic programme over the tree
    (the strong pruning of D. S. Johnson, M. Minkoff and S. Phillips, SODA 2000). close to O(m).

    Parameters
    ----------
    net : Net
        The graph.
    inside : bool[n]
        Nodes that may be used.
    prize : float64[n]
        Prizes; inf where the node must be reached.

    Returns
    -------
    edges, nodes, cost
        As in `Tree`.
    """
    n = prize.size
    links = union_find(n)
    use = np.zeros(net.cost.size, np.bool_)
    for e in net.order:
        if inside[net.tail[e]] and inside[net.head[e]] and union(links, net.tail[e], net.head[e]):
            use[e] = True
    order, parent, link = _hang(net, inside, use)
    value = prize.copy()
    for i in range(order.size - 1, -1, -1):
        v = order[i]
        if parent[v] >= 0 and value[v] > net.cost[link[v]]:
            value[parent[v]] += value[v] - net.cost[link[v]]
    top = net.root
    if top < 0:
        for v in order:
            if top < 0 or value[v] > value[top]:
                top = v
    keep = np.zeros(n, np.bool_)
    edges = np.empty(order.size, np.int32)
    nodes = np.empty(order.size, np.int32)
    n_edges = 0
    n_nodes = 0
    total = 0.0
    for v in order:
        if v == top:
            keep[v] = True
        elif parent[v] >= 0 and keep[parent[v]] and value[v] > net.cost[link[v]]:
            keep[v] = True
            edges[n_edges] = link[v]
            n_edges += 1
            total += net.cost[link[v]]
        if keep[v]:
            nodes[n_nodes] = v
            n_nodes += 1
    for v in range(n):
        if not keep[v]:
            total += prize[v]
    return edges[:n_edges].copy(), nodes[:n_nodes].copy(), total
