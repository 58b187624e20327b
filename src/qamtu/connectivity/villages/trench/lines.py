"""Lines that fibre can follow or already does, from tables to arrays: roads, railways, fibre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from qamtu.connectivity.villages.trench.graph import EdgeKind, NodeKind
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.geodesy import along_polyline_m

__all__ = ["Lines", "join_lines", "read_lines"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SHORT_SHARE = 0.99
_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines between line nodes: l lines, k nodes, v vertices.

    Parameters
    ----------
    kind
        `EdgeKind` of each line, int8[l].
    tail, head
        Line nodes at its ends, int64[l].
    length_m
        Length, never less than the drawn line's [m], float64[l].
    stated
        Whether the length was stated by a source that may draw the line simplified, bool[l].
    offset
        Vertices of line ``i`` are ``offset[i]:offset[i + 1]``, int64[l + 1].
    lat, lon, along_m
        Vertices [deg] and distance from the line's start along the drawn line [m], float64[v].
    node_lat, node_lon, node_kind
        Line nodes [deg], `NodeKind`, [k].
    """

    kind: NDArray[np.int8]
    tail: Ints
    head: Ints
    length_m: Floats
    stated: NDArray[np.bool_]
    offset: Ints
    lat: Floats
    lon: Floats
    along_m: Floats
    node_lat: Floats
    node_lon: Floats
    node_kind: NDArray[np.int8]

    @property
    def drawn_m(self) -> Floats:
        """Length of each line as drawn [m], float64[l]."""
        return self.along_m[self.offset[1:] - 1]

    def keep(self, lines: NDArray[np.bool_]) -> Lines:
        """Give a part of the lines, bool[l]; nodes stay."""
        count = np.diff(self.offset)
        vertices = np.repeat(lines, count)
        return Lines(
            kind=self.kind[lines],
            tail=self.tail[lines],
            head=self.head[lines],
            length_m=self.length_m[lines],
            stated=self.stated[lines],
            offset=np.concatenate([[0], np.cumsum(count[lines])]).astype(np.int64),
            lat=self.lat[vertices],
            lon=self.lon[vertices],
            along_m=self.along_m[vertices],
            node_lat=self.node_lat,
            node_lon=self.node_lon,
            node_kind=self.node_kind,
        )


def read_lines(table: pd.DataFrame | None, kind: EdgeKind, file: str) -> tuple[Lines, Findings]:
    """Read a table of lines: geometry, and where it has them length_m, node_from, node_to.

    A line without a stated length gets its geodesic one; a stated length below the drawn line's
    is raised to it. Without ids of nodes, lines meet where their ends have equal coordinates.

    Parameters
    ----------
    table
        One row a line, or None.
    kind
        What its edges will be.
    file
        Name that the findings give as the place.
    """
    node_kind = NodeKind.FIBRE if kind is EdgeKind.EXISTING else NodeKind.ROAD
    if table is None or not len(table):
        return _no_lines(), Findings()
    geometry = np.asarray(table["geometry"], dtype=object)
    parts, row = shapely.get_parts(shapely.line_merge(geometry), return_index=True)
    usable = shapely.get_num_coordinates(parts) >= 2
    parts, row = parts[usable], row[usable]
    points, line = shapely.get_coordinates(parts, return_index=True)
    offset = np.searchsorted(line, np.arange(len(parts) + 1)).astype(np.int64)
    lat, lon = np.ascontiguousarray(points[:, 1]), np.ascontiguousarray(points[:, 0])
    along = along_polyline_m(offset, lat, lon)
    drawn = along[offset[1:] - 1]
    length, found = _lengths(table, row, drawn, file)
    first, last = offset[:-1], offset[1:] - 1
    codes, n_nodes = _node_codes(table, row, len(geometry), lat, lon, first, last)
    place = np.empty(n_nodes, dtype=np.int64)
    place[codes] = np.concatenate([first, last])
    lines = Lines(
        kind=np.full(len(parts), kind, dtype=np.int8),
        tail=codes[: len(parts)],
        head=codes[len(parts) :],
        length_m=length,
        stated=_stated(table)[row],
        offset=offset,
        lat=lat,
        lon=lon,
        along_m=along,
        node_lat=lat[place],
        node_lon=lon[place],
        node_kind=np.full(n_nodes, node_kind, dtype=np.int8),
    )
    return lines.keep((lines.tail != lines.head) & (drawn > 0)), found


