"""One task a city: outline, people, sites that stand and fibre, cut out of the inputs."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from qamtu.connectivity.mobile.backhaul import Ducts
from qamtu.connectivity.mobile.choose import Limits
from qamtu.connectivity.mobile.inputs import Inputs
from qamtu.connectivity.mobile.options import Standing
from qamtu.connectivity.mobile.survey import CityTask, Wanted

__all__ = ["city_centre", "city_tasks", "make_wanted", "standing_of"]

_NEAR_DEG: Final = 0.5
_BAND_SHARE: Final = 0.1


def make_wanted(inputs: Inputs) -> Wanted:
    """Give what is asked of every city."""

    def limits(seconds: float) -> Limits:
        return Limits(seconds, inputs.gap_limit, inputs.max_rounds, inputs.seed)

    return Wanted(
        frequency_mhz=inputs.frequency_mhz,
        share=inputs.territory_share_target,
        people_share=inputs.people_share_target or 0.0,
        level_dbm=inputs.level_dbm_min,
        throughput=inputs.speed_down_mbps_min,
        situation=inputs.situation or "outdoor",
        location_share=inputs.location_share,
        cell_m=inputs.cell_m,
        spacing_m=inputs.spacing_m,
        rotations=inputs.rotations,
        load=inputs.load_share,
        least_sites=inputs.least_sites,
        limits=limits(inputs.time_limit_s),
        point_limits=limits(inputs.point_time_limit_s),
    )


def city_tasks(inputs: Inputs) -> list[CityTask]:
    """Give the task of each city, in the order of the table."""
    wanted = make_wanted(inputs)
    standing = standing_of(inputs.existing_sites, inputs.frequency_mhz)
    density = inputs.params.value("city_duct_density")
    tasks = []
    for row in inputs.cities.to_dict("records"):
        outline = row["geometry"]
        near = shapely.box(*shapely.buffer(shapely.box(*outline.bounds), _NEAR_DEG).bounds)
        population = row.get("population")
        tasks.append(
            CityTask(
                city_id=str(row["city_id"]),
                outline=outline,
                centre=city_centre(row),
                population=0.0 if population is None or pd.isna(population) else float(population),
                surface=inputs.surfaces[str(row["city_id"])],
                standing=tuple(
                    site
                    for site in standing
                    if shapely.contains_xy(outline, site.lon_deg, site.lat_deg)
                ),
                ducts=_ducts(inputs, near, density),
                params=inputs.params,
                wanted=wanted,
            )
        )
    return tasks


def city_centre(row: Any) -> tuple[float, float]:
    """Latitude and longitude of a city's centre; the middle of its outline where not given."""
    lat, lon = row.get("lat_deg"), row.get("lon_deg")
    if lat is None or lon is None or pd.isna(lat) or pd.isna(lon):
        point = shapely.point_on_surface(row["geometry"])
        return float(point.y), float(point.x)
    return float(lat), float(lon)


def standing_of(table: pd.DataFrame | None, frequency_mhz: float) -> list[Standing]:
    """Gather the rows of a table of sectors by site; the first row says where it stands.

    A site serves already where a row of it is 5G within a tenth of the frequency asked for, or
    says neither technology nor frequency; only such rows are its sectors then.
    """
    if table is None or table.empty:
        return []
    made = []
    for site_id, rows in table.groupby("site_id", sort=True):
        band = _in_band(rows, frequency_mhz)
        sectors = rows[band] if band.any() else rows
        power = _column(sectors, "eirp_dbm")
        made.append(
            Standing(
                site_id=str(site_id),
                lat_deg=float(_column(rows, "lat_deg")[0]),
                lon_deg=float(_column(rows, "lon_deg")[0]),
                height_m=float(_column(sectors, "height_m")[0]),
                azimuth_deg=tuple(_column(sectors, "azimuth_deg").tolist()),
                tilt_deg=tuple(_tilts(sectors).tolist()),
                eirp_dbm=tuple(power.tolist()) if band.any() else (np.nan,) * len(sectors),
                serves=bool(band.any()),
            )
        )
    return made


def _column(rows: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Give a column as numbers, NaN where there is none."""
    if name not in rows:
        return np.full(len(rows), np.nan)
    return np.asarray(pd.to_numeric(rows[name], errors="coerce"), dtype=np.float64)


def _tilts(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Sum of mechanical and electrical tilt; NaN where neither is given or both are 0."""
    parts = np.column_stack([_column(rows, n) for n in ("tilt_deg", "electrical_tilt_deg")])
    total = np.nansum(parts, axis=1)
    return np.where(total == 0.0, np.nan, total)


def _in_band(rows: pd.DataFrame, frequency_mhz: float) -> NDArray[np.bool_]:
    """Tell the rows that are 5G within a tenth of a frequency; what is not said is taken so."""
    known = rows["technology"].fillna("nr") if "technology" in rows else pd.Series("nr", rows.index)
    frequency = _column(rows, "frequency_mhz")
    near = np.isnan(frequency) | (np.abs(frequency / frequency_mhz - 1.0) <= _BAND_SHARE)
    return np.asarray((known == "nr").to_numpy() & near)


def _ducts(inputs: Inputs, near: Any, density: float) -> Ducts:
    """Fibre near a city: discs of settlements with fibre, single points, lines."""
    lat, lon, radius = [np.empty(0)], [np.empty(0)], [np.empty(0)]
    places = inputs.settlements
    if places is not None and "has_fibre" in places:
        lit = places[places["has_fibre"].fillna(value=False).astype(bool)]
        lit = lit[_within(lit, near)]
        lat.append(lit["lat_deg"].to_numpy(dtype=np.float64))
        lon.append(lit["lon_deg"].to_numpy(dtype=np.float64))
        people = lit["population"].to_numpy(dtype=np.float64)
        radius.append(1000.0 * np.sqrt(np.maximum(people, 0.0) / (np.pi * density)))
    nodes = inputs.fibre_nodes
    if nodes is not None and len(nodes):
        nodes = nodes[_within(nodes, near)]
        lat.append(nodes["lat_deg"].to_numpy(dtype=np.float64))
        lon.append(nodes["lon_deg"].to_numpy(dtype=np.float64))
        radius.append(np.zeros(len(nodes)))
    lines = None
    if inputs.fibre_lines is not None and len(inputs.fibre_lines):
        cut = shapely.intersection(np.asarray(inputs.fibre_lines.geometry.array), near)
        cut = cut[~shapely.is_empty(cut)]
        lines = shapely.union_all(cut) if cut.size else None
    return Ducts(np.concatenate(lat), np.concatenate(lon), np.concatenate(radius), lines)


def _within(table: pd.DataFrame, near: Any) -> NDArray[np.bool_]:
    return np.asarray(
        shapely.contains_xy(
            near, table["lon_deg"].to_numpy(np.float64), table["lat_deg"].to_numpy(np.float64)
        )
    )
