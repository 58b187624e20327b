"""What a user's files say stands already: sites, and settlements that an access plan lights."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params
from qamtu.country import Pack
from qamtu.country.parquet import read_parquet
from qamtu.country.sites import SiteDefaults, read_sites
from qamtu.kernels.geodesy import EARTH_RADIUS_M, unit_vectors

__all__ = ["FAR_SITES", "lit_settlements", "plan_table", "standing_sites"]

FAR_SITES: Final = "site-far-from-roads"
"""Rule that tells how many of the sites given are not used."""

_LIT: Final = frozenset({"served", "fibre", "microwave"})
_PATTERNS: Final = frozenset({"antenna-unknown", "azimuth-missing", "antenna-other-frequency"})
_DENSE_DEG: Final = 0.02


def plan_table(folder: Path) -> Path:
    """Give the file of a plan's folder that is read."""
    return folder / "plan_settlements.parquet"


def lit_settlements(folder: Path, settlements: pd.DataFrame, found: list[Finding]) -> set[str]:
    """Read which settlements an access plan gives fibre or microwave.

    Parameters
    ----------
    folder
        The plan's.
    settlements
        All settlements of the pack.
    found
        Takes what is wrong with the file.
    """
    path = plan_table(folder)
    remedy = "make the plan anew: qamtu plan PACK --out DIR"

    def wrong(rule: str, what: str, mend: str, field: str | None = None) -> set[str]:
        found.append(Finding(rule, Severity.ERROR, what, mend, str(path), None, field))
        return set()

    try:
        table = read_parquet(path)
    except InputError:
        return wrong("plan-unreadable", "the file is no Parquet that can be read", remedy)
    for name in ("settlement_id", "option"):
        if name not in table.columns:
            there = ", ".join(str(c) for c in table.columns[:8])
            what = f"the column {name} is missing (there are {there}): this is no access plan"
            return wrong("column-missing", what, remedy, name)
    own = table["settlement_id"].astype("str")
    if not own.isin(settlements["settlement_id"].astype("str")).any():
        what = "none of the plan's settlements is one of the pack: it is of another country"
        return wrong("plan-foreign", what, "give the plan of this pack", "settlement_id")
    return set(own[table["option"].isin(_LIT)])


def standing_sites(
    path: Path, params: Params, pack: Pack, roads: gpd.GeoDataFrame, reach_km: float,
    found: list[Finding],
) -> pd.DataFrame | None:  # fmt: skip
    """Read the sites that stand, one row a mast: the highest of its antennas.

    Parameters
    ----------
    path
        The user's file.
    params, pack
        Height where a row says none; territory.
    roads
        Roads of the study.
    reach_km
        Distance from the roads beyond which a site neither serves nor joins anything [km].
    found
        Takes what is wrong or odd; sites left out are counted.
    """
    defaults = SiteDefaults(params.value("standing_site_height"), 0.5, {}, {}, {})
    table, told = read_sites(path, defaults, None, pack.territory)
    found += [f for f in told if f.id not in _PATTERNS and not _unused_default(f)]
    _tell_patterns(told, path, found)
    if {"site_id", "lat_deg", "lon_deg", "height_m"} - set(table.columns) or not len(table):
        return None
    masts = (
        pd.DataFrame(table)
        .groupby("site_id", sort=True)
        .agg(lat_deg=("lat_deg", "mean"), lon_deg=("lon_deg", "mean"), height_m=("height_m", "max"))
        .reset_index()
    )
    near = _near(masts, roads, reach_km)
    far = int((~near).sum())
    if far:
        found.append(
            Finding(FAR_SITES, Severity.INFO if near.any() else Severity.WARNING,
                    f"{far:,} of {len(masts):,} sites stand more than {reach_km:g} km from every "
                    "road of the study and are not used",
                    "nothing, if they serve other places; else look at their coordinates",
                    path.name)
        )  # fmt: skip
    return masts[near].reset_index(drop=True)


def _unused_default(finding: Finding) -> bool:
    """Tell whether a default was taken for what the corridors do not read."""
    return finding.id == "site-default" and finding.field != "height_m"


def _tell_patterns(told: Findings, path: Path, found: list[Finding]) -> None:
    """Say once that antennas of standing sites are not read."""
    if any(f.id in _PATTERNS for f in told):
        found.append(
            Finding("site-pattern-unused", Severity.INFO,
                    "the antennas that the column pattern names are not used: a site of today "
                    "counts as serving all around with a sector's gain",
                    "see qamtu coverage for what its own antennas cover", path.name, None,
                    "pattern")
        )  # fmt: skip


def _near(masts: pd.DataFrame, roads: gpd.GeoDataFrame, reach_km: float) -> NDArray[np.bool_]:
    """Tell which masts stand within reach of a road; all where there is none."""
    lines = np.asarray(roads.geometry.array) if len(roads) else np.zeros(0, dtype=object)
    points = shapely.get_coordinates(shapely.segmentize(lines, _DENSE_DEG))
    place = masts[["lat_deg", "lon_deg"]].to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(place).all(axis=1)
    if not len(points) or not known.any():
        return np.ones(len(masts), dtype=bool)
    tree = cKDTree(unit_vectors(points[:, 1], points[:, 0]))
    away, _ = tree.query(unit_vectors(place[known, 0], place[known, 1]))
    near = np.ones(len(masts), dtype=bool)
    near[known] = 2.0 * np.arcsin(np.minimum(away / 2.0, 1.0)) * EARTH_RADIUS_M <= 1e3 * reach_km
    return near
