"""What a plan is made from: the pack, a user's own tables laid over it, and settings."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd
import shapely

from qamtu.connectivity.villages import Inputs
from qamtu.core.errors import InputError, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params, load_params
from qamtu.core.provenance import Source
from qamtu.country import (
    Pack,
    check_table,
    check_tables,
    load_pack,
    merge_settlements,
    read_osm,
    read_table,
)
from qamtu.studies.own_files import refuse_missing, with_own_sources

__all__ = ["PlanRequest", "header_line", "plan_inputs", "plan_params", "used_sources"]

_LINE = "qamtu.connectivity.villages"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What to plan, from what, under which targets, and where to put it.

    A target that is None is taken from the pack; a negative one switches it off.
    """

    pack: str
    out: Path
    region: str | None = None
    params: Path | None = None
    settlements: Path | None = None
    existing: tuple[Path, ...] = ()
    roads: Path | None = None
    osm: Path | None = None
    villages: int | None = None
    people_share: float | None = None
    budget: float | None = None
    budget_per_year: float | None = None
    capacity_km_per_year: float | None = None
    years: int = 5
    first_year: int | None = None
    speed_down_mbps: float = 100.0
    latency_ms: float = 1000.0
    railways: bool = False
    line_of_sight: bool = True
    terrain: tuple[Path, ...] = ()
    rings: int = 10
    curve_points: int = 7
    draws: int = 400
    sensitivity: bool = True
    time_limit_s: float = 20.0
    region_time_limit_s: float | None = None
    gap_limit: float = 0.001
    max_rounds: int | None = None
    seed: int = 1
    scheduler: str = "processes"
    workers: int | None = None
    overwrite: bool = False
    strict: bool = False


def plan_params(pack: Pack, override: Path | None) -> Params:
    """Merge the line's own parameters with the pack's and a user's file, the last one holding.

    A pack that has no parameter ``price_year`` gives its own price year.
    """
    folder = files(_LINE).joinpath("params")
    params = load_params(folder.joinpath("trench.toml")).merged(
        load_params(folder.joinpath("villages.toml")), *pack.params.values()
    )
    if not any("price_year" in own for own in pack.params.values()):
        params = params.with_values({"price_year": float(pack.price_year)}, f"pack {pack.code}")
    return params if override is None else params.overridden(override)


def plan_inputs(request: PlanRequest) -> tuple[Pack, Inputs, Findings]:
    """Read everything a plan needs.

    Returns
    -------
    pack, inputs, findings
        The pack as shipped, the line's inputs with the user's tables laid over it, and what is
        worth knowing about them.

    Raises
    ------
    MissingInput
        If a file is not there.
    InputError
        With all findings of all files.
    """
    _refuse_missing(request)
    pack = load_pack(request.pack)
    found: list[Finding] = _settings(request)
    if not pack.checksums:  # nobody has checked what a user filled
        found += check_tables(pack.tables)
    params = _gathered(found, lambda: plan_params(pack, request.params), Params({}))
    pack, nodes, lines, roads = _own_tables(request, pack, found)
    settlements, regions = pack.tables["settlements"], pack.tables["regions"]
    code = request.region
    if request.region is not None:
        name = request.region
        code = _gathered(found, lambda: find_region(regions, name), None)
    raise_errors(found, "what was given cannot be used", strict=request.strict)
    if code is not None:
        inside = regions[regions["region_id"] == code]
        settlements, roads = _near(gpd.GeoDataFrame(settlements), inside), _near(roads, inside)
        own = settlements["region_id"] == code
        near = shapely.dwithin(
            shapely.points(settlements[["lon_deg", "lat_deg"]].to_numpy(dtype=float)),
            inside.geometry.union_all(),
            _MARGIN_DEG,
        )
        nodes = _with_neighbours(nodes, settlements[~own & near])
        settlements = settlements.assign(in_plan=settlements["in_plan"].astype(bool) & own)
    inputs = Inputs(
        settlements=settlements.reset_index(drop=True),
        roads=roads.reset_index(drop=True),
        regions=regions,
        params=params,
        terrain=pack.tables.get("terrain"),
        water=pack.tables.get("water"),
        fibre_nodes=nodes,
        fibre_lines=lines,
        railways=pack.tables.get("railways") if request.railways else None,
        speed_down_mbps_min=request.speed_down_mbps,
        latency_ms_max=request.latency_ms,
        villages_target=_target(request.villages, params, "villages_target", request.region),
        people_share_target=_target(request.people_share, params, "people_share_target"),
        capex_limit=request.budget,
        first_year=int(_or(params, "first_year", 2026))
        if request.first_year is None
        else request.first_year,
        years=request.years,
        budget_per_year=request.budget_per_year,
        capacity_km_per_year=request.capacity_km_per_year,
        rings=request.rings,
        curve_points=request.curve_points,
        time_limit_s=request.time_limit_s,
        region_time_limit_s=request.region_time_limit_s,
        gap_limit=request.gap_limit,
        max_rounds=request.max_rounds,
        seed=request.seed,
    )
    return pack, inputs, Findings(tuple(found))


