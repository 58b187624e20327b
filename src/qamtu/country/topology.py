"""Lines as a network: cut where they touch, named at their ends, measured on the ellipsoid."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

__all__ = ["complete_network", "split_at_shared_points"]

_GEOD: Final = Geod(ellps="WGS84")
_DIGITS: Final = 6


def complete_network(table: gpd.GeoDataFrame, id_column: str) -> gpd.GeoDataFrame:
    """Make edges of lines: every edge has a length [m] and a node at either end.

    Lines of several parts become several edges. Where the table names no nodes, lines are cut at
    points that they share and nodes are named by their coordinates to a millionth of a degree
    (0.1 m); where it names nodes, lines stay whole. A stated length stays with a line that was not
    cut and is shared in proportion among the pieces of one that was.

    Parameters
    ----------
    table
        Lines in EPSG:4326 with the columns of the contract of roads or railways.
    id_column
        ``road_id`` or ``rail_id``; pieces get the id with ``.0``, ``.1`` ….
    """
    made = _single_parts(table, id_column)
    if made[["node_from", "node_to"]].isna().any(axis=None):
        made = split_at_shared_points(made, id_column)
        shapes: Any = np.asarray(made.geometry.array, dtype=object)
        for column, end in (("node_from", 0), ("node_to", -1)):
            names = pd.Series(_node_ids(shapely.get_point(shapes, end)), index=made.index)
            made[column] = made[column].astype("object").fillna(names).astype("str")
    stated = made["length_m"].notna()
    drawn = [round(float(_GEOD.geometry_length(line)), 1) for line in made.geometry.array[~stated]]
    made.loc[~stated, "length_m"] = drawn
    made["length_source"] = np.where(stated, "stated", "geodesic")
    return made


def split_at_shared_points(table: gpd.GeoDataFrame, id_column: str) -> gpd.GeoDataFrame:
    """Cut lines at every vertex that two of them, or one of them twice, pass through.

    Complexity: linear in the vertices but for their sorting.
    """
    shapes: Any = np.asarray(table.geometry.array, dtype=object)
    points, line = shapely.get_coordinates(shapes, return_index=True)
    _, node, uses = np.unique(
        points.round(_DIGITS), axis=0, return_inverse=True, return_counts=True
    )
    shared = uses[node.reshape(-1)] > 1
    starts = np.searchsorted(line, np.arange(len(shapes) + 1))
    source: list[int] = []
    pieces: list[Any] = []
    part: list[int] = []
    for i, (begin, end) in enumerate(pairwise(starts)):
        inner = np.flatnonzero(shared[begin + 1 : end - 1]) + 1
        cuts = [0, *inner.tolist(), end - begin - 1]
        for j, (a, b) in enumerate(pairwise(cuts)):
            source.append(i)
            part.append(j)
            whole = len(cuts) == 2
            pieces.append(
                shapes[i] if whole else shapely.linestrings(points[begin + a : begin + b + 1])
            )
    made = table.iloc[source].reset_index(drop=True)
    cut = np.bincount(source, minlength=len(shapes))[source] > 1
    made.geometry = gpd.GeoSeries(pieces, crs=table.crs)
    share = shapely.length(np.array(pieces, dtype=object)) / shapely.length(shapes)[source]
    made["length_m"] = np.where(cut, (made["length_m"] * share).round(1), made["length_m"])
    made[id_column] = _piece_ids(made[id_column], part, cut)
    return made


def _single_parts(table: gpd.GeoDataFrame, id_column: str) -> gpd.GeoDataFrame:
    """Give lines of several parts a row a part; their lengths are measured again."""
    many = (table.geometry.geom_type == "MultiLineString").to_numpy()
    if not many.any():
        return table.copy()
    count = np.where(many, shapely.get_num_geometries(np.asarray(table.geometry.array)), 1)
    made = table.explode(ignore_index=True)
    cut = np.repeat(count > 1, count)
    made.loc[cut, ["length_m", "node_from", "node_to"]] = None
    part = [j for n in count for j in range(n)]
    made[id_column] = _piece_ids(made[id_column], part, cut)
    return made


def _piece_ids(ids: pd.Series[Any], part: list[int], cut: Any) -> list[str]:
    return [f"{i}.{j}" if c else str(i) for i, j, c in zip(ids, part, cut, strict=True)]


def _node_ids(points: Any) -> list[str]:
    lat, lon = shapely.get_y(points), shapely.get_x(points)
    return [f"{y:.6f},{x:.6f}" for y, x in zip(lat, lon, strict=True)]
