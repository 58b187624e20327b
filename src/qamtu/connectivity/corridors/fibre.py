"""Fibre that could be laid along the roads: from each site to the next sites and fibre points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.corridors.places import nearest_of
from qamtu.connectivity.corridors.posts import Posts
from qamtu.connectivity.corridors.roads import Roads
from qamtu.kernels.graphs import graph_from_edges, shortest_paths

__all__ = ["FibreWays", "fibre_ways"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FibreWays:
    """Ways for fibre between two posts, shape (w,) each; relays have none.

    Parameters
    ----------
    a, b
        Posts at the ends.
    length_m
        Length along the roads, spurs with their detour included [m].
    """

    a: Ints
    b: Ints
    length_m: Floats


def fibre_ways(roads: Roads, posts: Posts, join_m: float, detour: float) -> FibreWays:
    """Find the ways from each post to its neighbours along the roads. O(m log n).

    The road network is divided among the posts by distance, and where two shares meet the way
    through the meeting edge is one (K. Mehlhorn, *Information Processing Letters* 27, 1988):
    among them are all that a cheapest tree of fibre needs. Besides, each site gets the straight
    way to its nearest fibre point, times the detour.

    Parameters
    ----------
    roads, posts
        Roads, and what may be joined.
    join_m
        Longest straight way [m].
    detour
        Length of a way where no road is known over the straight line [1].
    """
    wired = np.flatnonzero((posts.road >= 0) & ~posts.is_relay)
    tail, head, length, count = _network(roads, posts, wired)
    a, b, way = _meetings(tail, head, length, count, wired)
    near_a, near_b, near = _straight(posts, join_m, detour)
    a, b = np.concatenate((a, near_a)), np.concatenate((b, near_b))
    way = np.concatenate((way, near))
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((way, high, low))
    low, high, way = low[order], high[order], way[order]
    first = np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])][: len(low)]
    return FibreWays(low[first], high[first], way[first])


def _network(roads: Roads, posts: Posts, wired: Ints) -> tuple[Ints, Ints, Floats, int]:
    """Build the graph of road pieces and spurs; the wired posts are its first nodes."""
    k = len(wired)
    at_node = np.flatnonzero(roads.node >= 0)
    road_of = np.repeat(np.arange(roads.count), np.diff(roads.offset))
    nodes = int(roads.node.max()) + 1 if len(roads.node) else 0
    # stops along each road: its nodes, and where a post's spur meets it
    road = np.concatenate((road_of[at_node], posts.road[wired]))
    along = np.concatenate((roads.along_m[at_node], posts.along_m[wired]))
    stop = np.concatenate((k + roads.node[at_node], k + nodes + np.arange(k)))
    order = np.lexsort((along, road))
    road, along, stop = road[order], along[order], stop[order]
    follows = road[1:] == road[:-1]
    tail = np.concatenate((stop[:-1][follows], np.arange(k)))
    head = np.concatenate((stop[1:][follows], k + nodes + np.arange(k)))
    length = np.concatenate((np.diff(along)[follows], posts.spur_m[wired]))
    return tail, head, length, 2 * k + nodes


def _meetings(
    tail: Ints, head: Ints, length: Floats, count: int, wired: Ints
) -> tuple[Ints, Ints, Floats]:
    """Give the ways between posts whose shares of the network meet."""
    k = len(wired)
    if k < 2:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0)
    graph = graph_from_edges(count, tail, head)
    forest = shortest_paths(graph, length, np.arange(k))
    source = forest.source
    meet = (source[tail] >= 0) & (source[head] >= 0) & (source[tail] != source[head])
    t, h = tail[meet], head[meet]
    way = forest.distance[t] + length[meet] + forest.distance[h]
    return wired[source[t]], wired[source[h]], way


def _straight(posts: Posts, join_m: float, detour: float) -> tuple[Ints, Ints, Floats]:
    points = np.flatnonzero(posts.fibre >= 0)
    sites = np.arange(posts.sites)
    index, away = nearest_of(
        posts.lat_deg[sites], posts.lon_deg[sites], posts.lat_deg[points], posts.lon_deg[points]
    )
    near = away <= join_m
    return sites[near], points[index[near]], away[near] * detour
