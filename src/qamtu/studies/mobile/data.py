"""The line's inputs from a pack and the user's files: cities, ground, sites, fibre, parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from qamtu.connectivity.mobile import Inputs
from qamtu.connectivity.mobile.checks import check_inputs, check_settings
from qamtu.core.errors import InputError, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params, load_params
from qamtu.core.provenance import Source
from qamtu.country import Pack, load_pack, read_surface, read_table
from qamtu.country.clutter import terrain_params
from qamtu.kernels.terrain import Surface
from qamtu.studies.mobile.request import MobileRequest
from qamtu.studies.mobile.standing import read_standing
from qamtu.studies.mobile.territory import choose_cities, with_territories
from qamtu.studies.own_files import refuse_missing, with_own_sources

__all__ = ["MobileData", "mobile_inputs", "mobile_params", "used_files"]

_LINE: Final = "qamtu.connectivity.mobile"
_COARSE: Final = "coarse_terrain"
_SHARE: Final = 0.75
_FIRST_YEAR: Final = 2026
_MARGIN_DEG: Final = 0.02
_KM_A_DEGREE: Final = 111.0
_LOCATIONS_MOST: Final = 99.0
_PER_CITY: Final = frozenset({"terrain-coarse"})  # the line tells it for all cities at once


@dataclass(frozen=True, slots=True)
class MobileData:
    """Everything that a mobile study is made from.

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


def mobile_params(pack: Pack, override: Path | None) -> Params:
    """Merge the line's parameters with the pack's and a user's file, the last one holding.

    The limit of coarse terrain is the country's (`terrain_params`), so that one value holds.
    """
    folder = files(_LINE).joinpath("params")
    coarse = Params({_COARSE: terrain_params()[_COARSE]})
    params = load_params(folder.joinpath("mobile.toml")).merged(
        load_params(folder.joinpath("bands.toml")), coarse, *pack.params.values()
    )
    if not any("price_year" in own for own in pack.params.values()):
        params = params.with_values({"price_year": float(pack.price_year)}, f"pack {pack.code}")
    return params if override is None else params.overridden(override)


def mobile_inputs(request: MobileRequest) -> MobileData:
    """Read everything that the plan of the cities needs.

    Raises
    ------
    MissingInput
        If a file is not there, or the pack has no cities and no outlines are given.
    InputError
        With all findings of all files.
    """
    _refuse_missing(request)
    pack = load_pack(request.pack)
    params = mobile_params(pack, request.params)
    found: list[Finding] = _request_findings(request)
    cities = _cities(request, pack, found)
    sites = None
    if request.sites is not None:
        sites, more = read_standing(request.sites, params, request.band_mhz, pack.territory)
        found += more
    nodes, lines = _fibre(request, pack, found)
    inputs = _inputs(request, pack, params, cities, sites)
    inputs = replace(inputs, fibre_nodes=nodes, fibre_lines=lines)
    found += check_settings(inputs)
    if not any(f.severity is Severity.ERROR for f in found):
        # the ground takes long to read: whatever else is wrong is told before
        found += [f for f in check_inputs(inputs).errors if f.id != "surface-missing"]
    raise_errors(found, "what was given cannot be used", strict=request.strict)
    surfaces = _surfaces(request, pack, params, cities, found)
    return MobileData(pack, replace(inputs, surfaces=surfaces), Findings(tuple(found)))


def _cities(request: MobileRequest, pack: Pack, found: list[Finding]) -> gpd.GeoDataFrame:
    """Give the cities that are wanted; what is wrong with them joins the findings."""
    bad: list[Finding] = []
    cities = with_territories(pack, request.territory, bad)
    found += bad
    if any(f.severity is Severity.ERROR for f in bad):
        return cities
    try:
        return choose_cities(cities, request.cities)
    except InputError as error:
        found += error.findings
        return cities


def _inputs(
    request: MobileRequest, pack: Pack, params: Params, cities: gpd.GeoDataFrame,
    sites: pd.DataFrame | None,
) -> Inputs:  # fmt: skip
    """Put the settings together with all tables but the ground and the fibre."""
    share = request.share
    if share is None:
        known = "territory_share_target" in params
        share = params.value("territory_share_target") if known else _SHARE
    year = request.first_year
    if year is None:
        year = int(params.value("first_year")) if "first_year" in params else _FIRST_YEAR
    return Inputs(
        cities=cities,
        surfaces={},
        params=params,
        settlements=pack.tables["settlements"],
        existing_sites=sites,
        frequency_mhz=request.band_mhz,
        territory_share_target=share,
        people_share_target=share if request.people_share is None else request.people_share,
        level_dbm_min=request.level_dbm,
        speed_down_mbps_min=request.throughput,
        situation=request.situation,
        location_share=min(max(request.location_percent / 100.0, 0.01), 0.99),
        cell_m=request.cell_m,
        spacing_m=request.spacing_m,
        rotations=request.rotations,
        load_share=request.load_share,
        least_sites=request.least_sites,
        first_year=year,
        years=request.years,
        time_limit_s=request.time_limit_s,
        point_time_limit_s=request.point_time_limit_s,
        gap_limit=request.gap_limit,
        max_rounds=request.max_rounds,
        seed=request.seed,
    )


