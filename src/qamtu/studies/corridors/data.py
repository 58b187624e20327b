"""The line's inputs from a pack and the user's files: roads, ground, sites, fibre, parameters."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from qamtu.connectivity.corridors import Inputs
from qamtu.connectivity.corridors.checks import check_inputs, check_settings
from qamtu.core.errors import InputError, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params, load_params
from qamtu.core.provenance import Source
from qamtu.country import Pack, load_pack, read_osm, read_table
from qamtu.studies.corridors.request import CorridorsRequest
from qamtu.studies.corridors.tiles import read_tiles
from qamtu.studies.corridors.today import lit_settlements, plan_table, standing_sites
from qamtu.studies.own_files import refuse_missing, with_own_sources
from qamtu.studies.plan_data import find_region

__all__ = ["OSM_CLASSES", "CorridorsData", "corridors_inputs", "corridors_params", "used_files"]

OSM_CLASSES: Final = ("motorway", "trunk", "primary", "secondary")
"""Road classes of an extract that count where none are named."""

_LINE: Final = "qamtu.connectivity.corridors"
_OWN: Final = ("villages", "targets", "corridors")
_FIRST_YEAR: Final = 2026
_MARGIN_DEG: Final = 1.0
_REGION_NAMES: Final = ("name_en", "name_ru", "name_kk")


@dataclass(frozen=True, slots=True)
class CorridorsData:
    """Everything that a study of the corridors is made from.

    Parameters
    ----------
    pack
        The pack as shipped.
    inputs
        The line's inputs.
    findings
        What is worth knowing about them.
    """

    pack: Pack
    inputs: Inputs
    findings: Findings


def corridors_params(pack: Pack, override: Path | None) -> Params:
    """Merge the line's parameters with the pack's and a user's file, the last one holding.

    Of the pack's files those on villages (its economy), targets and corridors count.
    """
    folder = files(_LINE).joinpath("params")
    own = [pack.params[name] for name in _OWN if name in pack.params]
    params = load_params(folder.joinpath("corridors.toml")).merged(
        load_params(folder.joinpath("service.toml")), *own
    )
    if not any("price_year" in one for one in own):
        params = params.with_values({"price_year": float(pack.price_year)}, f"pack {pack.code}")
    return params if override is None else params.overridden(override)


def corridors_inputs(request: CorridorsRequest) -> CorridorsData:
    """Read everything that the study needs.

    Raises
    ------
    MissingInput
        If a file is not there.
    InputError
        With all findings of all files.
    """
    _refuse_missing(request)
    pack = load_pack(request.pack)
    params = corridors_params(pack, request.params)
    found: list[Finding] = []
    regions = gpd.GeoDataFrame(pack.tables["regions"])
    if request.region is not None:
        try:
            code = find_region(regions, request.region)
            regions = regions[regions["region_id"] == code].reset_index(drop=True)
        except InputError as error:
            found += _with_hint(error.findings, regions, request.region)
    roads = _roads(request, pack, regions, found)
    reach_km = max(request.radius_km, request.hop_km_max)
    sites = None
    if request.sites is not None:
        sites = standing_sites(request.sites, params, pack, roads, reach_km, found)
    nodes = _fibre(request, pack, found)
    settlements = _settlements(request, pack, regions, found)
    if not (math.isfinite(request.gap_km_max) and request.gap_km_max != 0.0):
        what = f"gap_km_max is {request.gap_km_max}"
        mend = "give kilometres above 0, or -1 for no limit"
        found.append(
            Finding("setting-out-of-range", Severity.ERROR, what, mend, "settings", None,
                    "gap_km_max")
        )  # fmt: skip
    year = request.first_year
    if year is None:
        year = int(params.value("first_year")) if "first_year" in params else _FIRST_YEAR
    water = pack.tables.get("water")
    inputs = Inputs(
        roads=roads,
        settlements=settlements,
        regions=regions,
        surfaces=(),
        params=params,
        service=request.service,
        antenna=request.antenna,
        heights_m=request.heights_m,
        water=None if water is None else gpd.GeoDataFrame(water),
        sites=sites,
        fibre_nodes=nodes,
        step_m=request.step_m,
        share=request.share,
        gap_km_max=request.gap_km_max if request.gap_km_max > 0.0 else None,
        frequency_mhz=request.frequency_mhz,
        place_step_km=request.place_step_km,
        settlement_distance_km=request.settlement_distance_km,
        radius_km=request.radius_km,
        hop_km_max=request.hop_km_max,
        first_year=year,
        years=request.years,
        budget_per_year=request.budget_per_year,
        time_limit_s=request.time_limit_s,
        join_time_limit_s=request.join_time_limit_s,
        gap_limit=request.gap_limit,
        max_rounds=request.max_rounds,
        seed=request.seed,
    )
    # all at once, and before the terrain, which takes its time, is read; tables that are wrong
    # already are not looked at again
    wrong = any(f.severity is Severity.ERROR for f in found)
    told = [*found, *(check_settings(inputs) if wrong else check_inputs(inputs))]
    raise_errors(told, "what was given cannot be used", strict=request.strict)
    tiles, seen = read_tiles(
        pack, roads, regions, margin_km=reach_km,
        terrain=request.terrain, land_cover=request.land_cover,
        clutter_table=request.clutter_table, memory_mb=request.terrain_memory_mb,
    )  # fmt: skip
    return CorridorsData(pack, replace(inputs, surfaces=tiles), Findings(tuple(found)) + seen)


def _with_hint(
    findings: Sequence[Finding], regions: gpd.GeoDataFrame, wanted: str
) -> list[Finding]:
    """Add the region that was probably meant to what is said of an unknown one."""
    names = {
        str(name).casefold(): row["region_id"]
        for row in regions.drop(columns="geometry").to_dict("records")
        for name in (row[c] for c in _REGION_NAMES if c in row)
    }
    near = difflib.get_close_matches(wanted.casefold().strip(), list(names), n=3)
    if not near:
        return list(findings)
    meant = " or ".join(f"{name.title()} ({names[name]})" for name in near)
    return [replace(f, mend=f"did you mean {meant}? {f.mend}") for f in findings]


def used_files(request: CorridorsRequest, pack: Pack) -> tuple[list[Source], dict[str, str]]:
    """List the sources of a study, the user's own files among them, and all checksums."""
    own = [
        request.roads, request.osm, request.sites, request.land_cover, request.clutter_table,
        request.params, *request.fibre, *request.terrain,
        *([plan_table(request.plan)] if request.plan is not None else []),
    ]  # fmt: skip
    return with_own_sources(pack, own)


