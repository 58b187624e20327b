"""Rules for ids, geometries, networks and grids."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from qamtu.core.findings import Finding, Severity
from qamtu.country.rules import Rule, flagged
from qamtu.country.tables import TableKind

__all__ = [
    "check_geometry",
    "check_ids",
    "check_lines_swapped",
    "check_links",
    "check_network",
    "check_terrain",
]

_KINDS: Final = {
    "point": {"Point"},
    "line": {"LineString", "MultiLineString"},
    "polygon": {"Polygon", "MultiPolygon"},
}
_SHORT: Final = 0.98
_SAME_DEG: Final = 1e-5
_ABROAD_DEG: Final = 1.0
_GEOD: Final = Geod(ellps="WGS84")


def check_ids(table: pd.DataFrame, kind: TableKind, file: str) -> list[Finding]:
    """Find ids that name two rows."""
    if not kind.id_column or kind.id_column not in table.columns:
        return []
    ids = table[kind.id_column]
    rule = Rule("id-duplicate", Severity.ERROR, "give each row an id of its own", kind.id_column)
    first = {value: i + 2 for i, value in reversed(list(enumerate(ids)))}
    return flagged(
        rule, ids.notna() & ids.duplicated(),
        lambda i: f"{ids.iloc[i]!r} already names row {first[ids.iloc[i]]}", file,
    )  # fmt: skip


def check_geometry(table: pd.DataFrame, kind: TableKind, file: str) -> list[Finding]:
    """Find geometries that are missing, of the wrong kind, or invalid."""
    if kind.geometry == "none" or "geometry" not in table.columns:
        return []
    shapes = np.asarray(table["geometry"].array, dtype=object)
    missing = np.asarray(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    optional = kind.name == "districts"
    kinds = np.array([None if shape is None else shape.geom_type for shape in shapes])
    wrong = ~missing & ~np.isin(kinds.astype(str), list(_KINDS[kind.geometry]))
    invalid = ~missing & ~np.asarray(shapely.is_valid(shapes))
    bounds = shapely.bounds(shapes)
    off = ~missing & (np.abs(bounds[:, [1, 3]]).max(axis=1) > 90)
    off |= ~missing & (np.abs(bounds[:, [0, 2]]).max(axis=1) > 180)
    field = "geometry"
    found = [] if optional else flagged(
        Rule("geometry-missing", Severity.ERROR, f"draw a {kind.geometry}", field), missing,
        lambda _: "there is no geometry", file,
    )  # fmt: skip
    found += flagged(
        Rule("geometry-kind", Severity.ERROR, f"draw a {kind.geometry}", field), wrong,
        lambda i: f"the geometry is a {kinds[i]}", file,
    )  # fmt: skip
    found += flagged(
        Rule("geometry-off-globe", Severity.ERROR,
             "say the file's coordinate system, or give degrees (EPSG:4326)", field),
        off, lambda _: "coordinates are no degrees", file,
    )  # fmt: skip
    found += flagged(
        Rule("geometry-invalid", Severity.WARNING, "mend crossing or repeated rings", field),
        invalid, lambda i: str(shapely.is_valid_reason(shapes[i])), file,
    )  # fmt: skip
    return found


def check_network(table: pd.DataFrame, file: str) -> list[Finding]:
    """Find nodes that lie at two places, lengths below the straight line, and empty edges."""
    shapes = np.asarray(table["geometry"].array, dtype=object)
    lines = np.asarray(shapely.get_type_id(shapes) == 1)
    if not lines.all() or "length_m" not in table.columns:
        return []
    starts, ends = _points(shapely.get_point(shapes, 0)), _points(shapely.get_point(shapes, -1))
    _, _, apart = _GEOD.inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])
    straight = np.asarray(apart, dtype=np.float64)
    length = table["length_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    found = flagged(
        Rule("length-short", Severity.WARNING, "give the length along the line [m]", "length_m"),
        length < _SHORT * straight - 200.0,
        lambda i: f"length {length[i]:,.0f} m, but its ends lie {straight[i]:,.0f} m apart", file,
    )  # fmt: skip
    found += flagged(
        Rule("length-negative", Severity.ERROR, "give the length along the line [m]", "length_m"),
        length < 0, lambda i: f"the length is {length[i]:,.0f} m", file,
    )  # fmt: skip
    if {"node_from", "node_to"} <= set(table.columns):
        found += _scattered_nodes(table, starts, ends, file)
    return found


def _scattered_nodes(table: pd.DataFrame, starts: Any, ends: Any, file: str) -> list[Finding]:
    """Find node ids that stand for two points."""
    names = np.concatenate([table["node_from"].to_numpy(), table["node_to"].to_numpy()])
    points = np.concatenate([starts, ends])
    nodes = pd.DataFrame({"node": names, "lon": points[:, 0], "lat": points[:, 1]})
    groups = nodes.groupby("node")[["lon", "lat"]]
    spread = (groups.max() - groups.min()).max(axis=1)
    bad = set(spread.index[spread > _SAME_DEG])
    rule = Rule("node-scattered", Severity.ERROR,
                "the same node id must be the same point; split the line or rename the node",
                "node_from")  # fmt: skip
    rows = table["node_from"].isin(bad) | table["node_to"].isin(bad)
    return flagged(
        rule, rows, lambda i: f"{table['node_from'].iloc[i]!r} or {table['node_to'].iloc[i]!r} "
        "lies at two places", file,
    )  # fmt: skip


def _points(points: Any) -> Any:
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def check_lines_swapped(table: pd.DataFrame, file: str, territory: Any) -> list[Finding]:
    """Find lines far abroad that lie in the country if latitude and longitude are exchanged."""
    shapes = np.asarray(table["geometry"].array, dtype=object)
    near = territory.simplify(_ABROAD_DEG / 5).buffer(_ABROAD_DEG, quad_segs=2)
    shapely.prepare(near)
    outside = ~shapely.is_missing(shapes) & ~np.asarray(shapely.intersects(near, shapes))
    swapped = np.zeros(len(shapes), dtype=bool)
    if outside.any():
        turned = shapely.transform(shapes[outside], lambda points: points[:, ::-1])
        swapped[outside] = shapely.intersects(territory, turned)
    rule = Rule("line-swapped", Severity.ERROR,
                "give longitude first and latitude second in geometries", "geometry")  # fmt: skip
    return flagged(
        rule, swapped, lambda _: "the line lies in the country only with its coordinates exchanged",
        file,
    )  # fmt: skip


def check_links(table: pd.DataFrame, file: str, settlements: pd.DataFrame) -> list[Finding]:
    """Find fibre points that name a settlement which is in no table."""
    named = table["settlement_id"]
    rule = Rule("settlement-unknown", Severity.ERROR,
                "mend the id, or leave it out: the point is then joined by its coordinates",
                "settlement_id")  # fmt: skip
    return flagged(
        rule, named.notna() & ~named.isin(settlements["settlement_id"]),
        lambda i: f"there is no settlement {named.iloc[i]!r}", file,
    )  # fmt: skip


def check_terrain(table: pd.DataFrame, file: str) -> list[Finding]:
    """Find cells given twice, and heights and slopes that no ground has."""
    height = table["height_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    slope = table["slope_deg"].to_numpy(dtype=np.float64, na_value=np.nan)
    twice = table.duplicated(["lat_deg", "lon_deg"])
    return [
        *flagged(Rule("cell-twice", Severity.ERROR, "give each cell once", "lat_deg"), twice,
                 lambda _: "the cell is given twice", file),
        *flagged(Rule("height-absurd", Severity.ERROR, "give metres above the sea", "height_m"),
                 (height < -450) | (height > 8_900), lambda i: f"the height is {height[i]:,.0f} m",
                 file),
        *flagged(Rule("slope-absurd", Severity.ERROR, "give degrees, 0 to 90", "slope_deg"),
                 (slope < 0) | (slope > 90), lambda i: f"the slope is {slope[i]:,.1f} degrees",
                 file),
    ]  # fmt: skip
