"""Lines cut at their junctions; every piece gets its share of the stated length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.villages.trench.lines import Lines
from qamtu.kernels.geodesy import along_polyline_m

__all__ = ["Pieces", "cut_lines"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of lines, e of them, and the places of the g junctions.

    Parameters
    ----------
    tail, head
        Ends: line node ``t``, or junction ``g`` as ``k + g`` with k line nodes, int64[e].
    kind
        `EdgeKind`, int8[e].
    length_m
        Share of the line's length [m], float64[e].
    offset, lat, lon
        Polylines [deg], tail to head.
    junction_lat, junction_lon
        Places of the junctions [deg], float64[g].
    """

    tail: Ints
    head: Ints
    kind: NDArray[np.int8]
    length_m: Floats
    offset: Ints
    lat: Floats
    lon: Floats
    junction_lat: Floats
    junction_lon: Floats


def cut_lines(lines: Lines, cut_line: Ints, cut_along: Floats) -> Pieces:
    """Cut lines at places on them; O(v log v) for v vertices and cuts.

    Parameters
    ----------
    lines
        The lines.
    cut_line
        Line of each cut, ascending, int64[g].
    cut_along
        Place of the cut from the line's start [m], strictly inside, ascending, float64[g].
    """
    if not len(lines.kind):
        return _no_pieces()
    n_lines, n_cuts, n_nodes = len(lines.kind), len(cut_line), len(lines.node_lat)
    owner = np.repeat(np.arange(n_lines), np.diff(lines.offset))
    base = np.concatenate([[0.0], np.cumsum(lines.drawn_m + 1.0)])
    ruler = lines.along_m + base[owner]
    at = cut_along + base[cut_line]
    cut_lat, cut_lon = np.interp(at, ruler, lines.lat), np.interp(at, ruler, lines.lon)

    # vertices and cuts in one row, each cut twice: the end of a piece and the start of the next
    is_cut = np.concatenate([np.zeros(len(owner), bool), np.ones(n_cuts, bool)])
    order = np.lexsort((is_cut, np.concatenate([ruler, at]), np.concatenate([owner, cut_line])))
    twice = np.repeat(order, 1 + is_cut[order])
    second = np.concatenate([[False], twice[1:] == twice[:-1]])
    begins = second | np.isin(twice, lines.offset[:-1])
    start = np.flatnonzero(begins)
    offset = np.concatenate([start, [len(twice)]]).astype(np.int64)
    lat = np.concatenate([lines.lat, cut_lat])[twice]
    lon = np.concatenate([lines.lon, cut_lon])[twice]

    first, last = twice[offset[:-1]], twice[offset[1:] - 1]
    line = np.concatenate([owner, cut_line])[first]
    drawn = along_polyline_m(offset, lat, lon)[offset[1:] - 1]
    whole = np.bincount(line, weights=drawn, minlength=n_lines)
    junction = n_nodes - len(owner)
    return Pieces(
        tail=np.where(is_cut[first], first + junction, lines.tail[line]),
        head=np.where(is_cut[last], last + junction, lines.head[line]),
        kind=lines.kind[line],
        length_m=lines.length_m[line] * drawn / whole[line],
        offset=offset,
        lat=lat,
        lon=lon,
        junction_lat=cut_lat,
        junction_lon=cut_lon,
    )


def _no_pieces() -> Pieces:
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    small, start = np.zeros(0, dtype=np.int8), np.zeros(1, dtype=np.int64)
    return Pieces(whole, whole, small, real, start, real, real, real, real)
