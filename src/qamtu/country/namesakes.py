"""Namesakes close to each other: one place drawn twice, or two places to look at."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from qamtu.core.findings import Finding, Severity
from qamtu.country.names import comparable

__all__ = ["close_namesakes", "parts_of_places"]

_EARTH_M: Final = 6_371_008.8
_NAMES: Final = ("name_kk", "name_ru")


def close_namesakes(
    table: pd.DataFrame, limit_m: float, strip: tuple[str, ...] = ()
) -> list[tuple[int, int, float]]:
    """Give the pairs of rows of one name in one region that lie nearer than a limit.

    Parameters
    ----------
    table
        ``lat_deg``, ``lon_deg``, ``region_id``, ``name_kk``, ``name_ru``.
    limit_m
        Greatest distance [m], straight through the Earth (differs by less than 1 mm here).
    strip
        Words for kinds of places that are no part of a name.

    Returns
    -------
    pairs
        First row, second row, distance [m], sorted.
    """
    lat, lon = np.radians(table["lat_deg"].to_numpy()), np.radians(table["lon_deg"].to_numpy())
    points = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    good = np.flatnonzero(np.isfinite(points).all(axis=1))
    tree = cKDTree(points[good] * _EARTH_M)
    names = [
        {comparable(name, strip) for name in row if isinstance(name, str)} - {""}
        for row in table[list(_NAMES)].itertuples(index=False)
    ]
    regions = table["region_id"].to_numpy()
    pairs = []
    for a, b in sorted(tree.query_pairs(limit_m)):
        i, j = int(good[a]), int(good[b])
        if names[i] & names[j] and regions[i] == regions[j]:
            gap = float(np.linalg.norm(points[i] - points[j]) * _EARTH_M)
            pairs.append((i, j, gap))
    return pairs


def parts_of_places(
    table: pd.DataFrame, limit_m: float, strip: tuple[str, ...]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Take a namesake without a number for a part of its neighbour that has one.

    Other close namesakes are left as they are and found.

    Returns
    -------
    table
        With ``part_of``: the id of the place that a row is a part of, else missing.
    findings
        One a pair.
    """
    made = table.copy()
    ids = made["settlement_id"].to_numpy()
    known = made["population_known"].notna().to_numpy()
    isolated = (made["kind"] == "isolated").to_numpy()
    part_of = np.full(len(made), None, dtype=object)
    found: list[Finding] = []
    for i, j, gap in close_namesakes(made, limit_m, strip):
        if isolated[i] or isolated[j]:
            continue
        name = made["name_kk"].iloc[i]
        merged = known[i] != known[j]
        if merged:
            whole, part = (i, j) if known[i] else (j, i)
            part_of[part] = ids[whole]
            what = f"{name!r} ({ids[part]}) lies {gap:,.0f} m from its namesake {ids[whole]}, "
            what += "which alone has a population: taken for a part of it, out of the plan"
        else:
            what = f"{name!r} ({ids[i]}) and its namesake {ids[j]} lie {gap:,.0f} m apart: "
            what += "both were kept"
        found.append(
            Finding(
                "namesake-merged" if merged else "namesake-near", Severity.INFO, what,
                "if that is wrong, give both in your own settlements table", "settlements",
            )
        )  # fmt: skip
    made["part_of"] = part_of
    return made, found
