"""The files of a mobile study: tables, GeoPackage with styles, KML, rasters, summary.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd

from qamtu.connectivity.mobile import Results
from qamtu.studies.output.cog import write_cog
from qamtu.studies.output.geopackage import write_geopackage
from qamtu.studies.output.kml import write_kml
from qamtu.studies.output.palette import year_colours
from qamtu.studies.output.styles import Category, Shape, Style
from qamtu.studies.output.summary import write_summary
from qamtu.studies.output.tabular import write_csv, write_parquet

__all__ = ["write_mobile_files"]

_BACKHAUL_COLOURS: Final = {"fibre": "#0072b2", "microwave": "#e69f00", "none": "#d55e00"}
_SOURCE_COLOURS: Final = {"polygon": "#0072b2", "circle": "#7d8a9c", "user": "#009e73"}


def write_mobile_files(folder: Path, results: Results, summary: Mapping[str, Any]) -> None:
    """Write the files of a study into a folder that is there and empty.

    Parameters
    ----------
    folder
        Where to write.
    results
        What the line gave.
    summary
        All figures (`build_summary`).

    Raises
    ------
    StorageFailure
        If a file cannot be written.
    """
    tables = {
        "cities": results.cities,
        "sites": results.sites,
        "sectors": results.sectors,
        "curve": results.curve,
        "years": results.years,
    }
    for name, table in tables.items():
        write_parquet(folder / f"{name}.parquet", table)
        write_csv(folder / f"{name}.csv", table)
    layers: dict[str, tuple[Shape, gpd.GeoDataFrame]] = {
        "cities": ("polygon", results.cities),
        "sites": ("point", results.sites),
        "sectors": ("point", results.sectors),
    }
    styles = _styles(results)
    write_geopackage(folder / "mobile.gpkg", layers, styles, str(summary["made_at"]))
    outlines = results.cities.set_geometry(results.cities.geometry.simplify(1e-4))
    write_kml(
        folder / "sites.kml", str(summary["title"]),
        {"cities": ("polygon", outlines), "sites": ("point", results.sites)},
        styles=[s for s in styles if s.layer in {"cities", "sites"}],
        names={"cities": "name_en" if "name_en" in results.cities else "city_id",
               "sites": "site_id"},
    )  # fmt: skip
    _write_rasters(folder / "coverage", results, summary)
    write_summary(folder / "summary.json", summary)


def _write_rasters(folder: Path, results: Results, summary: Mapping[str, Any]) -> None:
    folder.mkdir()
    radio = results.radio
    for city, levels in results.levels.items():
        write_cog(
            folder / f"{city}.tif", levels.level_dbm, levels.frame,
            description="median SS-RSRP outdoors of the best server", unit="dBm",
            tags={
                "MODEL": "ITU-R P.1812-8",
                "FREQUENCY_MHZ": f"{radio.frequency_mhz:g}",
                "RECEIVER_HEIGHT_M": f"{radio.receiver_height_m:g}",
                "LEVEL_NEEDED_DBM": f"{radio.needed_dbm:.2f}",
                "TERRAIN_RESOLUTION_ARCSEC": f"{levels.resolution_arcsec:g}",
                "PROFILE_STEP_M": f"{radio.profile_step_m:g}",
                "SOFTWARE": f"qamtu {summary['version']}",
                "MADE_AT": str(summary["made_at"]),
            },
        )  # fmt: skip


def _styles(results: Results) -> Sequence[Style]:
    years = [int(y) for y in sorted(results.sites["year"].dropna().unique())]
    colours = year_colours(years)
    backhaul = [Category(k, k, c, 2.0) for k, c in _BACKHAUL_COLOURS.items()]
    by_year = [Category(str(y), str(y), colours[y], 2.0) for y in years]
    sources = [Category(k, k, c, 0.5) for k, c in _SOURCE_COLOURS.items()]
    return (
        Style("cities", "outline", "territory_source", "polygon", sources, default=True),
        Style("sites", "backhaul", "backhaul", "point", backhaul, default=True),
        Style("sites", "year", "year", "point", by_year, default=False),
        Style(
            "sectors", "sectors", "", "point", [Category("", "sector", "#5b6675", 1.0)],
            default=True,
        ),
    )  # fmt: skip
