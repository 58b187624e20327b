"""The map of a plan: settlements that get fibre by region, with the routes that reach them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from qamtu.core.errors import MissingInput
from qamtu.core.provenance import file_sha256
from qamtu.studies.session_report.region_map import MapData
from qamtu.studies.session_report.words import LANGUAGES, Words

__all__ = ["map_of_plan"]

_TITLE: Final = "Settlements that a plan connects by fibre"
_PLACES: Final = "plan_settlements.parquet"
_ROUTES: Final = "plan_routes.parquet"
_SUMMARY: Final = "summary.json"


def map_of_plan(regions: gpd.GeoDataFrame, folder: Path) -> MapData:
    """Read what a villages plan builds.

    Parameters
    ----------
    regions
        Polygons in degrees with ``region_id`` and names.
    folder
        Of the plan.

    Raises
    ------
    MissingInput
        If the folder has no tables of a villages plan.
    """
    for name in (_PLACES, _ROUTES, _SUMMARY):
        if not (folder / name).is_file():
            raise MissingInput(f"{folder / name} is not there: name the folder of a villages plan")
    columns = ["region_id", "option", "year", "lat_deg", "lon_deg"]
    places = pd.read_parquet(folder / _PLACES, columns=columns)
    built = places[(places["option"] == "fibre") & places["year"].notna()]
    counts = built.groupby("region_id").size()
    routes = gpd.read_parquet(folder / _ROUTES, columns=["geometry"])
    title = {language: Words(language).t(_TITLE) for language in LANGUAGES}
    return MapData(
        regions=regions,
        values={str(region): float(count) for region, count in counts.items()},
        unit="settlements",
        title=title,
        planned=True,
        routes=routes.geometry,
        places=built[["lon_deg", "lat_deg"]].to_numpy(),
        plan=file_sha256(folder / _SUMMARY),
        table=file_sha256(folder / _PLACES),
    )