def _request_findings(request: MobileRequest) -> list[Finding]:
    """Find a share of locations that is no percentage of 1 to 99."""
    value = request.location_percent
    if 1.0 < value <= _LOCATIONS_MOST:
        return []
    mend = "give more than 1 and at most 99 per cent"
    if 0.0 < value < 1.0:
        mend = f"give it in per cent: {100.0 * value:g}"
    return [
        Finding("setting-out-of-range", Severity.ERROR,
                f"the share of locations is {value:g} %", mend, "settings", None, "locations")
    ]  # fmt: skip


def used_files(request: MobileRequest, pack: Pack) -> tuple[list[Source], dict[str, str]]:
    """List the sources of a study, the user's own files among them, and all checksums."""
    own = [
        request.territory, request.sites, request.land_cover, request.clutter_table,
        request.buildings, request.params, *request.fibre, *request.terrain,
    ]  # fmt: skip
    return with_own_sources(pack, own)


def _refuse_missing(request: MobileRequest) -> None:
    """Name every file that is not there at once."""
    given = {
        "--territory": request.territory,
        "--sites": request.sites,
        "--land-cover": request.land_cover,
        "--clutter-table": request.clutter_table,
        "--buildings": request.buildings,
        "--params": request.params,
        **{f"--fibre ({i + 1})": path for i, path in enumerate(request.fibre)},
        **{f"--terrain ({i + 1})": path for i, path in enumerate(request.terrain)},
    }
    refuse_missing({}, given)


def _fibre(
    request: MobileRequest, pack: Pack, found: list[Finding]
) -> tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame | None]:
    """Points and lines with fibre: the pack's and the user's."""
    nodes, lines = ([pack.tables[n]] if n in pack.tables else [] for n in _FIBRE)
    for path in request.fibre:
        table, bad = read_table(path, "fibre_lines")
        kinds = set(table.geometry.geom_type.dropna()) if "geometry" in table.columns else set()
        if kinds and kinds <= {"LineString", "MultiLineString"}:
            lines.append(table)
        else:
            table, bad = read_table(path, "fibre_nodes")
            nodes.append(table)
        found += bad
        if table.empty:
            found.append(
                Finding("table-empty", Severity.WARNING, "the table has no rows, so it changes "
                        "nothing", "fill it, or leave it out", path.name)
            )  # fmt: skip
    return _joined(nodes), _joined(lines)


_FIBRE: Final = ("fibre_nodes", "fibre_lines")


def _joined(parts: list[pd.DataFrame]) -> gpd.GeoDataFrame | None:
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True)) if parts else None


def _surfaces(
    request: MobileRequest, pack: Pack, params: Params, cities: gpd.GeoDataFrame,
    found: list[Finding],
) -> dict[str, Surface]:  # fmt: skip
    """Read the ground of each city, as far beyond its edge as a site reaches."""
    band = f"band_{round(request.band_mhz)}_reach"
    reach_deg = (params.value(band) if band in params else 0.0) / _KM_A_DEGREE + _MARGIN_DEG
    made: dict[str, Surface] = {}
    told: dict[str, list[tuple[str, Finding]]] = {}
    for city, shape in zip(cities["city_id"], cities.geometry, strict=True):
        west, south, east, north = shape.bounds
        wide = reach_deg / max(float(np.cos(np.radians(max(abs(south), abs(north))))), 0.05)
        made[str(city)], bad = read_surface(
            pack, (west - wide, south - reach_deg, east + wide, north + reach_deg),
            heights=list(request.terrain), land_cover=request.land_cover,
            clutter_table=request.clutter_table, buildings=request.buildings,
        )  # fmt: skip
        for finding in bad:
            told.setdefault(finding.id, []).append((str(city), finding))
    found += [f for rule, same in told.items() if rule not in _PER_CITY for f in _gathered(same)]
    return made


def _gathered(same: Iterable[tuple[str, Finding]]) -> list[Finding]:
    """Make one finding of those that a rule has for several cities."""
    listed = list(same)
    city, first = listed[0]
    if len(listed) == 1:
        return [first]
    what = f"{first.what} ({city}); {len(listed) - 1} more cities are alike"
    return [Finding(first.id, first.severity, what, first.mend, first.file, None, first.field)]