def find_region(regions: pd.DataFrame, wanted: str) -> str:
    """Find a region by id or by its name in any language.

    Raises
    ------
    InputError
        If there is none; the finding lists what there is.
    """
    low = wanted.casefold().strip()
    names = ("region_id", "name_en", "name_ru", "name_kk")
    for column in names:
        match = regions[regions[column].astype("str").str.casefold() == low]
        if len(match) == 1:
            return str(match["region_id"].iloc[0])
    part = pd.Series(data=False, index=regions.index)
    for column in names:
        part |= regions[column].astype("str").str.casefold().str.startswith(low)
    if low and part.sum() == 1:
        return str(regions.loc[part, "region_id"].iloc[0])
    listed = ", ".join(
        f"{r.region_id} ({r.name_en})" for r in regions.sort_values("region_id").itertuples()
    )
    finding = Finding(
        "region-unknown", Severity.ERROR, f"there is no region {wanted!r}", f"give one of {listed}"
    )
    msg = f"the region {wanted!r} is not known"
    raise InputError(msg, [finding])


def used_sources(request: PlanRequest, pack: Pack) -> tuple[list[Source], dict[str, str]]:
    """List the sources of a plan, the user's own files among them, and all checksums."""
    own = [request.settlements, request.roads, request.osm, request.params, *request.existing]
    return with_own_sources(pack, [*own, *request.terrain])


def _refuse_missing(request: PlanRequest) -> None:
    """Name every file that is not there at once."""
    given = {
        "--settlements": request.settlements,
        "--roads": request.roads,
        "--osm": request.osm,
        "--params": request.params,
        **{f"--existing ({i + 1})": path for i, path in enumerate(request.existing)},
    }
    folders = {f"--terrain ({i + 1})": path for i, path in enumerate(request.terrain)}
    refuse_missing(given, folders)


def _gathered(found: list[Finding], make: Callable[[], _T], otherwise: _T) -> _T:
    """Make something; where that fails, put down why and go on, so that all is told at once."""
    try:
        return make()
    except InputError as error:
        plain = Finding("unusable", Severity.ERROR, str(error.args[0]), "mend what was given")
        found += error.findings or [plain]
        return otherwise


def _settings(request: PlanRequest) -> list[Finding]:
    """Find settings out of range that the line does not see."""
    given = {
        "seed": (request.seed, 0.0),
        "draws": (request.draws, 0.0),
        "max_rounds": (request.max_rounds, 0.0),
        "gap_limit": (request.gap_limit, 0.0),
        "first_year": (request.first_year, 1.0),
    }
    return [
        Finding(
            "setting-out-of-range", Severity.ERROR, f"{name} is {value}",
            f"give {least:g} or more", "settings", None, name,
        )
        for name, (value, least) in given.items()
        if value is not None and not (value >= least and math.isfinite(value))
    ]  # fmt: skip


def _own_tables(
    request: PlanRequest, pack: Pack, found: list[Finding]
) -> tuple[Pack, gpd.GeoDataFrame | None, gpd.GeoDataFrame | None, gpd.GeoDataFrame]:
    """Lay the user's tables over the pack's: pack, fibre nodes, fibre lines, roads."""
    path = request.settlements
    if path is not None:
        pack, bad = _gathered(found, lambda: merge_settlements(pack, path), (pack, Findings()))
        found += bad
    nodes, lines = _parts(pack.tables.get("fibre_nodes")), _parts(pack.tables.get("fibre_lines"))
    for file in request.existing:
        pack = _gathered(found, lambda f=file, p=pack: _existing(f, p, nodes, lines, found), pack)  # type: ignore[misc]
    roads, bad = _gathered(found, lambda: _roads(request, pack), (_no_roads(), Findings()))
    found += bad
    return pack, _joined(nodes), _joined(lines), roads


def _existing(
    path: Path,
    pack: Pack,
    nodes: list[gpd.GeoDataFrame],
    lines: list[gpd.GeoDataFrame],
    found: list[Finding],
) -> Pack:
    """Lay one file of existing fibre over the pack's.

    A table with ``has_fibre`` changes settlements; points become nodes, lines become lines.
    """
    if path.suffix.lower() == ".csv" and "has_fib" in header_line(path):
        pack, bad = merge_settlements(pack, path)
        found += bad
        return pack
    table, kind, bad = _read_fibre(path)
    if not any(f.severity is Severity.ERROR for f in bad):
        bad += check_table(table, kind, path.name, pack.tables)
        (nodes if kind == "fibre_nodes" else lines).append(table)
    found += [*dict.fromkeys(bad), *_nothing(table, path)]
    return pack


