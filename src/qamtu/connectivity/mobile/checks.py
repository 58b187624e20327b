"""Rules on what enters and leaves the mobile line, one function a rule."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from qamtu.connectivity.mobile.inputs import Inputs
from qamtu.connectivity.mobile.radio import SITUATIONS, known_bands
from qamtu.connectivity.mobile.tasks import make_wanted, standing_of
from qamtu.core.fields import load_contract
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params

__all__ = ["check_inputs", "check_plan", "check_settings", "coarse_arcsec"]

_PACKAGE: Final = "qamtu.connectivity.mobile"
_GEOD: Final = Geod(ellps="WGS84")
_CELLS_MOST: Final = 2_000_000
_COARSE: Final = "coarse_terrain"
_COARSE_ARCSEC: Final = 3.0  # where the parameter is not handed in
_APART: Final = 0.15
_DARK: Final = 0.05


def check_inputs(inputs: Inputs) -> Findings:
    """Hold tables and settings against the contract and the rules below."""
    contract = load_contract(_PACKAGE)
    _, found = contract.validate(inputs.cities, "city", "cities")
    if inputs.existing_sites is not None:
        _, more = contract.validate(inputs.existing_sites, "existing_sector", "existing_sites")
        found += more
    if inputs.settlements is not None:
        _, more = contract.validate(inputs.settlements, "settlement", "settlements")
        found += more
    if any(f.id == "column-missing" for f in found.errors):
        return found
    rules = (_some_cities, _outlines, _surfaces, _standing)
    found += tuple(finding for rule in rules for finding in rule(inputs))
    return found + tuple(check_settings(inputs))


def check_settings(inputs: Inputs) -> Findings:
    """Hold the settings alone against their rules: no table and no ground is looked at."""
    rules = (_ranges, _band, _requirement, _money)
    found = Findings(tuple(finding for rule in rules for finding in rule(inputs)))
    return found if found.errors else found + tuple(_throughput(inputs))


def coarse_arcsec(params: Params) -> float:
    """Cell size of terrain above which a result is told to stand on coarse ground [arcsec].

    The parameter ``coarse_terrain`` where it is handed in, else 3 arc seconds, some 90 m.
    """
    return params.value(_COARSE) if _COARSE in params else _COARSE_ARCSEC


def check_plan(cities: pd.DataFrame, sites: pd.DataFrame, inputs: Inputs) -> Findings:
    """Look at a finished plan for what a planner should know."""
    return Findings(
        (
            *_coarse(cities, inputs), *_circles(cities), *_areas(cities), *_people(cities),
            *_left_out(cities, inputs), *_unconnected(sites), *_unseen(inputs),
        )
    )  # fmt: skip


def _wrong(rule: str, field: str, what: str, mend: str) -> Finding:
    return Finding(rule, Severity.ERROR, what, mend, "settings", None, field)


def _some_cities(inputs: Inputs) -> list[Finding]:
    if len(inputs.cities) == 0:
        return [
            Finding("no-city", Severity.ERROR, "there is no city to plan",
                    "give a table of cities with their outlines", "cities")
        ]  # fmt: skip
    twice = np.flatnonzero(inputs.cities["city_id"].duplicated().to_numpy())
    return [
        Finding("id-duplicate", Severity.ERROR,
                f"city_id {inputs.cities['city_id'].iloc[i]!r} stands more than once",
                "give every city an id of its own", "cities", int(i) + 2, "city_id")
        for i in twice
    ]  # fmt: skip


def _ranges(inputs: Inputs) -> list[Finding]:
    limits: dict[str, tuple[float | None, float, float]] = {
        "territory_share_target": (inputs.territory_share_target, 0.0, 1.0),
        "people_share_target": (inputs.people_share_target, 0.0, 1.0),
        "location_share": (inputs.location_share, 0.01, 0.99),
        "load_share": (inputs.load_share, 0.0, 1.0),
        "cell_m": (inputs.cell_m, 20.0, 5000.0),
        "spacing_m": (inputs.spacing_m, 50.0, 50_000.0),
        "rotations": (inputs.rotations, 1, 12),
        "years": (inputs.years, 1, 100),
        "time_limit_s": (inputs.time_limit_s, 0.0, 1e6),
        "point_time_limit_s": (inputs.point_time_limit_s, 0.0, 1e6),
        "gap_limit": (inputs.gap_limit, 0.0, 1.0),
    }
    found = []
    for name, (value, low, high) in limits.items():
        if value is None or low <= value <= high:
            continue
        mend = f"give {low:g} to {high:g}"
        if name.endswith(("share", "share_target")) and 1.0 < value <= 100.0:
            mend = f"give a share, not a percentage: {value / 100:g}"
        found.append(_wrong("setting-out-of-range", name, f"{name} is {value:g}", mend))
    if not (inputs.territory_share_target or inputs.people_share_target):
        found.append(
            _wrong("nothing-asked", "territory_share_target", "no share is asked for",
                   "give a share of the territory or of the people above 0")
        )  # fmt: skip
    return found


def _band(inputs: Inputs) -> list[Finding]:
    known, asked = known_bands(inputs.params), inputs.frequency_mhz
    if round(asked) in known and abs(asked - round(asked)) < 1e-6:
        return []
    mend = f"give one of {', '.join(map(str, known))} MHz"
    if round(asked * 1000.0) in known:
        mend = f"this looks like GHz: give {asked * 1000.0:g}"
    elif round(asked / 1e6) in known:
        mend = f"this looks like Hz: give {asked / 1e6:g}"
    return [_wrong("band-unknown", "frequency_mhz", f"no band at {asked:g} MHz is known", mend)]


def _requirement(inputs: Inputs) -> list[Finding]:
    level, speed = inputs.level_dbm_min, inputs.speed_down_mbps_min
    found = []
    if level is not None and speed is not None:
        found.append(
            _wrong("requirement-twice", "level_dbm_min", "a level and a throughput are asked for",
                   "give one of them")
        )  # fmt: skip
    if level is not None and not -140.0 <= level <= -40.0:
        mend = f"give {-level:g}" if 40.0 <= level <= 140.0 else "give -140 to -40 dBm"
        found.append(_wrong("level-out-of-range", "level_dbm_min", f"{level:g} dBm", mend))
    if speed is not None and not speed > 0.0:
        found.append(
            _wrong("setting-out-of-range", "speed_down_mbps_min", f"{speed:g} Mbit/s",
                   "give more than 0")
        )  # fmt: skip
    if inputs.situation is not None and inputs.situation not in SITUATIONS:
        found.append(
            _wrong("situation-unknown", "situation", f"{inputs.situation!r} is not known",
                   f"give one of {', '.join(SITUATIONS)}")
        )  # fmt: skip
    return found


def _throughput(inputs: Inputs) -> list[Finding]:
    """Find a throughput that the carrier cannot give to anybody."""
    speed = inputs.speed_down_mbps_min
    radio = make_wanted(inputs).radio(inputs.params)
    if speed is None or np.isfinite(radio.sinr_min_db):
        return []
    most = radio.bandwidth_mhz * radio.downlink_share * radio.layers * radio.shannon.efficiency_max
    return [
        _wrong("throughput-out-of-reach", "speed_down_mbps_min",
               f"{speed:g} Mbit/s is more than a carrier of {radio.bandwidth_mhz:g} MHz gives",
               f"ask for at most {most:.0f} Mbit/s, or take a wider band")
    ]  # fmt: skip


def _outlines(inputs: Inputs) -> list[Finding]:
    found = []
    shapes = inputs.cities.geometry
    for i, (city, shape) in enumerate(zip(inputs.cities["city_id"], shapes, strict=True)):

        def error(rule: str, what: str, mend: str, row: int = i) -> None:
            found.append(Finding(rule, Severity.ERROR, what, mend, "cities", row + 2, "geometry"))

        if shape is None or shape.is_empty or shape.geom_type not in {"Polygon", "MultiPolygon"}:
            error("territory-missing", f"{city} has no polygon", "draw its territory")
            continue
        west, south, east, north = shape.bounds
        if max(abs(south), abs(north)) > 90.0 or max(abs(west), abs(east)) > 180.0:
            error("territory-off-globe", f"the outline of {city} is not in degrees",
                  "save it with its coordinate system")  # fmt: skip
            continue
        area = abs(_GEOD.geometry_area_perimeter(shape)[0]) / 1e6
        if not area > 0.0:
            error("territory-zero", f"the outline of {city} has no area", "draw its territory")
        elif area * 1e6 > _CELLS_MOST * inputs.cell_m**2:
            error("territory-large", f"{city} has {area:,.0f} km2, too many cells",
                  "check the outline, or take larger cells (--cell)")  # fmt: skip
    return found


def _surfaces(inputs: Inputs) -> list[Finding]:
    found = []
    for i, (city, shape) in enumerate(
        zip(inputs.cities["city_id"], inputs.cities.geometry, strict=True)
    ):
        surface = inputs.surfaces.get(str(city))
        if surface is None:
            what, mend = f"there is no ground for {city}", "read the surface of its rectangle"
        elif shape is not None and not shapely.covers(shapely.box(*surface.bounds), shape):
            what, mend = f"the ground of {city} does not reach its edge", "read a larger rectangle"
        else:
            continue
        found.append(
            Finding("surface-missing", Severity.ERROR, what, mend, "surfaces", i + 2, "surfaces")
        )
    return found


def _money(inputs: Inputs) -> list[Finding]:
    if "exchange_rate" in inputs.params:
        return []
    return [
        Finding("exchange-missing", Severity.ERROR, "no parameter exchange_rate is given",
                "give it in the pack's parameters: currency for one USD", "params", None,
                "exchange_rate")
    ]  # fmt: skip


def _standing(inputs: Inputs) -> list[Finding]:
    """Find standing sites of impossible height, and tell those in no territory."""
    sites = standing_of(inputs.existing_sites, inputs.frequency_mhz)
    found = [
        Finding("site-height", Severity.ERROR, f"the antenna of {s.site_id} is {s.height_m:g} m up",
                "give its height above ground, 1 to 300 m", "existing_sites", None, "height_m")
        for s in sites
        if np.isfinite(s.height_m) and not 1.0 <= s.height_m <= 300.0
    ]  # fmt: skip
    good = [s for s in inputs.cities.geometry if s is not None and not s.is_empty]
    if not sites or not good:
        return found
    union = shapely.union_all(good)
    lat, lon = np.array([s.lat_deg for s in sites]), np.array([s.lon_deg for s in sites])
    outside = ~np.asarray(shapely.contains_xy(union, lon, lat))
    if outside.any():
        swapped = int(np.asarray(shapely.contains_xy(union, lat, lon))[outside].sum())
        mend = (
            "change latitude and longitude"
            if swapped
            else "check their coordinates, unless they serve other places"
        )
        found.append(
            Finding("site-in-no-territory", Severity.WARNING,
                    f"{int(outside.sum()):,} of {len(sites):,} standing sites lie in no territory "
                    "and are left out", mend, "existing_sites", None, "lat_deg")
        )  # fmt: skip
    return found


def _coarse(cities: pd.DataFrame, inputs: Inputs) -> list[Finding]:
    coarse = cities[cities["resolution_arcsec"] > coarse_arcsec(inputs.params)]
    if coarse.empty:
        return []
    groups = coarse.groupby("resolution_arcsec")["city_id"].agg(", ".join)
    listed = "; ".join(f"{size} arcsec: {names}" for size, names in groups.items())
    return [
        Finding("terrain-coarse", Severity.WARNING,
                f"the terrain is coarse ({listed}): hills and streets within a cell are not seen",
                "fetch finer heights (qamtu country fetch terrain), or give your own (--terrain)",
                "cities", None, "resolution_arcsec")
    ]  # fmt: skip


def _circles(cities: pd.DataFrame) -> list[Finding]:
    if "territory_source" not in cities:
        return []
    circles = cities[cities["territory_source"] == "circle"]
    if circles.empty:
        return []
    return [
        Finding("territory-circle", Severity.WARNING,
                f"{len(circles)} territories are circles of the published area around the centre",
                "give the outlines (--territory)", "cities", None, "territory_source")
    ]  # fmt: skip


def _areas(cities: pd.DataFrame) -> list[Finding]:
    if "area_official_km2" not in cities:
        return []
    said = cities["area_official_km2"].astype("float64")
    apart = cities[(cities["area_km2"] / said - 1.0).abs() > _APART]
    return [
        Finding("territory-area-apart", Severity.WARNING,
                f"{row['city_id']}: {row['area_km2']:,.0f} km2 count, published are "
                f"{row['area_official_km2']:,.0f} km2", "check the outline", "cities", None,
                "area_km2")
        for row in apart.to_dict("records")
    ]  # fmt: skip


def _people(cities: pd.DataFrame) -> list[Finding]:
    if "population" not in cities or not cities["population"].notna().any():
        return []
    return [
        Finding("people-estimated", Severity.INFO,
                "where people live within a city is estimated: density falls off from the centre",
                "read people_share as a rough figure", "cities", None, "people_share")
    ]  # fmt: skip


def _left_out(cities: pd.DataFrame, inputs: Inputs) -> list[Finding]:
    """Tell where the covered part of a city is not where its people live."""
    if inputs.people_share_target:
        return []
    dark = cities[cities["people_share"] < cities["territory_share"] - _DARK]
    if dark.empty:
        return []
    listed = ", ".join(
        f"{row['city_id']} ({row['people_share']:.0%})" for row in dark.to_dict("records")
    )
    return [
        Finding("people-left-out", Severity.WARNING,
                f"the cheapest share of the territory leaves out the densest ground: {listed} of "
                "the people", "ask for a share of the people too (--people-share)", "cities",
                None, "people_share")
    ]  # fmt: skip


def _unconnected(sites: pd.DataFrame) -> list[Finding]:
    alone = sites[sites["backhaul"] == "none"]
    if alone.empty:
        return []
    return [
        Finding("backhaul-none", Severity.WARNING,
                f"{len(alone):,} sites have neither fibre near nor a hop in sight of a site with "
                "fibre; they are priced with a hop", "lay fibre there, or give your fibre points "
                "(--fibre)", "sites", None, "backhaul")
    ]  # fmt: skip


def _unseen(inputs: Inputs) -> list[Finding]:
    if inputs.existing_sites is not None and len(inputs.existing_sites):
        return []
    return [
        Finding("no-existing-sites", Severity.INFO,
                "no sites that stand are given: every site of the plan is a new one",
                "give the operators' sites (--sites)", "existing_sites")
    ]  # fmt: skip
