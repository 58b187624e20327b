"""Building a country pack: raw sources in, validated tables of the contract out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import rasterio
import shapely

from qamtu.core.errors import InputError, raise_errors
from qamtu.core.files import refuse_existing, replaced_folder
from qamtu.core.findings import Findings
from qamtu.core.params import load_params
from qamtu.core.progress import Report, Stage, silent
from qamtu.core.provenance import file_sha256
from qamtu.country.admin import Admin, build_admin
from qamtu.country.catalogue import SourceCatalogue, check_sources, load_catalogue
from qamtu.country.checks import check_tables
from qamtu.country.cities import build_cities
from qamtu.country.networks import build_network, build_plants, build_stations
from qamtu.country.parquet import write_parquet
from qamtu.country.places import Places, build_places
from qamtu.country.population import Allocation, allocate_population
from qamtu.country.programme_build import build_programme
from qamtu.country.raster_build import write_rasters
from qamtu.country.settings import PackSettings, load_settings
from qamtu.country.tables import contract_of
from qamtu.country.terrain import build_terrain

__all__ = ["BUILDER_VERSION", "build_pack"]

BUILDER_VERSION: Final = 1
_NOT_BUILT: Final = "there is nothing to write"


def build_pack(
    sources: Path, out: Path, *, overwrite: bool = False, strict: bool = False,
    report: Report = silent,
) -> Findings:  # fmt: skip
    """Build the pack of a country from a builder's folder (``packs/kz``) into ``out``.

    Parameters
    ----------
    sources
        Folder with ``pack.toml``, ``catalogue.toml``, ``sources/`` and parameter files.
    out
        Folder to write; whole or not at all.
    overwrite
        Whether a folder with something in it may be replaced.
    strict
        Whether a warning stops the build, a changed source among them.
    report
        Called with each stage.

    Returns
    -------
    findings
        Everything found on the way; they are also in ``manifest.json``.

    Raises
    ------
    MissingInput
        If a source is not there.
    InputError
        If the settings or a source cannot be used, or a table breaks its contract.
    OutputExists, StorageFailure
        If ``out`` must not or cannot be written.
    """
    refuse_existing(out, overwrite=overwrite)
    settings, catalogue = load_settings(sources), load_catalogue(sources)
    report(Stage("Check the sources", 0.0, f"{len(catalogue.sources)} files"))
    changed = check_sources(catalogue)
    raise_errors(changed, f"the sources of {settings.title} are not as catalogued", strict=strict)
    report(Stage("Regions and districts", 0.1))
    admin = build_admin(settings, catalogue)
    report(Stage("Settlements", 0.2))
    places = build_places(settings, catalogue, admin)
    report(Stage("Population", 0.5))
    whole = places.table["part_of"].isna()
    spread = allocate_population(
        places.table[whole].reset_index(drop=True),
        admin.districts,
        admin.regions,
        settings.population,
    )
    settlements = _settlements(places, spread, settings)
    report(Stage("Networks", 0.6))
    tables = _tables(settings, catalogue, admin, settlements)
    cities, city_findings = build_cities(sources, settlements, admin.regions)
    if cities is not None:
        tables["cities"] = cities
    programme, programme_findings = build_programme(sources, catalogue)
    tables |= programme
    report(Stage("Terrain", 0.7))
    land = shapely.union_all(np.asarray(admin.regions.geometry.array))
    terrain = build_terrain(settings, catalogue, land)
    tables |= {"terrain": terrain.cells, "water": terrain.water}
    report(Stage("Check", 0.9))
    checked = check_tables(tables)
    found = changed + admin.findings + places.findings + spread.findings
    found += tuple(city_findings) + tuple(programme_findings) + tuple(checked)
    raise_errors(found, f"the tables of {settings.title} break their contract", strict=strict)
    counts = _counts(tables, places, spread) | {"slope_factor": round(terrain.slope_factor, 4)}
    report(Stage("Write", 0.95, str(out)))
    with replaced_folder(out, overwrite=overwrite) as scratch:
        _write(scratch, sources, settings, catalogue, tables, counts, found)
    report(Stage("Write", 1.0, f"{len(found)} findings"))
    return found


def _settlements(places: Places, spread: Allocation, settings: PackSettings) -> gpd.GeoDataFrame:
    """Put people, households and the plan's flag on the places; sort the columns."""
    made = places.table.copy()
    whole = made["part_of"].isna().to_numpy()
    made["population"] = np.int64(0)
    made.loc[whole, "population"] = spread.population
    made.loc[whole, "population_source"] = spread.source
    made["population_known"] = made["population_known"].round().astype("Int64")
    made["households"] = np.ceil(made["population"] / settings.population.household_size).astype(
        "int64"
    )
    isolated = made["kind"] == "isolated"
    nameless = made[["name_kk", "name_ru", "name_en"]].isna().all(axis=1)
    unknown = made["population_known"].isna()
    empty = made["population"] == 0
    made["in_plan"] = ~(isolated | (nameless & unknown) | empty)
    made.loc[~whole, "note"] = [
        f"part of its namesake {other}: out of the plan" for other in made.loc[~whole, "part_of"]
    ]
    reasons = [
        (isolated, "isolated dwelling: out of the plan"),
        (empty, "official numbers give all people of its unit to the city: out of the plan"),
        (nameless & unknown, "no name and no population in the source: out of the plan"),
        (
            unknown & (made["population"] == settings.population.minimum),
            "known numbers fill its unit: the least population was put",
        ),
    ]
    for rows, reason in reasons:
        made.loc[rows & made["note"].isna(), "note"] = reason
    points: Any = gpd.points_from_xy(made["lon_deg"], made["lat_deg"], crs=4326)
    columns = [name for name in contract_of("settlements") if name != "geometry"]
    return gpd.GeoDataFrame(made[columns], geometry=points)


