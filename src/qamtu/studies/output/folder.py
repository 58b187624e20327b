"""All files of a plan in one folder, but for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from qamtu.studies.output.geopackage import write_geopackage
from qamtu.studies.output.palette import OPTION_COLOURS, ROUTE_KIND_COLOURS, year_colours
from qamtu.studies.output.styles import Category, Shape, Style
from qamtu.studies.output.summary import rows_of, write_summary
from qamtu.studies.output.tabular import write_csv, write_parquet

__all__ = ["write_plan_files"]

_SUMMARY_TABLES: Final = (
    "curve", "by_region", "by_year", "by_year_region", "by_option", "sensitivity",
)  # fmt: skip
_NO_DATE: Final = "2000-01-01T00:00:00Z"


def write_plan_files(
    folder: Path, tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]
) -> tuple[Path, ...]:
    """Write the files of a plan into a folder that is there and empty.

    Parameters
    ----------
    folder
        Where to write; a caller that must not leave half a plan gives a scratch folder
        (`qamtu.core.files.replaced_folder`).
    tables
        ``settlements`` and ``routes`` of the plan, and the ``regions`` of the country if the
        GeoPackage shall have them; all in EPSG:4326.
    summary
        All figures of the plan; its lists of figures by region, year and option, the
        trade-off curve and the sensitivity also become CSV files.

    Returns
    -------
    paths
        The files written, in order.

    Raises
    ------
    StorageFailure
        If a file cannot be written.
    """
    written: list[Path] = []
    for name in ("settlements", "routes"):
        for suffix, write in ((".parquet", write_parquet), (".csv", write_csv)):
            path = folder / f"plan_{name}{suffix}"
            write(path, tables[name])
            written.append(path)
    for name in _SUMMARY_TABLES:
        rows = rows_of(summary.get(name))
        if rows:
            path = folder / f"{name}.csv"
            write_csv(path, pd.DataFrame([_flat_row(row) for row in rows]))
            written.append(path)
    package = folder / "plan.gpkg"
    layers = _layers(tables)
    made_at = str(summary.get("made_at") or _NO_DATE)
    write_geopackage(package, layers, _styles(layers), made_at)
    figures = folder / "summary.json"
    write_summary(figures, summary)
    return (*written, package, figures)


def _flat_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Spread nested dicts over columns ``outer_inner`` and join lists with semicolons."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            flat |= {f"{key}_{inner}": item for inner, item in value.items()}
        elif isinstance(value, list):
            flat[key] = "; ".join(str(item) for item in value)
        else:
            flat[key] = value
    return flat


def _layers(
    tables: Mapping[str, pd.DataFrame],
) -> dict[str, tuple[Shape, gpd.GeoDataFrame]]:
    routes = gpd.GeoDataFrame(tables["routes"])
    layers: dict[str, tuple[Shape, gpd.GeoDataFrame]] = {
        "settlements": ("point", gpd.GeoDataFrame(tables["settlements"])),
        "phases": ("line", _phases(routes)),
        "routes": ("line", routes),
    }
    if "is_ring" in routes and routes["is_ring"].any():
        layers["rings"] = ("line", routes[routes["is_ring"].astype(bool)])
    if "regions" in tables:
        layers["regions"] = ("polygon", gpd.GeoDataFrame(tables["regions"]))
    return layers


def _phases(routes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join the routes of each year into one row: year, routes, length_m, capex."""
    built = routes[routes["year"].notna() & (routes["year"].fillna(0) > 0)]
    rows = []
    for year, group in built.groupby(built["year"].astype(int), sort=True):
        rows.append(
            {
                "year": int(str(year)),
                "routes": len(group),
                "length_m": float(group["length_m"].sum()),
                "capex": float(group["capex"].sum()),
                "geometry": group.geometry.union_all(),
            }
        )
    columns = ["year", "routes", "length_m", "capex", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=routes.crs)


def _styles(layers: Mapping[str, tuple[Shape, gpd.GeoDataFrame]]) -> Sequence[Style]:
    routes = layers["routes"][1]
    settlements = layers["settlements"][1]
    years = sorted({*_years(routes), *_years(settlements)})
    colours = year_colours(years)

    def by_year(size: float) -> list[Category]:
        return [Category(str(y), str(y), colours[y], size) for y in years]

    options = [
        Category(o, o.replace("_", " "), c, 1.0 if o == "served" else 1.6)
        for o, c in OPTION_COLOURS.items()
    ]
    kinds = [Category(k, k, c, 0.5) for k, c in ROUTE_KIND_COLOURS.items()]
    return (
        Style("settlements", "option", "option", "point", options, default=True),
        Style("settlements", "year", "year", "point", by_year(1.6), default=False),
        Style("routes", "year", "year", "line", by_year(0.5), default=True),
        Style("routes", "kind", "route_kind", "line", kinds, default=False),
        Style("phases", "year", "year", "line", by_year(0.8), default=True),
        Style("rings", "rings", "", "line", [Category("", "ring", "#b8324a", 0.8)], default=True),
        Style(
            "regions", "borders", "", "polygon", [Category("", "region", "#5b6675", 0.3)],
            default=True,
        ),
    )  # fmt: skip


def _years(table: pd.DataFrame) -> list[int]:
    if "year" not in table:
        return []
    years = table["year"].dropna().astype(int)
    return [int(year) for year in years.unique() if year > 0]