def _no_lines() -> Lines:
    real, whole = np.zeros(0), np.zeros(0, dtype=np.int64)
    small = np.zeros(0, dtype=np.int8)
    start = np.zeros(1, dtype=np.int64)
    never = np.zeros(0, dtype=bool)
    return Lines(small, whole, whole, real, never, start, real, real, real, real, real, small)


def _stated(table: pd.DataFrame) -> NDArray[np.bool_]:
    if "length_source" not in table.columns:
        return np.zeros(len(table), dtype=bool)
    return (table["length_source"] == "stated").to_numpy(dtype=bool)


def _lengths(table: pd.DataFrame, row: Ints, drawn: Floats, file: str) -> tuple[Floats, Findings]:
    """Share a row's stated length out to its parts; raise what is shorter than drawn."""
    if "length_m" not in table.columns:
        return drawn, Findings()
    stated = pd.to_numeric(table["length_m"]).to_numpy(dtype=np.float64, na_value=np.nan)
    whole = np.bincount(row, weights=drawn, minlength=len(table))
    share = drawn / np.where(whole[row] > 0, whole[row], 1.0)
    length = np.where(np.isfinite(stated[row]) & (stated[row] > 0), stated[row] * share, drawn)
    short = length < _SHORT_SHARE * drawn
    made = np.maximum(length, drawn)
    if not short.any():
        return made, Findings()
    finding = Finding(
        "length-below-straight-line",
        Severity.INFO,
        f"{int(short.sum())} of {len(length)} stated lengths are below the line as drawn, "
        f"by {float((drawn - length)[short].sum()) / 1000:,.0f} km in all",
        "the drawn length is used; mend length_m or the geometry",
        file,
        None,
        "length_m",
    )
    return made, Findings((finding,))


def _node_codes(
    table: pd.DataFrame,
    row: Ints,
    n_rows: int,
    lat: Floats,
    lon: Floats,
    first: Ints,
    last: Ints,
) -> tuple[Ints, int]:
    """Give the ends numbers: all tails, then all heads."""
    named = {"node_from", "node_to"} <= set(table.columns) and len(row) == n_rows
    keys: Any
    if named and not table[["node_from", "node_to"]].isna().to_numpy().any():
        keys = np.concatenate(
            [table[c].to_numpy(dtype=object)[row] for c in ("node_from", "node_to")]
        )
    else:
        at = np.concatenate([first, last])
        keys = np.round(lat[at], _DIGITS) + 1j * np.round(lon[at], _DIGITS)
    codes, names = pd.factorize(keys)
    return codes.astype(np.int64), len(names)


def join_lines(parts: Sequence[Lines]) -> Lines:
    """Put lines of several tables into one, nodes in the order of the parts."""
    nodes = np.concatenate([[0], np.cumsum([len(p.node_lat) for p in parts])]).astype(np.int64)
    vertices = np.concatenate([[0], np.cumsum([len(p.lat) for p in parts])]).astype(np.int64)
    offsets = [p.offset[:-1] + v for p, v in zip(parts, vertices[:-1], strict=True)]
    return Lines(
        kind=np.concatenate([p.kind for p in parts]),
        tail=np.concatenate([p.tail + n for p, n in zip(parts, nodes[:-1], strict=True)]),
        head=np.concatenate([p.head + n for p, n in zip(parts, nodes[:-1], strict=True)]),
        length_m=np.concatenate([p.length_m for p in parts]),
        stated=np.concatenate([p.stated for p in parts]),
        offset=np.concatenate([*offsets, vertices[-1:]]),
        lat=np.concatenate([p.lat for p in parts]),
        lon=np.concatenate([p.lon for p in parts]),
        along_m=np.concatenate([p.along_m for p in parts]),
        node_lat=np.concatenate([p.node_lat for p in parts]),
        node_lon=np.concatenate([p.node_lon for p in parts]),
        node_kind=np.concatenate([p.node_kind for p in parts]),
    )
