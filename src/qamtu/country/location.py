"""Where a settlement lies: its region and district, by polygons, names and centres."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Severity
from qamtu.country.admin import Admin
from qamtu.country.names import LANGUAGES, comparable
from qamtu.country.settings import PackSettings

__all__ = ["district_by_polygon", "region_by_polygon", "settle_splits"]

_NEAR_M: Final = 20_000.0
_EARTH_M: Final = 6_371_008.8


def _points(table: pd.DataFrame) -> Any:
    return shapely.points(table["lon_deg"].to_numpy(), table["lat_deg"].to_numpy())


def region_by_polygon(table: pd.DataFrame, admin: Admin) -> NDArray[Any]:
    """Give the region whose polygon holds the point, else the nearest one."""
    points = _points(table)
    tree = shapely.STRtree(np.asarray(admin.regions_full.geometry.array))
    ids = admin.regions_full["region_id"].to_numpy()
    row, hit = tree.query(points, predicate="intersects")
    index = np.full(len(table), -1)
    index[row[::-1]] = hit[::-1]
    lost = np.flatnonzero(index < 0)
    index[lost] = tree.nearest(points[lost])
    return np.asarray(ids[index], dtype=object)


def district_by_polygon(table: pd.DataFrame, admin: Admin) -> tuple[pd.DataFrame, list[Finding]]:
    """Set the district by current borders, else the old unit by old borders of the region."""
    made = table.copy()
    points = _points(made)
    made["district_id"] = pd.Series([None] * len(made), dtype="object")
    made["district_source"] = pd.Series([None] * len(made), dtype="object")
    current = shapely.STRtree(np.asarray(admin.osm.geometry.array))
    row, hit = current.query(points, predicate="intersects")
    made.loc[row[::-1], "district_id"] = admin.osm["district_id"].to_numpy()[hit[::-1]]
    made.loc[row, "district_source"] = "osm"
    region_of = dict(zip(admin.osm["district_id"], admin.osm["region_id"], strict=True))
    theirs = made["district_id"].map(region_of)
    moved = theirs.notna() & (theirs != made["region_id"])
    made.loc[moved, "region_id"] = theirs[moved]
    made["old_unit"], near = _nearest_units(made, points, admin)
    close = made["district_id"].isna() & near.notna()
    made.loc[close, "district_id"] = near[close]
    made.loc[close, "district_source"] = "osm"
    single = admin.old["units"].str.len().to_numpy() == 1
    old = made["old_unit"].to_numpy()
    use = made["district_id"].isna().to_numpy() & (old >= 0)
    use[use] &= single[old[use]]
    made.loc[use, "district_id"] = [admin.old["units"].iloc[i][0] for i in old[use]]
    made.loc[use, "district_source"] = "old_borders"
    found = [
        Finding(
            "region-of-district", Severity.INFO,
            f"{int(moved.sum()):,} places lie by the regions' borders in one region and by the "
            "districts' borders in another: the district's region was taken",
            "nothing to mend; the two sets of borders differ by some kilometres", "settlements",
        )
    ] * bool(moved.any())  # fmt: skip
    return made, found


def _nearest_units(
    table: pd.DataFrame, points: Any, admin: Admin
) -> tuple[NDArray[np.int64], pd.Series[Any]]:
    """Give the unit of the place's own region that is nearest, 20 km away at most.

    Returns
    -------
    old
        Row of the old unit, −1 where there is none or a current one is nearer.
    current
        Id of the current unit, missing where an old one is as near.
    """
    old = np.full(len(table), -1, dtype=np.int64)
    current = np.full(len(table), None, dtype=object)
    regions = table["region_id"].to_numpy()
    limit = np.degrees(_NEAR_M / _EARTH_M)
    for region in admin.regions_full["region_id"]:
        mine = np.flatnonzero(regions == region)
        ancient = admin.old[admin.old["region_id"] == region]
        drawn = admin.osm[admin.osm["region_id"] == region]
        shapes = [*ancient.geometry.array, *drawn.geometry.array]
        if not shapes:
            continue
        row, hit = shapely.STRtree(shapes).query_nearest(points[mine], max_distance=limit)
        rows, first = np.unique(row, return_index=True)
        hits = hit[first]
        is_old = hits < len(ancient)
        old[mine[rows[is_old]]] = ancient.index.to_numpy()[hits[is_old]]
        ids = drawn["district_id"].to_numpy()
        current[mine[rows[~is_old]]] = ids[hits[~is_old] - len(ancient)]
    return old, pd.Series(current, index=table.index, dtype="object")


def settle_splits(table: pd.DataFrame, admin: Admin, settings: PackSettings) -> pd.DataFrame:
    """Send the places of shared old units to one of their successors by the unit's rule."""
    made = table.copy()
    strip = settings.settlements.strip
    open_rows = np.flatnonzero(made["district_id"].isna() & (made["old_unit"] >= 0))
    centres = _centres(made)
    name_to_id = {
        (d.region_id, d.name_kk): d.district_id for d in admin.districts.itertuples(index=False)
    }
    for i in open_rows:
        place = made.iloc[i]
        unit = admin.old.iloc[int(place["old_unit"])]
        names = {comparable(n, strip) for n in place[["name", *LANGUAGES]] if isinstance(n, str)}
        chosen: str | None = None
        for name, villages in unit["rule"].named.items():
            if names & {comparable(village, strip) for village in villages}:
                chosen = name_to_id[(unit["region_id"], name)]
        near = [c for c in unit["units"] if c in centres]
        if unit["rule"].nearest and near and chosen is None:
            point = (place["lat_deg"], place["lon_deg"])
            chosen = min(near, key=lambda c: _square(point, centres[c]))
        made.loc[i, "district_id"] = chosen or unit["units"][0]
        made.loc[i, "district_source"] = "old_borders_split"
    return made.drop(columns=["old_unit", "name"])


def _centres(table: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Give the point of each unit's largest official place."""
    rows = table[table["official_kind"].notna() & table["district_id"].notna()]
    rows = rows.sort_values("population_known", ascending=False).drop_duplicates("district_id")
    columns = (rows["district_id"], rows["lat_deg"], rows["lon_deg"])
    return {str(d): (float(a), float(b)) for d, a, b in zip(*columns, strict=True)}


def _square(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Give a distance squared, good enough to tell which of two centres is nearer."""
    east = (a[1] - b[1]) * np.cos(np.radians(a[0]))
    return float((a[0] - b[0]) ** 2 + east**2)
