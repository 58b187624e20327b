"""The cheapest joining of the sites to what is served today: one Steiner tree with its bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.corridors.costs import Bill, Prices
from qamtu.connectivity.corridors.fibre import FibreWays
from qamtu.connectivity.corridors.hops import Hops
from qamtu.connectivity.corridors.places import Places
from qamtu.connectivity.corridors.posts import Posts
from qamtu.kernels.graphs import connected_components, root_forest
from qamtu.optimise.steiner import SteinerProblem, solve

__all__ = ["FIBRE", "MICROWAVE", "Joined", "Links", "gather_links", "join_sites"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MICROWAVE: Final = 0
FIBRE: Final = 1


@dataclass(frozen=True, slots=True)
class Links:
    """Links that could be built, shape (l,) each.

    Parameters
    ----------
    a, b
        Posts at the ends.
    kind
        `MICROWAVE` or `FIBRE`.
    length_m
        Length [m].
    height_a_m, height_b_m
        Antenna heights [m]; NaN for fibre.
    clearance, clearance_low
        Clearances [1]; NaN for fibre.
    bill
        What the link itself costs.
    price
        What the tree is charged: the link, the raising of towers for it, and half of each relay
        at its ends [currency].
    """

    a: Ints
    b: Ints
    kind: NDArray[np.int8]
    length_m: Floats
    height_a_m: Floats
    height_b_m: Floats
    clearance: Floats
    clearance_low: Floats
    bill: Bill
    price: Floats


@dataclass(frozen=True, slots=True)
class Joined:
    """Sites hung up at what is served today.

    Parameters
    ----------
    order
        Posts of the forest from the served points down, roots left out, int64[q].
    parent, link
        The post before each post and the link to it; -1 at roots and posts outside, int64[n].
    root
        The served point at the end of each post's chain; -1 outside, int64[n].
    depth, chain_m
        Links to the served point, and their length [m], [n].
    tower_m
        Height of each post's tower, raised where a hop asks for it [m], float64[n].
    lost
        Sites that nothing joins, int64[x].
    price, bound
        What the tree is charged, and the proven bound on that [currency].
    """

    order: Ints
    parent: Ints
    link: Ints
    root: Ints
    depth: Ints
    chain_m: Floats
    tower_m: Floats
    lost: Ints
    price: float
    bound: float


def gather_links(
    posts: Posts, hops: Hops, ways: FibreWays, prices: Prices, places: Places, below_m: float
) -> Links:
    """Price every link; of two between the same posts the cheaper stays.

    Fibre between two sites is charged at least what a hop costs. So no link that joins a site
    is cheaper than a hop, or than fibre straight from the nearest fibre point, and the bound on
    the sites, which bills each of them with the cheaper of the two, holds for the whole.

    Parameters
    ----------
    posts, hops, ways, prices, places
        What may be joined, by what, at which prices.
    below_m
        How far the antenna hangs below the top of its tower [m].
    """
    laid = prices.fibre(ways.length_m) + prices.terminal(len(ways.a))
    radio = prices.hop(len(hops.a))
    least = float(prices.hop(1).npv[0])
    served = (posts.fibre[ways.a] >= 0) | (posts.fibre[ways.b] >= 0)
    extra = np.zeros(posts.count)
    relay = np.flatnonzero(posts.is_relay)
    whole = prices.relay(places).npv[posts.place[relay]] + prices.tower(posts.tower_m[relay]).npv
    extra[relay] = 0.5 * whole
    lift = _lift(posts, hops.a, hops.height_a_m, prices, below_m)
    lift += _lift(posts, hops.b, hops.height_b_m, prices, below_m)
    nothing = np.full(len(ways.a), np.nan)
    a, b = np.concatenate((hops.a, ways.a)), np.concatenate((hops.b, ways.b))
    price = np.concatenate(
        (
            radio.npv + lift + extra[hops.a] + extra[hops.b],
            np.where(served, laid.npv, np.maximum(laid.npv, least)),
        )
    )
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((price, high, low))
    first = np.r_[True, (np.diff(low[order]) > 0) | (np.diff(high[order]) > 0)][: len(order)]
    keep = order[first]

    def joined(one: Floats, other: Floats) -> Floats:
        return np.asarray(np.concatenate((one, other))[keep])

    return Links(
        a=a[keep], b=b[keep],
        kind=np.repeat(np.array([MICROWAVE, FIBRE], np.int8), (len(hops.a), len(ways.a)))[keep],
        length_m=joined(hops.length_m, ways.length_m),
        height_a_m=joined(hops.height_a_m, nothing), height_b_m=joined(hops.height_b_m, nothing),
        clearance=joined(hops.clearance, nothing),
        clearance_low=joined(hops.clearance_low, nothing),
        bill=Bill(
            joined(radio.capex, laid.capex), joined(radio.opex_per_year, laid.opex_per_year),
            joined(radio.npv, laid.npv),
        ),
        price=price[keep],
    )  # fmt: skip


def _lift(posts: Posts, post: Ints, height_m: Floats, prices: Prices, below_m: float) -> Floats:
    """Price the raising of a tower to carry an antenna at a height."""
    raised = posts.movable[post] & (height_m > posts.height_m[post] + 1e-6)
    made = np.zeros(len(post))
    at = np.flatnonzero(raised)
    was, will = posts.tower_m[post[at]], height_m[at] + below_m
    made[at] = prices.tower(will).npv - prices.tower(was).npv
    return made


def join_sites(
    posts: Posts,
    links: Links,
    below_m: float,
    *,
    time_limit_s: float,
    gap_limit: float,
    max_rounds: int | None,
    seed: int,
) -> Joined:
    """Join every site that can be joined to some served point at least price.

    Parameters
    ----------
    posts, links
        What may be joined, and by what.
    below_m
        How far the antenna hangs below the top of its tower [m].
    time_limit_s, gap_limit, max_rounds, seed
        As of `qamtu.optimise.steiner.solve`.
    """
    n = posts.count
    roots = np.flatnonzero(posts.is_root)
    tail, head = links.a.astype(np.int32), links.b.astype(np.int32)
    within = _within(n, tail, head, roots)
    sites = np.arange(posts.sites)
    must = sites[within[sites]]
    edges, price, bound = np.zeros(0, dtype=np.int32), 0.0, 0.0
    if len(must):
        prize = np.zeros(n)
        prize[must] = np.inf
        problem = SteinerProblem(
            n, tail, head, links.price, prize, roots.astype(np.int32), name="corridors"
        )
        solution = solve(
            problem, time_limit_s=time_limit_s, gap_limit=gap_limit, max_rounds=max_rounds,
            seed=seed,
        )  # fmt: skip
        edges, price, bound = solution.edges, solution.cost, min(solution.bound, solution.cost)
    forest = root_forest(n, tail, head, edges, roots.astype(np.int32))
    order = forest.order[forest.parent[forest.order] >= 0].astype(np.int64)
    parent, link = forest.parent.astype(np.int64), forest.parent_edge.astype(np.int64)
    root, chain = np.full(n, -1, dtype=np.int64), np.zeros(n)
    root[roots] = roots
    tower = posts.tower_m.copy()
    for post in order:
        root[post] = root[parent[post]]
        chain[post] = chain[parent[post]] + links.length_m[link[post]]
        for end, height in ((links.a, links.height_a_m), (links.b, links.height_b_m)):
            at = end[link[post]]
            if posts.movable[at] and height[link[post]] > posts.height_m[at] + 1e-6:
                tower[at] = max(tower[at], height[link[post]] + below_m)
    return Joined(
        order=order, parent=parent, link=link, root=root, depth=forest.depth.astype(np.int64),
        chain_m=chain, tower_m=tower, lost=sites[~within[sites]], price=float(price),
        bound=float(bound),
    )  # fmt: skip


def _within(
    n: int, tail: NDArray[np.int32], head: NDArray[np.int32], roots: Ints
) -> NDArray[np.bool_]:
    """Tell which posts hang together with a served point."""
    if not len(roots):
        return np.zeros(n, dtype=bool)
    _, label = connected_components(n, tail, head)
    return np.isin(label, np.unique(label[roots]))
