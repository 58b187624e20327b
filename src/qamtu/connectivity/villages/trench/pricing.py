"""What edges cost: every kilometre by the ground it crosses and the kind of way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.villages.trench.settings import CostTable
from qamtu.connectivity.villages.trench.terrain import Ground

__all__ = ["Edges", "Priced", "price_edges", "straight_edges"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges before they are priced, e of them.

    Parameters
    ----------
    tail, head
        Nodes, int64[e].
    kind
        `EdgeKind`, int8[e].
    length_m
        Route length [m], float64[e].
    offset, lat, lon
        Polylines [deg], tail to head.
    """

    tail: Ints
    head: Ints
    kind: NDArray[np.int8]
    length_m: Floats
    offset: Ints
    lat: Floats
    lon: Floats

    def keep(self, edges: NDArray[np.bool_]) -> Edges:
        """Give a part of the edges, bool[e]."""
        count = np.diff(self.offset)
        vertices = np.repeat(edges, count)
        return Edges(
            self.tail[edges],
            self.head[edges],
            self.kind[edges],
            self.length_m[edges],
            np.concatenate([[0], np.cumsum(count[edges])]).astype(np.int64),
            self.lat[vertices],
            self.lon[vertices],
        )

    def renumbered(self, node: Ints) -> Edges:
        """Give the edges with other node numbers, int64[n]."""
        return Edges(
            node[self.tail], node[self.head], self.kind, self.length_m,
            self.offset, self.lat, self.lon,
        )  # fmt: skip

    def __add__(self, other: Edges) -> Edges:
        """Put two sets of edges into one."""
        return Edges(
            np.concatenate([self.tail, other.tail]),
            np.concatenate([self.head, other.head]),
            np.concatenate([self.kind, other.kind]),
            np.concatenate([self.length_m, other.length_m]),
            np.concatenate([self.offset, self.offset[-1] + other.offset[1:]]),
            np.concatenate([self.lat, other.lat]),
            np.concatenate([self.lon, other.lon]),
        )


@dataclass(frozen=True, slots=True)
class Priced:
    """Ground, method and cost of edges, shape (e,) each; see `TrenchGraph` for the units."""

    terrain: NDArray[np.int8]
    method: NDArray[np.int8]
    capex: Floats
    opex: Floats
    resolution: NDArray[np.int32]


def straight_edges(
    pairs: Ints, kind: NDArray[np.int8], length_m: Floats, lat: Floats, lon: Floats
) -> Edges:
    """Make straight edges between pairs of nodes.

    Parameters
    ----------
    pairs
        Nodes, int64[e, 2].
    kind
        `EdgeKind` of each, int8[e].
    length_m
        Route length of each [m], float64[e].
    lat, lon
        Places of all nodes [deg].
    """
    return Edges(
        tail=pairs[:, 0],
        head=pairs[:, 1],
        kind=kind,
        length_m=length_m,
        offset=np.arange(0, 2 * len(pairs) + 1, 2, dtype=np.int64),
        lat=lat[pairs].ravel(),
        lon=lon[pairs].ravel(),
    )


def price_edges(edges: Edges, ground: Ground, costs: CostTable) -> Priced:
    """Class the ground under edges and sum their cost over it.

    Parameters
    ----------
    edges
        The edges.
    ground
        Terrain grids.
    costs
        Cost of a kilometre by kind and terrain.
    """
    shares, resolution = ground.shares(edges.offset, edges.lat, edges.lon)
    length_km = edges.length_m / 1000.0
    terrain = shares.argmax(axis=1).astype(np.int8)
    return Priced(
        terrain=terrain,
        method=costs.method[edges.kind, terrain],
        capex=length_km * (shares * costs.capex_per_km[edges.kind]).sum(axis=1),
        opex=length_km * (shares * costs.opex_per_km[edges.kind]).sum(axis=1),
        resolution=resolution,
    )