def _read_fibre(path: Path) -> tuple[gpd.GeoDataFrame, str, Findings]:
    """Read a file of existing fibre as points, or as lines where it holds lines."""
    text = path.suffix.lower() in {".csv", ".tsv", ".txt"}
    header = header_line(path) if text else ""
    if not text or (("wkt" in header or "geometry" in header) and "lat" not in header):
        table, found = read_table(path, "fibre_lines")
        kinds = set(table.geometry.geom_type) if "geometry" in table.columns else set()
        if text or (kinds and kinds <= {"LineString", "MultiLineString"}):
            return gpd.GeoDataFrame(table), "fibre_lines", found
    table, found = read_table(path, "fibre_nodes")
    return gpd.GeoDataFrame(table), "fibre_nodes", found


def _nothing(table: pd.DataFrame, path: Path) -> list[Finding]:
    """Tell of a file that was given and has no rows."""
    what, mend = "the table has no rows, so it changes nothing", "fill it, or leave it out"
    return [] if len(table) else [Finding("table-empty", Severity.WARNING, what, mend, path.name)]


def header_line(path: Path) -> str:
    """Give the first line of a text file, whatever its encoding."""
    with path.open("rb") as stream:
        return stream.readline().decode("latin-1").casefold()


def _parts(table: pd.DataFrame | None) -> list[gpd.GeoDataFrame]:
    return [] if table is None or table.empty else [gpd.GeoDataFrame(table)]


def _joined(parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame | None:
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True)) if parts else None


def _roads(request: PlanRequest, pack: Pack) -> tuple[gpd.GeoDataFrame, Findings]:
    path = request.osm or request.roads
    if path is None:
        own = pack.tables.get("roads")
        return (_no_roads() if own is None else gpd.GeoDataFrame(own)), Findings()
    if request.osm is not None:
        extract = read_osm(request.osm)
        roads, found = extract.roads, extract.findings
    else:
        table, found = read_table(path, "roads")
        roads = gpd.GeoDataFrame(table)
        if not found.errors:
            checked = (*found, *check_table(roads, "roads", path.name, pack.tables))
            found = Findings(tuple(dict.fromkeys(checked)))
    if found.errors or not len(roads):
        return roads, found + tuple(_nothing(roads, path))
    if not roads.intersects(shapely.box(*gpd.GeoSeries(pack.territory).total_bounds)).any():
        what, mend = "none of the roads lies in the country", "give roads of this country"
        found += (Finding("roads-outside", Severity.ERROR, what, mend, path.name),)
    return roads, found


def _no_roads() -> gpd.GeoDataFrame:
    columns = {"road_id": "str", "road_class": "str", "length_m": "float64"}
    made = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    return gpd.GeoDataFrame(made, geometry=gpd.GeoSeries([], crs=4326))


def _near(table: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep what lies in the box of the regions, with a margin of half a degree."""
    west, south, east, north = regions.total_bounds
    return table.cx[
        west - _MARGIN_DEG : east + _MARGIN_DEG, south - _MARGIN_DEG : north + _MARGIN_DEG
    ]


_MARGIN_DEG = 0.5


def _with_neighbours(
    nodes: gpd.GeoDataFrame | None, outside: gpd.GeoDataFrame
) -> gpd.GeoDataFrame | None:
    """Add the places with fibre today beyond a region's border to the points to begin from."""
    lit = outside[outside["in_plan"].astype(bool) & outside["has_fibre"].fillna(value=False)]
    if lit.empty:
        return nodes
    points = gpd.GeoDataFrame(
        {
            "node_id": "settlement:" + lit["settlement_id"].astype("str"),
            "lat_deg": lit["lat_deg"],
            "lon_deg": lit["lon_deg"],
        },
        geometry=gpd.points_from_xy(lit["lon_deg"], lit["lat_deg"]),
        crs=4326,
    )
    return _joined([*_parts(nodes), points])


def _target(given: Any, params: Params, name: str, region: str | None = None) -> Any:
    """Take a target from the user, else from the pack; a negative one is none."""
    if given is not None:
        return given if given >= 0 else None
    if region is not None or name not in params:
        return None
    value = params.value(name)
    return int(value) if params[name].unit == "settlements" else value


def _or(params: Params, name: str, default: float) -> float:
    return params.value(name) if name in params else default