def _tables(
    settings: PackSettings, catalogue: SourceCatalogue, admin: Admin,
    settlements: gpd.GeoDataFrame,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    buffer = settings.buffer_deg
    return {
        "settlements": settlements,
        "regions": admin.regions,
        "districts": _drawn_districts(admin, settings),
        "roads": build_network(settings.roads, "road_id", catalogue, admin, buffer),
        "railways": build_network(settings.railways, "rail_id", catalogue, admin, buffer),
        "stations": build_stations(settings, catalogue, admin),
        "power_plants": build_plants(settings, catalogue),
    }


def _drawn_districts(admin: Admin, settings: PackSettings) -> gpd.GeoDataFrame:
    """Give the districts with polygons simplified each for itself (gaps of the tolerance)."""
    made = admin.districts.drop(columns="key").copy()
    shapes = np.asarray(made.geometry.array, dtype=object)
    made.geometry = gpd.GeoSeries(
        list(shapely.simplify(shapes, settings.regions.simplify_deg)), crs=4326
    )
    columns = [name for name in contract_of("districts") if name != "geometry"]
    return gpd.GeoDataFrame(made[[*columns, "geometry"]])


def _counts(
    tables: Mapping[str, pd.DataFrame], places: Places, spread: Allocation
) -> dict[str, Any]:
    settlements = tables["settlements"]
    isolated = settlements["kind"] == "isolated"
    by_kind = settlements.groupby("kind").size()
    by_source = settlements.groupby("population_source")["population"].agg(["size", "sum"])
    without = settlements["district_id"].isna()
    return {
        "rows": {name: len(table) for name, table in sorted(tables.items())},
        "settlements_by_kind": {str(k): int(n) for k, n in by_kind.items()},
        "settlements_in_plan": int(settlements["in_plan"].sum()),
        "people_in_plan": int(settlements.loc[settlements["in_plan"], "population"].sum()),
        "isolated_dwellings": int(isolated.sum()),
        "people_in_isolated_dwellings": int(settlements.loc[isolated, "population"].sum()),
        "by_population_source": {
            str(source): {"settlements": int(row["size"]), "people": int(row["sum"])}
            for source, row in by_source.iterrows()
        },
        "settlements_without_district": int(without.sum()),
        **places.counts,
        **spread.counts,
    }


def _write(
    folder: Path, sources: Path, settings: PackSettings, catalogue: SourceCatalogue,
    tables: Mapping[str, pd.DataFrame], counts: Mapping[str, Any], found: Findings,
) -> None:  # fmt: skip
    """Write tables, parameters, licences and the manifest."""
    for name, table in tables.items():
        write_parquet(table, folder / f"{name}.parquet")
    (folder / "params").mkdir()
    for name in settings.params:
        load_params(sources / name)
        shutil.copyfile(sources / name, folder / "params" / name)
    rasters = write_rasters(settings.rasters, catalogue, folder)
    if (sources / "LICENSES.md").is_file():
        shutil.copyfile(sources / "LICENSES.md", folder / "LICENSES.md")
    written = sorted(p for p in folder.rglob("*") if p.is_file())
    if not written:
        raise InputError(_NOT_BUILT)
    manifest = {
        "code": settings.code,
        "title": settings.title,
        "currency": settings.currency,
        "price_year": settings.price_year,
        "builder_version": BUILDER_VERSION,
        "software": {"qamtu": version("qamtu"), "pyarrow": pa.__version__,
                     "geos": shapely.geos_version_string, "gdal": rasterio.__gdal_version__},
        "settings_sha256": file_sha256(sources / "pack.toml"),
        "sources": [asdict(source) for source in catalogue.sources],
        "rasters": rasters,
        "tables": {p.relative_to(folder).as_posix(): file_sha256(p) for p in written},
        "counts": counts,
        "findings": [asdict(f) | {"severity": f.severity.value} for f in found],
    }  # fmt: skip
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
