"""Holding tables, packs and users' files against every rule; nothing raises, all is told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.provenance import file_sha256
from qamtu.country.catalogue import check_sources, load_catalogue
from qamtu.country.checks_places import (
    check_coordinates,
    check_far,
    check_households,
    check_names,
    check_people,
    check_sums,
    check_units,
)
from qamtu.country.checks_programme import check_programme
from qamtu.country.checks_shapes import (
    check_geometry,
    check_ids,
    check_lines_swapped,
    check_links,
    check_network,
    check_terrain,
)
from qamtu.country.pack import Pack
from qamtu.country.tables import TABLES, contract_of, table_kind

__all__ = ["check_pack", "check_table", "check_tables"]


def check_pack(pack: Pack, sources: Path | None = None) -> Findings:
    """Give all findings about a pack: those of its build and those of its tables now.

    Parameters
    ----------
    pack
        The pack.
    sources
        Builder's folder (``packs/kz``), to tell whether a source changed since the build.
    """
    found = tuple(pack.findings) + tuple(check_tables(pack.tables))
    found += tuple(_check_files(pack))
    if sources is not None:
        found += tuple(_check_stale(pack, sources))
    return Findings(found)


def check_tables(tables: Mapping[str, pd.DataFrame]) -> Findings:
    """Run every rule over the tables of a pack."""
    found: list[Finding] = []
    for name in TABLES:
        if name in tables:
            found += check_table(tables[name], name, name, tables)
        elif TABLES[name].required:
            found.append(
                Finding("table-missing", Severity.ERROR, f"there is no table of {name}",
                        f"add {name}.csv, {name}.gpkg or {name}.parquet", name)
            )  # fmt: skip
    if {"settlements", "regions"} <= set(tables) and _has(
        tables["settlements"], "urban", "region_id", "population"
    ):
        found += check_sums(tables["settlements"], tables["regions"])
    found += check_programme(tables)
    return Findings(tuple(found))


def check_table(
    table: pd.DataFrame, name: str, file: str, tables: Mapping[str, pd.DataFrame] | None = None
) -> Findings:
    """Hold one table, of a pack or of a user, against its contract and all rules.

    Parameters
    ----------
    table
        The table as it was read.
    name
        Which table of the contract it is.
    file
        What the findings call it.
    tables
        Tables of the pack that it belongs to: they give territory, regions and districts.
    """
    kind, around = table_kind(name), tables or {}
    read, found = contract_of(name).validate(table, kind.shape, file)
    more: list[Finding] = check_ids(read, kind, file)
    if kind.geometry != "point" or _has(table, "geometry"):
        more += check_geometry(read, kind, file)
    if _has(table, "lat_deg", "lon_deg") and kind.geometry == "point":
        land = None if name == "power_plants" else _territory(around)
        more += check_coordinates(read, file, land)
    if kind.geometry == "line" and _has(read, "geometry"):
        more += check_network(read, file)
        land = _territory(around)
        more += [] if land is None else check_lines_swapped(read, file, land)
    if name == "fibre_nodes" and "settlements" in around:
        more += check_links(read, file, around["settlements"])
    if name == "terrain" and _has(table, "lat_deg", "lon_deg", "height_m", "slope_deg"):
        more += check_terrain(read, file)
    if kind.shape == "settlement":
        more += _check_settlements(read, table, file, around)
    return found + more


def _check_settlements(
    read: pd.DataFrame, given: pd.DataFrame, file: str, around: Mapping[str, pd.DataFrame]
) -> list[Finding]:
    """Run the rules of settlements for the columns that were given."""
    regions, districts = around.get("regions"), around.get("districts")
    found: list[Finding] = []
    if _has(given, "population"):
        found += check_people(read, file, regions)
    if _has(given, "population", "households"):
        found += check_households(read, file)
    if _has(given, "region_id"):
        found += check_units(read, file, regions, districts)
    if _has(given, "settlement_id", "lat_deg", "lon_deg"):
        found += check_names(read, file)
        found += check_far(read, file)
    return found


def _has(table: pd.DataFrame, *columns: str) -> bool:
    return set(columns) <= set(table.columns)


def _territory(tables: Mapping[str, pd.DataFrame]) -> Any | None:
    regions = tables.get("regions")
    if regions is None or "geometry" not in regions.columns:
        return None
    return shapely.union_all(np.asarray(regions["geometry"].array))


def _check_files(pack: Pack) -> list[Finding]:
    """Find files of a built pack that are no longer those of the build."""
    if pack.folder is None:
        return []
    found = []
    for name, sha256 in pack.checksums.items():
        path = pack.folder / name
        if not path.is_file() or file_sha256(path) != sha256:
            found.append(
                Finding("built-file-changed", Severity.WARNING,
                        "the file is not the one that the build wrote",
                        "build the pack again", str(path))
            )  # fmt: skip
    return found


def _check_stale(pack: Pack, sources: Path) -> list[Finding]:
    """Find sources that changed, or that the pack was not built from."""
    catalogue = load_catalogue(sources)
    found = list(check_sources(catalogue))
    built = {source.id: source.sha256 for source in pack.sources}
    for source in catalogue.sources:
        if built.get(source.id, source.sha256) != source.sha256:
            found.append(
                Finding("pack-stale", Severity.WARNING,
                        f"the pack was built from {built[source.id][:12]}…, the catalogue now "
                        f"says {source.sha256[:12]}…", "build the pack again",
                        str(catalogue.folder / catalogue.files[source.id]))
            )  # fmt: skip
        elif source.id not in built:
            found.append(
                Finding("pack-stale", Severity.WARNING,
                        f"the pack was built without the source {source.id!r}",
                        "build the pack again", str(sources / "catalogue.toml"))
            )  # fmt: skip
    return found