def _refuse_missing(request: CorridorsRequest) -> None:
    """Name every file that is not there at once."""
    given = {
        "--roads": request.roads,
        "--osm": request.osm,
        "--sites": request.sites,
        "--land-cover": request.land_cover,
        "--clutter-table": request.clutter_table,
        "--params": request.params,
        "--plan": None if request.plan is None else plan_table(request.plan),
        **{f"--existing ({i + 1})": path for i, path in enumerate(request.fibre)},
        **{f"--terrain ({i + 1})": path for i, path in enumerate(request.terrain)},
    }
    refuse_missing({}, given)


def _roads(
    request: CorridorsRequest, pack: Pack, regions: gpd.GeoDataFrame, found: list[Finding]
) -> gpd.GeoDataFrame:
    """Read the roads, keep the classes asked for and what lies near the territory."""
    file = "roads"
    if request.osm is not None:
        extract = read_osm(request.osm)
        roads, file = extract.roads, request.osm.name
        found += extract.findings
    elif request.roads is not None:
        table, told = read_table(request.roads, "roads")
        roads, file = gpd.GeoDataFrame(table), request.roads.name
        found += told
    elif "roads" in pack.tables:
        roads = gpd.GeoDataFrame(pack.tables["roads"])
    else:
        found.append(
            Finding("roads-missing", Severity.ERROR, "the pack has no roads",
                    "give roads (--roads, --osm)", "roads")
        )  # fmt: skip
        return gpd.GeoDataFrame({"road_id": [], "length_m": []}, geometry=[], crs=4326)
    if any(f.severity is Severity.ERROR for f in found) or not len(roads):
        return roads
    wanted = request.classes or (OSM_CLASSES if request.osm is not None else ())
    if wanted:
        kept = roads[roads["road_class"].isin(wanted)]
        if not len(kept):
            there = ", ".join(sorted(roads["road_class"].dropna().astype("str").unique()))
            found.append(
                Finding("road-class-unknown", Severity.ERROR,
                        f"no road is of the classes {', '.join(wanted)}",
                        f"give some of {there}", file, None, "road_class")
            )  # fmt: skip
        roads = kept
    whole = regions.geometry.union_all()
    inside = shapely.intersects(roads.geometry.to_numpy(), whole)
    if len(roads) and not inside.any():
        found.append(
            Finding("roads-outside", Severity.ERROR, "none of the roads lies in the territory",
                    "give roads of this country, or another region", file)
        )  # fmt: skip
    return roads[inside].reset_index(drop=True)


def _fibre(request: CorridorsRequest, pack: Pack, found: list[Finding]) -> pd.DataFrame | None:
    """Points with fibre besides settlements: the pack's and the user's."""
    parts = [pack.tables["fibre_nodes"]] if "fibre_nodes" in pack.tables else []
    for path in request.fibre:
        table, bad = read_table(path, "fibre_nodes")
        found += bad
        if not len(table):
            found.append(
                Finding("table-empty", Severity.WARNING, "the table has no rows, so it changes "
                        "nothing", "fill it, or leave it out", path.name)
            )  # fmt: skip
        parts.append(table)
    return pd.concat(parts, ignore_index=True) if parts else None


def _settlements(
    request: CorridorsRequest, pack: Pack, regions: gpd.GeoDataFrame, found: list[Finding]
) -> pd.DataFrame:
    """Take the pack's settlements near the territory; those a plan lights count as served."""
    table = pd.DataFrame(pack.tables["settlements"])
    west, south, east, north = regions.total_bounds
    near = table["lat_deg"].between(south - _MARGIN_DEG, north + _MARGIN_DEG) & table[
        "lon_deg"
    ].between(west - _MARGIN_DEG, east + _MARGIN_DEG)
    table = table[near].reset_index(drop=True)
    if request.plan is None:
        return table
    lit = lit_settlements(request.plan, pd.DataFrame(pack.tables["settlements"]), found)
    now = table["settlement_id"].isin(lit)
    added = int((now & ~table["has_fibre"].astype(bool)).sum())
    found.append(
        Finding("plan-served-points", Severity.INFO,
                f"{added:,} settlements that the plan gives fibre or microwave count as served "
                "points, whatever their year", "leave --plan out to join today's network only",
                str(request.plan))
    )  # fmt: skip
    return table.assign(has_fibre=table["has_fibre"].astype(bool) | now)
