"""The trench graph itself: plain arrays of nodes and edges, and what must hold of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.geodesy import geodesic_m
from qamtu.kernels.graphs import connected_components

__all__ = [
    "EdgeKind",
    "Method",
    "NodeKind",
    "Terrain",
    "TrenchGraph",
    "check_trench_graph",
]

_LENGTH_TOLERANCE = 0.999


class NodeKind(IntEnum):
    """What a node is."""

    SETTLEMENT = 0
    ROAD = 1
    JUNCTION = 2
    FIBRE = 3


class EdgeKind(IntEnum):
    """What an edge is: along a road, across country, already there, a last resort, a railway."""

    ROAD = 0
    SPUR = 1
    EXISTING = 2
    BRIDGE = 3
    RAILWAY = 4


class Terrain(IntEnum):
    """Class of the ground."""

    FLAT = 0
    HILLY = 1
    MOUNTAIN = 2
    WETLAND = 3


class Method(IntEnum):
    """How cable is laid."""

    PLOUGH = 0
    TRENCH = 1
    AERIAL = 2


@dataclass(frozen=True, slots=True)
class TrenchGraph:
    """Every way that fibre could take; n nodes, m edges, s settlements.

    Parameters
    ----------
    node_lat_deg, node_lon_deg
        Places of the nodes [deg], float64[n].
    node_kind
        `NodeKind`, int8[n]; a node of a railway counts as a road node, one of an existing
        line and an existing fibre point as a fibre node.
    node_settlement
        Row in the table of settlements or -1, int32[n].
    settlement_node
        Node of each row, -1 where it is not in the plan, int32[s].
    edge_tail, edge_head
        Ends of the edges, int32[m].
    edge_length_m
        Route length, the detour factor included [m], float64[m].
    edge_kind
        `EdgeKind`, int8[m].
    edge_terrain
        `Terrain` of the greatest share of the length, int8[m].
    edge_method
        `Method` that is cheapest there, int8[m].
    edge_capex
        Construction cost, every kilometre by its own terrain [currency], float64[m].
    edge_opex_per_year
        Running cost [currency/year], float64[m].
    edge_resolution_arcsec
        Coarsest terrain data used along the edge [arc seconds]; 0 where there was none, int32[m].
    edge_path_offset, edge_path_lat, edge_path_lon
        Polyline of edge ``e``, tail to head: the vertices ``offset[e]:offset[e + 1]`` [deg].
    findings
        What is worth knowing about it.
    """

    node_lat_deg: NDArray[np.float64]
    node_lon_deg: NDArray[np.float64]
    node_kind: NDArray[np.int8]
    node_settlement: NDArray[np.int32]
    settlement_node: NDArray[np.int32]
    edge_tail: NDArray[np.int32]
    edge_head: NDArray[np.int32]
    edge_length_m: NDArray[np.float64]
    edge_kind: NDArray[np.int8]
    edge_terrain: NDArray[np.int8]
    edge_method: NDArray[np.int8]
    edge_capex: NDArray[np.float64]
    edge_opex_per_year: NDArray[np.float64]
    edge_resolution_arcsec: NDArray[np.int32]
    edge_path_offset: NDArray[np.int64]
    edge_path_lat: NDArray[np.float64]
    edge_path_lon: NDArray[np.float64]
    findings: Findings

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_kind)

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return len(self.edge_kind)

    def edge_lines(self, edges: ArrayLike) -> NDArray[np.object_]:
        """Draw edges as lines (longitude, latitude), tail to head.

        Parameters
        ----------
        edges
            Edges, int[k].
        """
        chosen = np.asarray(edges, dtype=np.int64)
        start = self.edge_path_offset[chosen]
        count = self.edge_path_offset[chosen + 1] - start
        line = np.repeat(np.arange(len(chosen)), count)
        within = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
        at = start[line] + within
        points = np.column_stack([self.edge_path_lon[at], self.edge_path_lat[at]])
        return np.asarray(shapely.linestrings(points, indices=line), dtype=np.object_)

    def edges_frame(self, edges: ArrayLike | None = None) -> gpd.GeoDataFrame:
        """Give edges as a table in EPSG:4326, kinds as words.

        Parameters
        ----------
        edges
            Edges, int[k]; all if left out.

        Returns
        -------
        geopandas.GeoDataFrame
            edge, tail, head, kind, terrain, method, length_m, capex, opex_per_year,
            resolution_arcsec, geometry.
        """
        e = np.arange(self.n_edges) if edges is None else np.asarray(edges, dtype=np.int64)
        table = {
            "edge": e,
            "tail": self.edge_tail[e],
            "head": self.edge_head[e],
            "kind": _words(EdgeKind)[self.edge_kind[e]],
            "terrain": _words(Terrain)[self.edge_terrain[e]],
            "method": _words(Method)[self.edge_method[e]],
            "length_m": self.edge_length_m[e],
            "capex": self.edge_capex[e],
            "opex_per_year": self.edge_opex_per_year[e],
            "resolution_arcsec": self.edge_resolution_arcsec[e],
        }
        return gpd.GeoDataFrame(table, geometry=self.edge_lines(e), crs="EPSG:4326")

    def nodes_frame(self) -> gpd.GeoDataFrame:
        """Give the nodes as a table in EPSG:4326: node, kind, settlement (row or -1), geometry."""
        table = {
            "node": np.arange(self.n_nodes),
            "kind": _words(NodeKind)[self.node_kind],
            "settlement": self.node_settlement,
        }
        points = shapely.points(self.node_lon_deg, self.node_lat_deg)
        return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")

    def summary(self) -> pd.DataFrame:
        """Count edges and sum kilometres and cost by kind and terrain.

        Returns
        -------
        pandas.DataFrame
            kind, terrain, edges, length_km, capex, capex_per_km; kinds and terrains that occur.
        """
        frame = pd.DataFrame(
            {
                "kind": self.edge_kind,
                "terrain": self.edge_terrain,
                "length_km": self.edge_length_m / 1000.0,
                "capex": self.edge_capex,
            }
        )
        made = frame.groupby(["kind", "terrain"], as_index=False).agg(
            edges=("capex", "size"), length_km=("length_km", "sum"), capex=("capex", "sum")
        )
        made["capex_per_km"] = made["capex"] / made["length_km"]
        made["kind"] = _words(EdgeKind)[made["kind"].to_numpy()]
        made["terrain"] = _words(Terrain)[made["terrain"].to_numpy()]
        return made


def _words(kind: type[IntEnum]) -> NDArray[np.object_]:
    return np.array([member.name.lower() for member in kind], dtype=object)


def check_trench_graph(graph: TrenchGraph) -> Findings:
    """Hold a trench graph against what must be true of every one.

    Returns
    -------
    Findings
        An error for each rule that is broken: lengths and costs are finite and positive (no
        cost on existing lines), no edge is shorter than its ends are apart, no edge is a loop,
        every node can be reached from every other, polylines begin and end at their nodes.
    """
    tail, head = graph.edge_tail, graph.edge_head
    lat, lon = graph.node_lat_deg, graph.node_lon_deg
    apart = geodesic_m(lat[tail], lon[tail], lat[head], lon[head])
    length, capex, opex = graph.edge_length_m, graph.edge_capex, graph.edge_opex_per_year
    costless = graph.edge_kind == EdgeKind.EXISTING
    first, last = graph.edge_path_offset[:-1], graph.edge_path_offset[1:] - 1
    x, y = graph.edge_path_lon, graph.edge_path_lat
    ends = np.abs([x[first] - lon[tail], y[first] - lat[tail], x[last] - lon[head],
                   y[last] - lat[head]]).max(axis=0, initial=0.0)  # fmt: skip
    components, _ = connected_components(graph.n_nodes, tail, head)
    broken = {
        "edge-length": int((~(np.isfinite(length) & (length > 0))).sum()),
        "edge-cost": int((~(np.isfinite(capex) & ((capex > 0) | costless))).sum()),
        "edge-opex": int((~(np.isfinite(opex) & (opex >= 0))).sum()),
        "edge-too-short": int((length < _LENGTH_TOLERANCE * apart).sum()),
        "edge-loop": int((tail == head).sum()),
        "edge-path-ends": int((ends > 1e-9).sum()),
        "graph-in-pieces": components - 1 if graph.n_nodes else 0,
    }
    return Findings(
        tuple(
            Finding(f"trench-{rule}", Severity.ERROR, f"{count} cases", "report it as a bug")
            for rule, count in broken.items()
            if count
        )
    )
