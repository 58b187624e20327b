"""Whole roads out of a network of edges: at a junction a road runs on where it bends least.

A gap in the coverage does not end at a junction, so the edges are joined to long roads first
("strokes": R. C. Thomson and D. E. Richardson, *The good continuation principle of perceptual
organization applied to the generalization of road networks*, ICC 1999).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from qamtu.kernels.geodesy import along_polyline_m

__all__ = ["Roads", "join_roads", "usable_edges"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_BEND_MAX_DEG = 60.0


@dataclass(frozen=True, slots=True)
class Roads:
    """Whole roads as chains of vertices; r roads, v vertices, e edges.

    Parameters
    ----------
    offset
        Road ``i`` has the vertices ``offset[i]:offset[i + 1]``, int64[r + 1].
    lat_deg, lon_deg
        Vertices [deg], float64[v].
    along_m
        Distance of each vertex from the start of its road along the road [m]; the real length of
        each edge, which may be longer than it is drawn, is spread evenly over it, float64[v].
    edge
        Row in the table of edges that leads from the vertex to the next; -1 at a road's end,
        int64[v].
    node
        Number of the network's node at the vertex; -1 inside an edge, int64[v].
    first_edge
        First edge of each road in the order of the table: its name, int64[r].
    edges
        Number of edges of each road, int64[r].
    """

    offset: Ints
    lat_deg: Floats
    lon_deg: Floats
    along_m: Floats
    edge: Ints
    node: Ints
    first_edge: Ints
    edges: Ints

    @property
    def count(self) -> int:
        """Number of roads."""
        return len(self.offset) - 1

    @property
    def length_m(self) -> Floats:
        """Length of each road [m], float64[r]."""
        return np.asarray(self.along_m[self.offset[1:] - 1])

    def places(self, road: Ints, along_m: Floats) -> tuple[Floats, Floats, Ints]:
        """Give latitude, longitude [deg] and edge of places along roads.

        Parameters
        ----------
        road, along_m
            Road and distance from its start [m], shape (k,) each.
        """
        base = np.concatenate(([0.0], np.cumsum(self.length_m + 1.0)))
        road_of = np.repeat(np.arange(self.count), np.diff(self.offset))
        key = base[road_of] + self.along_m
        wanted = base[road] + np.clip(along_m, 0.0, self.length_m[road])
        at = np.searchsorted(key, wanted, side="right") - 1
        at = np.clip(at, self.offset[road], self.offset[road + 1] - 2)
        span = key[at + 1] - key[at]
        share = np.clip((wanted - key[at]) / np.where(span > 0.0, span, 1.0), 0.0, 1.0)
        lat = self.lat_deg[at] + share * (self.lat_deg[at + 1] - self.lat_deg[at])
        lon = self.lon_deg[at] + share * (self.lon_deg[at + 1] - self.lon_deg[at])
        return lat, lon, self.edge[at]

    def line(self, road: int, from_m: float, to_m: float) -> shapely.LineString:
        """Draw a piece of a road between two distances from its start [m]."""
        first, last = self.offset[road], self.offset[road + 1]
        ends = np.array([from_m, to_m])
        lat, lon, _ = self.places(np.full(2, road), ends)
        along = self.along_m[first:last]
        inner = np.flatnonzero((along > from_m) & (along < to_m)) + first
        points = np.column_stack(
            (
                np.concatenate((lon[:1], self.lon_deg[inner], lon[1:])),
                np.concatenate((lat[:1], self.lat_deg[inner], lat[1:])),
            )
        )
        return shapely.LineString(points)


def usable_edges(roads: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which edges can be walked: a line with a length above 0."""
    shapes = np.asarray(roads.geometry.array)
    line = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    drawn = line & (shapely.length(shapes) > 0.0)
    length = roads["length_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(drawn & np.isfinite(length) & (length > 0.0))


def join_roads(roads: gpd.GeoDataFrame) -> Roads:
    """Join edges to whole roads. O(e log e) beside the reading of the lines.

    Parameters
    ----------
    roads
        Edges of the contract, all usable (`usable_edges`).
    """
    lines = np.asarray(roads.geometry.array)
    nodes = _end_nodes(roads, lines)
    partner = _partners(nodes, _end_azimuths(lines))
    chains = _chains(len(lines), partner)
    return _assemble(lines, roads["length_m"].to_numpy(dtype=np.float64), nodes, chains)


def _end_nodes(roads: gpd.GeoDataFrame, lines: NDArray[np.object_]) -> Ints:
    """Number the nodes at both ends of each edge, int64[e, 2]; by place where they have no id."""
    named = {"node_from", "node_to"} <= set(roads.columns)
    if named and not roads[["node_from", "node_to"]].isna().to_numpy().any():
        names = roads[["node_from", "node_to"]].astype("str").to_numpy().ravel()
    else:
        ends = np.stack([shapely.get_coordinates(shapely.get_point(lines, i)) for i in (0, -1)], 1)
        names = np.array([f"{x:.5f} {y:.5f}" for x, y in ends.reshape(-1, 2)])
    _, number = np.unique(names, return_inverse=True)
    return np.asarray(number, dtype=np.int64).reshape(-1, 2)


def _end_azimuths(lines: NDArray[np.object_]) -> Floats:
    """Direction in which each edge leaves its first and its last point [deg], float64[e, 2]."""
    made = []
    for tip, then in ((0, 1), (-1, -2)):
        a = shapely.get_coordinates(shapely.get_point(lines, tip))
        b = shapely.get_coordinates(shapely.get_point(lines, then))
        east = (b[:, 0] - a[:, 0]) * np.cos(np.radians(a[:, 1]))
        made.append(np.degrees(np.arctan2(east, b[:, 1] - a[:, 1])))
    return np.stack(made, axis=1)


def _partners(nodes: Ints, azimuth: Floats) -> Ints:
    """Pair the edge ends that run on into each other, int64[2e]; -1 where a road ends.

    End ``2 e`` is the first point of edge ``e``, end ``2 e + 1`` its last.
    """
    at_node: dict[int, list[int]] = defaultdict(list)
    for end, node in enumerate(nodes.ravel().tolist()):
        at_node[node].append(end)
    leaving = azimuth.ravel().tolist()
    partner = np.full(len(leaving), -1, dtype=np.int64)
    for ends in at_node.values():
        pairs = sorted(
            (_bend(leaving[a], leaving[b]), a, b)
            for i, a in enumerate(ends)
            for b in ends[i + 1 :]
            if a // 2 != b // 2
        )
        for bend, a, b in pairs:
            two = len(ends) == 2  # nowhere else to go, so any bend is the road's own
            if (bend <= _BEND_MAX_DEG or two) and partner[a] < 0 and partner[b] < 0:
                partner[a], partner[b] = b, a
    return partner


def _bend(a: float, b: float) -> float:
    """Angle [deg] by which a road bends that comes from direction a and leaves towards b."""
    return abs(180.0 - abs((a - b) % 360.0))


def _chains(count: int, partner: Ints) -> list[list[int]]:
    """Follow the pairs: each chain lists the ends at which its edges are entered."""
    seen = np.zeros(count, dtype=bool)
    chains: list[list[int]] = []
    open_ends = np.flatnonzero(partner < 0).tolist()
    for start in [*open_ends, *range(0, 2 * count, 2)]:  # then what is closed to a ring
        if seen[start // 2]:
            continue
        chain: list[int] = []
        end = start
        while end >= 0 and not seen[end // 2]:
            seen[end // 2] = True
            chain.append(end)
            end = int(partner[end ^ 1])
        chains.append(chain)
    return sorted(chains, key=lambda chain: min(end // 2 for end in chain))


def _assemble(
    lines: NDArray[np.object_], length: Floats, nodes: Ints, chains: list[list[int]]
) -> Roads:
    coordinates, index = shapely.get_coordinates(lines, return_index=True)
    first = np.concatenate(([0], np.cumsum(np.bincount(index, minlength=len(lines)))))
    drawn = along_polyline_m(
        first, np.ascontiguousarray(coordinates[:, 1]), np.ascontiguousarray(coordinates[:, 0])
    )
    points: list[Floats] = []
    along: list[Floats] = []
    edge: list[Ints] = []
    node: list[Ints] = []
    offset = [0]
    for chain in chains:
        start = 0.0
        for place, end in enumerate(chain):
            e = end // 2
            piece = slice(first[e], first[e + 1])
            xy, way = coordinates[piece], drawn[piece]
            real = way * (length[e] / way[-1])
            if end % 2:
                xy, real = xy[::-1], length[e] - real[::-1]
            last = place == len(chain) - 1
            keep = slice(None) if last else slice(0, -1)
            points.append(xy[keep])
            along.append(start + real[keep])
            number = np.full(len(xy), e, dtype=np.int64)
            number[-1] = -1
            edge.append(number[keep])
            met = np.full(len(xy), -1, dtype=np.int64)
            met[0], met[-1] = nodes[e, end % 2], nodes[e, 1 - end % 2]
            node.append(met[keep])
            start += float(length[e])
        offset.append(offset[-1] + sum(len(p) for p in points[len(points) - len(chain) :]))
    flat = np.concatenate(points) if points else np.zeros((0, 2))
    return Roads(
        offset=np.array(offset, dtype=np.int64),
        lat_deg=np.ascontiguousarray(flat[:, 1]),
        lon_deg=np.ascontiguousarray(flat[:, 0]),
        along_m=np.concatenate(along) if along else np.zeros(0),
        edge=np.concatenate(edge) if edge else np.zeros(0, np.int64),
        node=np.concatenate(node) if node else np.zeros(0, np.int64),
        first_edge=np.array([min(end // 2 for end in chain) for chain in chains], dtype=np.int64),
        edges=np.array([len(chain) for chain in chains], dtype=np.int64),
    )
