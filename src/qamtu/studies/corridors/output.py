"""The files of a study of the corridors: tables, GeoPackage with styles, KML, summary.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from qamtu.connectivity.corridors import Results
from qamtu.studies.output.geopackage import write_geopackage
from qamtu.studies.output.kml import write_kml
from qamtu.studies.output.palette import year_colours
from qamtu.studies.output.styles import Category, Shape, Style
from qamtu.studies.output.summary import write_summary
from qamtu.studies.output.tabular import write_csv, write_parquet

__all__ = ["write_corridors_files"]

_ROLE_COLOURS: Final = {"coverage": "#0072b2", "relay": "#cc79a7", "existing": "#7d8a9c"}
_BACKHAUL_COLOURS: Final = {
    "fibre": "#0072b2", "microwave": "#e69f00", "own": "#7d8a9c", "none": "#d55e00",
}  # fmt: skip
_SERVED, _UNSERVED = "#009e73", "#d55e00"


def write_corridors_files(folder: Path, results: Results, summary: Mapping[str, Any]) -> None:
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
    tables: dict[str, pd.DataFrame] = {
        "sites": results.sites,
        "stretches": results.stretches,
        "hops": results.hops,
        "roads": results.roads,
        "by_region": results.by_region,
        "by_year": results.years,
    }
    for name, table in tables.items():
        write_parquet(folder / f"{name}.parquet", table)
        write_csv(folder / f"{name}.csv", table)
    served = results.stretches["served"].to_numpy(dtype=bool)
    layers: dict[str, tuple[Shape, gpd.GeoDataFrame]] = {
        "sites": ("point", results.sites),
        "hops": ("line", results.hops),
        "served": ("line", results.stretches[served]),
        "unserved": ("line", results.stretches[~served]),
        "roads": ("line", results.roads),
    }
    styles = _styles(results)
    write_geopackage(folder / "corridors.gpkg", layers, styles, str(summary["made_at"]))
    names = {"sites": "site_id", "hops": "hop_id", "served": "road_id", "unserved": "road_id"}
    shown = {name: layers[name] for name in names}
    title = str(summary["title"])
    write_kml(folder / "sites.kml", title, shown, styles=styles, names=names)
    write_summary(folder / "summary.json", summary)


def _styles(results: Results) -> Sequence[Style]:
    years = sorted({int(y) for y in results.sites["year"].dropna()})
    colours = year_colours(years)
    roles = [Category(k, k, c, 2.2 if k == "coverage" else 1.6) for k, c in _ROLE_COLOURS.items()]
    backhaul = [Category(k, k, c, 2.0) for k, c in _BACKHAUL_COLOURS.items()]
    by_year = [Category(str(y), str(y), colours[y], 2.0) for y in years]
    first = [Category(str(y), str(y), colours[y], 0.8) for y in years]
    kinds = [Category(k, k, _BACKHAUL_COLOURS[k], 0.4) for k in ("microwave", "fibre")]
    served, dark = Category("", "served", _SERVED, 0.8), Category("", "not served", _UNSERVED, 1.0)
    return (
        Style("sites", "role", "role", "point", roles, default=True),
        Style("sites", "backhaul", "backhaul", "point", backhaul, default=False),
        Style("sites", "year", "year", "point", by_year, default=False),
        Style("hops", "kind", "hop_kind", "line", kinds, default=True),
        Style("served", "served", "", "line", [served], default=True),
        Style("served", "year", "year", "line", first, default=False),
        Style("unserved", "unserved", "", "line", [dark], default=True),
        Style("roads", "roads", "", "line", [Category("", "road", "#5b6675", 0.2)], default=True),
    )
