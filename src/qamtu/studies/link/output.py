"""The files of a link: profile, figures, picture, page and map."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from qamtu.core.files import write_text
from qamtu.studies.link.page import render_page
from qamtu.studies.link.path import LinkPath
from qamtu.studies.link.picture import draw_profile
from qamtu.studies.link.plot import Frame
from qamtu.studies.link.texts import say
from qamtu.studies.output.kml import write_kml
from qamtu.studies.output.styles import Category, Style
from qamtu.studies.output.summary import write_summary
from qamtu.studies.output.tabular import write_csv

__all__ = ["write_link_files"]

_DIGITS: Final = {
    "distance_m": 1, "lat_deg": 6, "lon_deg": 6, "ground_m": 2, "clutter_m": 2,
    "resolution_arcsec": 2, "bulge_m": 2, "line_m": 2, "radius_m": 2, "clearance_m": 2, "ratio": 3,
}  # fmt: skip
_NARROW: Final = Frame(420, 520, 12)


def write_link_files(
    folder: Path, path: LinkPath, summary: Mapping[str, Any], language: str
) -> None:
    """Write all files into a folder that is there and empty.

    Parameters
    ----------
    folder
        Where to write.
    path
        The path.
    summary
        From `qamtu.studies.link.summary.link_summary`.
    language
        Of picture and page.

    Raises
    ------
    StorageFailure
        If a file cannot be written.
    """
    write_csv(folder / "profile.csv", path.table.round(_DIGITS))
    write_summary(folder / "link.json", summary)
    pictures = {name: _picture(path, summary, language, frame) for name, frame in _FRAMES.items()}
    write_text(folder / "link.svg", _picture(path, summary, language, Frame(), headed=True))
    write_text(folder / "link.html", render_page(summary, pictures, language))
    _write_map(folder / "link.kml", path, summary, language)


_FRAMES: Final = {"wide": Frame(), "narrow": _NARROW}


def _picture(
    path: LinkPath,
    summary: Mapping[str, Any],
    language: str,
    frame: Frame,
    *,
    headed: bool = False,
) -> str:
    a, b = summary["ends"]
    names = (a["names"][language], b["names"][language])
    return draw_profile(
        path,
        say(language, "title", a=names[0], b=names[1]),
        names,
        (a["height_m"], b["height_m"]),
        k_factor=summary["clearance"]["k_median"],
        language=language,
        coarse=summary["terrain"]["coarse"],
        frame=frame,
        headed=headed,
    )


def _write_map(file: Path, path: LinkPath, summary: Mapping[str, Any], language: str) -> None:
    """Ends, the line and the worst point as KML."""
    ends = gpd.GeoDataFrame(
        [
            {
                "name": f"{end['side']}: {end['names'][language]}", "id": end["id"],
                "ground_m": end["ground_m"], "height_m": end["height_m"],
                "azimuth_deg": round(end["azimuth_deg"], 2),
                "elevation_deg": round(end["elevation_deg"], 3),
                "geometry": shapely.Point(end["lon_deg"], end["lat_deg"]),
            }
            for end in summary["ends"]
        ],
        crs=4326,
    )  # fmt: skip
    table = path.table
    line = gpd.GeoDataFrame(
        [
            {
                "name": summary["title"], "length_m": round(path.length_m, 1),
                "loss_db": summary["totals"]["loss_db"], "clear": str(summary["totals"]["clear"]),
                "geometry": shapely.LineString(table[["lon_deg", "lat_deg"]].to_numpy()),
            }
        ],
        crs=4326,
    )  # fmt: skip
    layers: dict[str, Any] = {"ends": ("point", ends), "line": ("line", line)}
    if path.worst >= 0:
        layers["worst"] = ("point", _worst(table.iloc[[path.worst]], language))
    styles = (
        Style("line", "line", "", "line", [Category("", "", "#b8324a", 0.8)], default=True),
        Style("worst", "worst", "", "point", [Category("", "", "#e07b00", 1.4)], default=True),
    )
    names = dict.fromkeys(layers, "name")
    write_kml(file, str(summary["title"]), layers, styles=styles, names=names)


def _worst(row: pd.DataFrame, language: str) -> gpd.GeoDataFrame:
    columns = ["distance_m", "ground_m", "clutter_m", "clearance_m", "ratio"]
    made = row[columns].round(3).assign(name=say(language, "worst"))
    return gpd.GeoDataFrame(
        made, geometry=gpd.points_from_xy(row["lon_deg"], row["lat_deg"]), crs=4326
    )
