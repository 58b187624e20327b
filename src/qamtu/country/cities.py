"""The cities of a pack: published areas, and outlines drawn as polygons or as stated circles."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.country.tables import contract_of
from qamtu.kernels.geodesy import destination

__all__ = ["CITIES_FILE", "area_circle", "build_cities"]

CITIES_FILE: Final = "cities.csv"
_COLUMNS: Final = (
    "city_id", "settlement_id", "status", "outline", "area_official_km2", "area_date",
    "area_source", "area_verify", "note",
)  # fmt: skip
_OUTLINES: Final = ("region", "circle")
_CORNERS: Final = 96
_APART: Final = 0.1


def area_circle(lat_deg: float, lon_deg: float, area_km2: float) -> shapely.Polygon:
    """Draw a circle of a given area around a point, as a polygon of 96 corners.

    The corners lie on the ellipsoid at one distance from the centre; it is a little more than
    the circle's radius, so that the polygon and not only the circle has the area.

    Parameters
    ----------
    lat_deg, lon_deg
        Centre [deg].
    area_km2
        Area [km²], above 0.

    Raises
    ------
    InputError
        If the area is not above 0.
    """
    if not area_km2 > 0:
        msg = f"a circle needs an area above 0, not {area_km2} km2"
        raise InputError(msg)
    share = _CORNERS / 2 * np.sin(2 * np.pi / _CORNERS)  # of r², the polygon's area
    radius_m = 1000.0 * np.sqrt(area_km2 / share)
    azimuth = np.arange(_CORNERS) * 360.0 / _CORNERS
    ones = np.ones(_CORNERS)
    lat, lon = destination(lat_deg * ones, lon_deg * ones, azimuth, radius_m * ones)
    return shapely.Polygon(np.column_stack([lon, lat]))


def build_cities(
    folder: Path, settlements: pd.DataFrame, regions: pd.DataFrame
) -> tuple[gpd.GeoDataFrame | None, Findings]:
    """Build the table of cities from ``cities.csv`` of a builder's folder.

    Parameters
    ----------
    folder
        Builder's folder (``packs/kz``).
    settlements, regions
        Built tables: centre, names and people come from the settlement, the outline of a city
        that is a region of its own from the region.

    Returns
    -------
    cities
        The table of the contract; None where the folder has no such file.
    findings
        Outlines whose area is far from the published one.

    Raises
    ------
    InputError
        If the file has other columns, names a settlement that is not there, or gives an
        outline or area that cannot be drawn.
    """
    path = folder / CITIES_FILE
    if not path.is_file():
        return None, Findings()
    listed = pd.read_csv(path, dtype="str", keep_default_na=False)
    if tuple(listed.columns) != _COLUMNS:
        msg = f"{path}: the columns must be {', '.join(_COLUMNS)}"
        raise InputError(msg)
    places = settlements.set_index("settlement_id")
    areas = regions.set_index("region_id")
    found = _unusable(listed, places, str(path))
    if found:
        msg = f"{path} cannot be used"
        raise InputError(msg, found)
    rows = [_row(row, places.loc[row["settlement_id"]], areas) for _, row in listed.iterrows()]
    columns = [name for name in contract_of("cities") if name != "geometry"]
    table = pd.DataFrame(rows).sort_values("city_id").reset_index(drop=True)
    table["population"] = table["population"].astype("int64")
    made = gpd.GeoDataFrame(table[[*columns, "geometry"]], geometry="geometry", crs=4326)
    return made, Findings(tuple(_apart(made, areas)))


def _unusable(listed: pd.DataFrame, places: pd.DataFrame, file: str) -> list[Finding]:
    found = []
    area = pd.to_numeric(listed["area_official_km2"], errors="coerce")
    checks = (
        ("settlement_id", ~listed["settlement_id"].isin(places.index), "name a settlement"),
        ("outline", ~listed["outline"].isin(_OUTLINES), f"give {' or '.join(_OUTLINES)}"),
        ("area_official_km2", ~(area > 0), "give an area above 0 [km2]"),
        ("area_source", listed["area_source"] == "", "say who published the area"),
        ("city_id", listed["city_id"].duplicated(), "give each city an id of its own"),
    )
    for field, bad, mend in checks:
        found += [
            Finding("city-unusable", Severity.ERROR, f"{listed[field].iloc[i]!r} cannot be used",
                    mend, file, int(i) + 2, field)
            for i in np.flatnonzero(bad.to_numpy())
        ]  # fmt: skip
    return found


def _row(row: pd.Series[Any], place: pd.Series[Any], regions: pd.DataFrame) -> dict[str, Any]:
    area = float(row["area_official_km2"])
    lat, lon = float(place["lat_deg"]), float(place["lon_deg"])
    whole = row["outline"] == "region"
    region = str(place["region_id"])
    shape = regions.loc[region, "geometry"] if whole else area_circle(lat, lon, area)
    return {
        "city_id": row["city_id"],
        "settlement_id": row["settlement_id"],
        **{name: place[name] for name in ("name_kk", "name_ru", "name_en")},
        "status": row["status"],
        "region_id": region,
        "lat_deg": lat,
        "lon_deg": lon,
        "population": int(place["population"]),
        "area_official_km2": area,
        "area_date": row["area_date"],
        "area_source": row["area_source"],
        "area_verify": row["area_verify"] == "true",
        "territory_source": "polygon" if whole else "circle",
        "note": row["note"] or None,
        "geometry": shape,
    }


def _apart(cities: pd.DataFrame, regions: pd.DataFrame) -> list[Finding]:
    """Tell of region outlines whose area is far from the published one."""
    drawn = cities["region_id"].map(regions["area_km2"]).to_numpy(dtype=np.float64)
    said = cities["area_official_km2"].to_numpy(dtype=np.float64)
    polygon = (cities["territory_source"] == "polygon").to_numpy()
    return [
        Finding("city-area-apart", Severity.WARNING,
                f"{cities['city_id'].iloc[i]}: the outline has {drawn[i]:,.0f} km2, published are "
                f"{said[i]:,.0f} km2", "check outline and published area", "cities", int(i) + 2,
                "area_official_km2")
        for i in np.flatnonzero(polygon & (np.abs(drawn / said - 1.0) > _APART))
    ]  # fmt: skip
