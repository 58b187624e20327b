"""The page of a coverage study: layers of level, server, SINR and throughput over its sites."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from qamtu.core.files import write_text
from qamtu.studies.radio_report.ground import around, encode_points, ground_payload
from qamtu.studies.radio_report.page import render_radio, shared_payload
from qamtu.studies.radio_report.raster import encode_raster

__all__ = ["render_coverage", "write_coverage_report"]

_SECTOR_COLUMNS: Final = (
    "sector_id", "site_id", "name", "operator", "height_m", "azimuth_deg", "tilt_deg",
    "electrical_tilt_deg", "technology", "frequency_mhz", "bandwidth_mhz", "eirp_dbm", "pattern",
    "gain_dbi", "load_share", "approximate", "ground_m", "resolution_arcsec", "area_km2",
)  # fmt: skip
_STEPS: Final = {"best": 1.0, "sinr": 1.0, "throughput": 1.0, "server": 1.0, "resolution": 1.0}
"""Rasters that the page shows, and the step that their values are rounded to."""

_MARGIN_DEG: Final = 0.05


def write_coverage_report(
    path: Path,
    sectors: pd.DataFrame,
    rasters: Path,
    summary: Mapping[str, Any],
    country: Mapping[str, pd.DataFrame],
) -> Path:
    """Write the page of a coverage study.

    Parameters
    ----------
    path
        File to make.
    sectors
        The sectors, a row each, in the order of the numbers in ``server.tif``.
    rasters
        Folder of the study's rasters: best, server, sinr, throughput, resolution (``.tif``).
    summary
        The study's figures, as in its ``summary.json``.
    country
        The pack's tables: ``regions``, ``settlements``, ``roads`` and ``water`` if it has them.

    Raises
    ------
    StorageFailure
        If the file cannot be written, or a raster cannot be read.
    """
    write_text(path, render_coverage(sectors, rasters, summary, country))
    return path


def render_coverage(
    sectors: pd.DataFrame,
    rasters: Path,
    summary: Mapping[str, Any],
    country: Mapping[str, pd.DataFrame],
) -> str:
    """Render the page as text; see `write_coverage_report`."""
    encoded = {
        name: encode_raster(rasters / f"{name}.tif", step=step)
        for name, step in _STEPS.items()
        if (rasters / f"{name}.tif").is_file()
    }
    ways = [one["box"] for one in encoded.values()] or [_box(sectors)]
    west, south, east, north = (
        pick(box[i] for box in ways) for i, pick in enumerate((min, min, max, max))
    )
    box = (west, south, east, north)
    ground = ground_payload(country, boxes=[around(box, _MARGIN_DEG)])
    payload = shared_payload(_portable(summary), (), box, ground) | {
        "tables": {"sectors": encode_points(sectors.reset_index(drop=True), _SECTOR_COLUMNS)},
        "rasters": encoded,
    }
    return render_radio("coverage", payload)


def _box(sectors: pd.DataFrame) -> list[float]:
    lat = sectors["lat_deg"].to_numpy(np.float64)
    lon = sectors["lon_deg"].to_numpy(np.float64)
    return [float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())]


def _portable(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Leave the paths of the machine out: a page is passed on."""
    settings = {
        key: value.rsplit("/", 1)[-1] if isinstance(value, str) else value
        for key, value in dict(summary.get("settings") or {}).items()
        if not isinstance(value, Path) and key not in {"terrain", "pack", "scheduler", "workers"}
    }
    sites = (summary.get("settings") or {}).get("sites")
    if sites is not None:
        settings["sites"] = Path(str(sites)).name
    return dict(summary) | {"settings": settings}
