"""Rules for tables of points: coordinates, people, names, regions, distances."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from qamtu.core.findings import Finding, Severity
from qamtu.country.rules import Rule, flagged

__all__ = [
    "check_coordinates",
    "check_far",
    "check_households",
    "check_names",
    "check_people",
    "check_sums",
    "check_units",
]

_EARTH_M: Final = 6_371_008.8
_BORDER_DEG: Final = 0.05
_FAR_M: Final = 150_000.0
_MOST_PEOPLE: Final = 30_000_000


def check_coordinates(table: pd.DataFrame, file: str, territory: Any | None) -> list[Finding]:
    """Find coordinates off the globe, swapped, or outside the territory by over 5 km."""
    lat = table["lat_deg"].to_numpy(dtype=np.float64, na_value=np.nan)
    lon = table["lon_deg"].to_numpy(dtype=np.float64, na_value=np.nan)
    given = np.isfinite(lat) & np.isfinite(lon)
    off = given & ((np.abs(lat) > 90) | (np.abs(lon) > 180))
    near = None if territory is None else territory.buffer(_BORDER_DEG, quad_segs=2)
    outside = np.zeros(len(table), dtype=bool)
    swapped = np.zeros(len(table), dtype=bool)
    if near is not None:
        shapely.prepare(near)
        outside = given & ~shapely.contains_xy(near, lon, lat)
        swapped = outside & shapely.contains_xy(near, lat, lon)

    def where(i: int) -> str:
        return f"lat {lat[i]:.5f}, lon {lon[i]:.5f}"

    return [
        *flagged(
            Rule("coordinate-swapped", Severity.ERROR,
                 "exchange the columns lat_deg and lon_deg of this row", "lat_deg"),
            swapped, lambda i: f"{where(i)} lies in the country only if the two are exchanged",
            file,
        ),
        *flagged(
            Rule("coordinate-range", Severity.ERROR,
                 "give latitude -90 to 90 and longitude -180 to 180 in degrees", "lat_deg"),
            off & ~swapped, lambda i: f"{where(i)} is no place on Earth", file,
        ),
        *flagged(
            Rule("place-outside", Severity.ERROR,
                 "mend the coordinates, or leave the row out", "lat_deg"),
            outside & ~swapped & ~off, lambda i: f"{where(i)} lies outside the country", file,
        ),
    ]  # fmt: skip


def check_people(table: pd.DataFrame, file: str, regions: pd.DataFrame | None) -> list[Finding]:
    """Find negative populations and such as no settlement or region can have."""
    people = table["population"].to_numpy(dtype=np.float64, na_value=np.nan)
    most = np.full(len(table), float(_MOST_PEOPLE))
    if regions is not None and {"region_id", "population"} <= set(regions.columns):
        by_region = regions.set_index("region_id")["population"].astype("Float64")
        limit = table["region_id"].map(by_region).to_numpy(dtype=np.float64, na_value=np.nan)
        most = np.fmin(most, limit)
    return [
        *flagged(
            Rule("population-negative", Severity.ERROR, "give 0 or more people", "population"),
            people < 0, lambda i: f"the population is {people[i]:,.0f}", file,
        ),
        *flagged(
            Rule("population-absurd", Severity.ERROR,
                 "give the people of the settlement alone", "population"),
            people > most,
            lambda i: f"the population {people[i]:,.0f} is above {most[i]:,.0f}, that of its "
            "region or of any city on Earth", file,
        ),
    ]  # fmt: skip


def check_households(table: pd.DataFrame, file: str) -> list[Finding]:
    """Find more households than people, and people without a household."""
    people = table["population"].to_numpy(dtype=np.float64, na_value=np.nan)
    homes = table["households"].to_numpy(dtype=np.float64, na_value=np.nan)
    rule = Rule("households-odd", Severity.WARNING,
                "give households, or leave the column out", "households")  # fmt: skip
    odd = (homes > people) | (homes < 0) | ((homes == 0) & (people > 0))
    return flagged(
        rule, odd, lambda i: f"{homes[i]:,.0f} households for {people[i]:,.0f} people", file
    )


def check_names(table: pd.DataFrame, file: str) -> list[Finding]:
    """Find settlements of the plan without any name."""
    columns = [c for c in ("name_kk", "name_ru", "name_en") if c in table.columns]
    nameless = table[columns].isna().all(axis=1) if columns else pd.Series(True, table.index)  # noqa: FBT003
    planned = table["in_plan"].fillna(True).astype(bool) if "in_plan" in table else True  # noqa: FBT003
    rule = Rule("name-missing", Severity.WARNING, "give a name in one language", "name_kk")
    ids = table["settlement_id"].to_numpy()
    return flagged(rule, nameless & planned, lambda i: f"{ids[i]} has no name", file)


def check_units(
    table: pd.DataFrame, file: str, regions: pd.DataFrame | None, districts: pd.DataFrame | None
) -> list[Finding]:
    """Find regions and districts that are in no table, and districts of another region."""
    found: list[Finding] = []
    region = table["region_id"]
    if regions is not None:
        known = ", ".join(regions["region_id"].astype("str").head(8))
        found += flagged(
            Rule("region-unknown", Severity.ERROR, f"use an id of the table of regions: {known} …",
                 "region_id"),
            region.notna() & ~region.isin(regions["region_id"]),
            lambda i: f"there is no region {region.iloc[i]!r}", file,
        )  # fmt: skip
    if districts is None or "district_id" not in table.columns:
        return found
    district = table["district_id"]
    theirs = district.map(districts.set_index("district_id")["region_id"])
    rule = Rule("district-unknown", Severity.ERROR, "use an id of the table of districts",
                "district_id")  # fmt: skip
    found += flagged(rule, district.notna() & theirs.isna(),
                     lambda i: f"there is no district {district.iloc[i]!r}", file)  # fmt: skip
    rule = Rule("district-elsewhere", Severity.ERROR, "make region and district agree",
                "district_id")  # fmt: skip
    other = theirs.notna() & region.notna() & (theirs != region)
    found += flagged(
        rule, other,
        lambda i: f"{district.iloc[i]!r} is a district of {theirs.iloc[i]!r}, "
        f"not of {region.iloc[i]!r}", file,
    )  # fmt: skip
    return found


def check_far(table: pd.DataFrame, file: str) -> list[Finding]:
    """Find settlements further than 150 km from every other one."""
    lat = np.radians(table["lat_deg"].to_numpy(dtype=np.float64, na_value=np.nan))
    lon = np.radians(table["lon_deg"].to_numpy(dtype=np.float64, na_value=np.nan))
    good = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    if len(good) < 2:
        return []
    lat, lon = lat[good], lon[good]
    points = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    found, _ = cKDTree(points).query(points, k=2)
    gap = np.asarray(found)
    gap_m = np.zeros(len(table))
    gap_m[good] = 2 * _EARTH_M * np.arcsin(np.clip(gap[:, 1] / 2, 0, 1))
    rule = Rule("settlement-far", Severity.WARNING, "look at its coordinates", "lat_deg")
    return flagged(
        rule, gap_m > _FAR_M,
        lambda i: f"the nearest other settlement is {gap_m[i] / 1000:,.0f} km away", file,
    )  # fmt: skip


def check_sums(settlements: pd.DataFrame, regions: pd.DataFrame) -> list[Finding]:
    """Find regions whose urban or rural people are not the official ones, over all rows."""
    found: list[Finding] = []
    for column, urban in (("population_urban", True), ("population_rural", False)):
        if column not in regions.columns or regions[column].isna().all():
            continue
        mine = settlements[settlements["urban"].fillna(False).astype(bool) == urban]  # noqa: FBT003
        sums = mine.groupby("region_id")["population"].sum()
        have = sums.reindex(regions["region_id"]).fillna(0).to_numpy(dtype=np.float64)
        want = regions[column].to_numpy(dtype=np.float64, na_value=np.nan)
        rule = Rule(
            "sum-not-official",
            Severity.ERROR,
            "make the settlements' people add up, or leave the official number out",
            column,
        )
        ids = regions["region_id"].to_numpy()
        found += flagged(
            rule, np.isfinite(want) & (have != want),
            lambda i, h=have, w=want, n=ids: f"{n[i]}: settlements have {h[i]:,.0f}, "  # type: ignore[misc]
            f"the official number is {w[i]:,.0f}", "regions",
        )  # fmt: skip
    return found
