"""A whole local search: insert nodes, exchange paths, add prizes, until nothing saves any more."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.steiner.construct import Tree, best_subtree, grow_tree, hang_tree
from qamtu.optimise.steiner.cover import survey
from qamtu.optimise.steiner.exchange import exchange_paths
from qamtu.optimise.steiner.insert import insert_nodes
from qamtu.optimise.steiner.net import Net
from qamtu.optimise.steiner.pieces import make_pieces

__all__ = ["improve", "span"]

_PIECE_LIMIT = 5000


def span(net: Net, inside: NDArray[np.bool_]) -> Tree:
    """Best tree within a set of nodes.

    Parameters
    ----------
    net : Net
        The graph.
    inside : bool[n]
        The nodes.

    Returns
    -------
    Tree
        The tree.
    """
    return Tree(*best_subtree(net, inside, net.prize))


@njit(cache=True)
def _insertion(
    net: Net, edges: NDArray[np.int32], top: int, nodes: NDArray[np.int32], least: float
) -> tuple[float, NDArray[np.bool_]]:
    inside, parent, link = hang_tree(net, edges, top)
    saved = insert_nodes(net, inside, parent, link, nodes, least)
    return saved, inside


@njit(cache=True)
def _exchange(
    net: Net,
    edges: NDArray[np.int32],
    top: int,
    threshold: float,
    nodes: NDArray[np.int32],
    least: float,
    limit: int,
    fresh: NDArray[np.bool_],
) -> tuple[float, NDArray[np.bool_]]:
    fixed = net.prize > threshold
    if net.root >= 0:
        fixed[net.root] = True
    pieces = make_pieces(net, edges, fixed, fresh)
    territory = survey(net, edges, top)
    saved = exchange_paths(net, pieces, nodes, least, limit, territory)
    return saved, pieces.inside


def _tolerance(cost: float) -> float:
    return 1e-11 * max(1.0, abs(cost))


@njit(cache=True)
def _differing(
    net: Net, one: NDArray[np.int32], other: NDArray[np.int32]
) -> tuple[int, NDArray[np.bool_]]:
    """Ends of the edges that only one of two trees has, and how many such edges there are."""
    count = np.zeros(net.cost.size, np.int8)
    for e in one:
        count[e] += 1
    for e in other:
        count[e] += 2
    ends = np.zeros(net.prize.size, np.bool_)
    number = 0
    for e in range(count.size):
        if count[e] == 1 or count[e] == 2:
            ends[net.tail[e]] = True
            ends[net.head[e]] = True
            number += 1
    return number, ends


def improve(
    net: Net,
    tree: Tree,
    rng: np.random.Generator,
    go_on: Callable[[], bool],
    *,
    known: NDArray[np.int32] | None = None,
    passes: int = 50,
) -> Tree:
    """Improve a tree until no move of the three neighbourhoods saves anything.

    Parameters
    ----------
    net : Net
        The graph.
    tree : Tree
        A feasible tree.
    rng : Generator
        Draws the order of trials.
    go_on : callable
        Asked between passes.
    known : int32[k], optional
        Edges of a tree that cannot be improved; only where this one differs from it exchanges
        are tried.
    passes : int
        At most so many rounds of all neighbourhoods.

    Returns
    -------
    Tree
        A tree that costs no more.
    """
    finite = net.prize[(net.prize > 0) & np.isfinite(net.prize)]
    empty = np.empty(0, np.int32)
    last = empty if known is None else known
    for turn in range(passes):
        before = tree.cost
        least = _tolerance(before)
        if finite.size:
            better = span(net, grow_tree(net, net.cost, net.prize, tree.nodes))
            tree = min(tree, better, key=_cost)
        if not tree.edges.size or not go_on():
            break
        order = rng.permutation(net.prize.size).astype(np.int32)
        saved, inside = _insertion(net, tree.edges, int(tree.nodes[0]), order, least)
        if saved > 0:
            tree = min(tree, span(net, inside), key=_cost)
        if not tree.edges.size or not go_on():
            break
        threshold = 0.0
        if finite.size and turn % 2 == 1:
            threshold = float(np.quantile(finite, rng.random()))
        looks, fresh = _differing(net, tree.edges, last if turn != 1 or not finite.size else empty)
        if not looks:
            break
        last = tree.edges
        saved, inside = _exchange(
            net, tree.edges, int(tree.nodes[0]), threshold, order, least, _PIECE_LIMIT, fresh
        )
        if saved > 0:
            tree = min(tree, span(net, inside), key=_cost)
        if tree.cost >= before - least and (turn % 2 == 1 or not finite.size):
            break
    return tree


def _cost(tree: Tree) -> float:
    return tree.cost
