"""Villages on fibre beyond the target are given up again, the dearest first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.villages.formulation import (
    Choice,
    Weights,
    hang,
    make_choice,
    own_route_npv,
)
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.kernels.graphs import RootedForest

__all__ = ["give_up_dearest"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def give_up_dearest(
    prepared: Prepared, weights: Weights, choice: Choice, most: int
) -> Choice | None:
    """Take from fibre the villages whose own route and works cost most over another option.

    The other option is the cheapest of the alternative without a network and the radio links
    from fibre points of the plan. What several villages share of a route is not counted as
    saved, so a village that is left may still be worth giving up afterwards.

    Parameters
    ----------
    prepared, weights, choice
        The plan at its prices.
    most
        How many villages to give up at most.

    Returns
    -------
    Choice or None
        The plan without them, at its true cost; None where no single village saves. O(n + k).
    """
    leaves = prepared.leaves
    forest = hang(prepared, choice.edges)
    own = own_route_npv(prepared, choice, forest)
    other, cost = _other_links(prepared, forest)
    at = np.flatnonzero((choice.leaf >= 0) & prepared.is_village)
    at = at[leaves.kind[choice.leaf[at]] == 0]
    taken = choice.leaf[at]
    saved = leaves.npv[taken] + own[leaves.node[taken]] - cost[at]
    dear = np.argsort(-saved, kind="stable")[:most]
    dropped = at[dear[saved[dear] > 0]]
    if len(dropped) == 0:
        return None
    leaf = choice.leaf.copy()
    leaf[dropped] = other[dropped]
    made = make_choice(prepared, weights, choice.edges, leaf)
    return replace(made, bound=min(choice.bound, made.priced))


def _other_links(prepared: Prepared, forest: RootedForest) -> tuple[Ints, Floats]:
    """Give each customer's cheapest option but fibre: its link, −1 for none, and its cost."""
    leaves = prepared.leaves
    lit = np.zeros(prepared.graph.n_nodes, dtype=bool)
    lit[forest.order] = True
    lit[prepared.roots] = True
    cost = prepared.alternatives.npv.copy()
    link = np.full(len(cost), -1, dtype=np.int64)
    radio = np.flatnonzero((leaves.kind > 0) & lit[leaves.node])
    radio = radio[leaves.npv[radio] < cost[leaves.customer[radio]]]
    # the cheapest last, the nearest of equals, so that it is the one that stays
    radio = radio[np.lexsort((-leaves.distance_km[radio], -leaves.npv[radio]))]
    link[leaves.customer[radio]] = radio
    linked = link >= 0
    cost[linked] = leaves.npv[link[linked]]
    return link, cost
