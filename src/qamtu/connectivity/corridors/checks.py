"""Rules on what enters and leaves the corridors line, one function a rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.corridors.inputs import Inputs
from qamtu.connectivity.corridors.reach import HEIGHTS_MAX
from qamtu.connectivity.corridors.roads import Roads, usable_edges
from qamtu.connectivity.corridors.samples import Samples
from qamtu.core.fields import load_contract
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.geodesy import along_polyline_m

__all__ = ["COARSE_ARCSEC", "check_inputs", "check_reach", "check_results", "check_settings"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_PACKAGE: Final = "qamtu.connectivity.corridors"
_ABOVE_ZERO: Final = (
    "step_m", "place_step_km", "radius_km", "hop_km_max", "years", "time_limit_s",
    "join_time_limit_s",
)  # fmt: skip
_FAR_KM: Final = {
    "place_step_km": 50.0, "radius_km": 100.0, "hop_km_max": 120.0, "gap_km_max": 1000.0,
}  # fmt: skip
_TALLEST_M: Final = 200.0
_FINEST_M, _WIDEST_M = 10.0, 1000.0
_SHOWN: Final = 8
COARSE_ARCSEC: Final = 3.5
"""Terrain of larger cells than this [arcsec] is called coarse."""
_STATED_MORE: Final = 1.15


def check_inputs(inputs: Inputs) -> Findings:
    """Hold tables and settings against the contract and the rules below."""
    contract = load_contract(_PACKAGE)
    found = Findings()
    tables = (("road", inputs.roads), ("settlement", inputs.settlements))
    more = (("existing_site", inputs.sites), ("fibre_node", inputs.fibre_nodes))
    for shape, table in (*tables, *more):
        if table is not None:
            found += contract.validate(table, shape, f"{shape}s")[1]
    found += tuple(_settings(inputs))
    if any(f.id == "column-missing" for f in found.errors):
        return found
    rules = (_placed, _ids, _usable_roads, _stated_lengths, _something_served, _standing_heights)
    return found + tuple(finding for rule in rules for finding in rule(inputs))


def check_settings(inputs: Inputs) -> Findings:
    """Hold the settings alone against their rules, whatever the tables are like."""
    return Findings(tuple(_settings(inputs)))


def check_reach(samples: Samples, known: Flags) -> Findings:
    """Look at the points of roads before masts are chosen: is there road, and terrain under it."""
    found: list[Finding] = []
    if not samples.count:
        found.append(
            Finding("roads-outside", Severity.ERROR, "no road lies inside the territory",
                    "give roads of this country, or check the region's name", "roads")
        )  # fmt: skip
        return Findings(tuple(found))
    lost = float(samples.length_m[~known].sum()) / 1000.0
    if lost:
        rows = np.unique(samples.edge[~known])
        found.append(
            Finding("road-outside-terrain", Severity.WARNING,
                    f"{lost:,.1f} km of {len(rows):,} roads have no terrain under them and count "
                    f"as not served (first: row {int(rows[0]) + 2})",
                    "give terrain that covers them (--terrain)", "roads", int(rows[0]) + 2)
        )  # fmt: skip
    return Findings(tuple(found))


def check_results(
    inputs: Inputs, roads: Roads, samples: Samples, *, served: Flags, reachable: Flags,
    lost_windows: tuple[Ints, Ints], gaps_m: Floats, unjoined: int, asked_share: float,
    terrain: pd.DataFrame, on_straight_km: float,
) -> Findings:  # fmt: skip
    """Look at a finished study for what a planner should know."""
    names = inputs.roads["road_id"].astype("str").to_numpy()
    found = [
        *_gaps(inputs, samples, names[roads.first_edge], lost_windows, reachable, gaps_m),
        *_unjoined(unjoined, samples, served, asked_share),
        *_coarse(terrain),
    ]
    if on_straight_km > 0.0:
        found.append(
            Finding(
                "road-drawn-straight", Severity.INFO,
                f"{on_straight_km:,.0f} km of road are drawn more than 15 % shorter than they "
                "are: their points stand on the drawn line, their length counts in full",
                "give the real course (--osm)", "roads",
            )
        )  # fmt: skip
    return Findings(tuple(found))


def _settings(inputs: Inputs) -> Iterator[Finding]:
    """Find settings out of range, and those that look like another unit."""
    for name in _ABOVE_ZERO:
        value = getattr(inputs, name)
        if not (value > 0 and np.isfinite(value)):
            yield _setting(name, value, "give more than 0")
    words = (("service", ("voice", "data5")), ("antenna", ("road", "omni")))
    for name, known in words:
        if getattr(inputs, name) not in known:
            yield _setting(name, repr(getattr(inputs, name)), f"say {' or '.join(known)}")
    for rule in (_distances, _share, _frequency, _money, _heights, _profile_step):
        yield from rule(inputs)


def _setting(name: str, value: object, mend: str) -> Finding:
    what = f"{name} is {value}"
    return Finding("setting-out-of-range", Severity.ERROR, what, mend, "settings", None, name)


def _distances(inputs: Inputs) -> Iterator[Finding]:
    if not inputs.settlement_distance_km >= 0:
        yield _setting("settlement_distance_km", inputs.settlement_distance_km, "give 0 or more")
    gap = inputs.gap_km_max
    if gap is not None and inputs.step_m > 0 and not gap * 1000.0 >= inputs.step_m:
        mend = (
            f"give at least the step ({inputs.step_m / 1000:g} km), or a finer step; "
            "the gap is in kilometres, the step in metres"
        )
        yield _setting("gap_km_max", gap, mend)
    for name in ("place_step_km", "radius_km", "hop_km_max", "gap_km_max"):
        value = getattr(inputs, name)
        if value is not None and value > _FAR_KM[name]:
            mend = f"give kilometres, {_FAR_KM[name]:g} at most"
            yield _setting(name, value, mend)


def _share(inputs: Inputs) -> Iterator[Finding]:
    if not 0 < inputs.share <= 1:
        mend = "give a share above 0 and up to 1"
        if 1 < inputs.share <= 100:
            mend = f"this looks like per cent: give {inputs.share / 100:g}"
        yield _setting("share", inputs.share, mend)


def _frequency(inputs: Inputs) -> Iterator[Finding]:
    if not 30 <= inputs.frequency_mhz <= 6000:
        mend = "P.1812 covers 30 to 6,000 MHz"
        if 0.03 <= inputs.frequency_mhz <= 6:
            mend = f"this looks like GHz: give {inputs.frequency_mhz * 1000:g}"
        yield _setting("frequency_mhz", inputs.frequency_mhz, mend)


def _money(inputs: Inputs) -> Iterator[Finding]:
    if inputs.budget_per_year is not None and not inputs.budget_per_year > 0:
        mend = "with nothing to spend, nothing can be built: give more than 0"
        yield _setting("budget_per_year", inputs.budget_per_year, mend)


def _heights(inputs: Inputs) -> Iterator[Finding]:
    heights = inputs.heights_m

    def wrong(what: str, mend: str) -> Finding:
        return Finding("heights-unusable", Severity.ERROR, what, mend, "settings", None,
                       "heights_m")  # fmt: skip

    if not heights:
        yield wrong("there is no tower height to choose from", "give one or more, as 30,50,70")
        return
    if len(set(heights)) > HEIGHTS_MAX:
        yield wrong(f"there are {len(set(heights))} tower heights", f"give {HEIGHTS_MAX} at most")
    for height in heights:
        if not 5.0 <= height <= _TALLEST_M:
            mend = f"give metres above ground, 5 to {_TALLEST_M:.0f}, as 30,50,70"
            what = f"a tower of {height:g} m was given"
            yield wrong(what if np.isfinite(height) else "a tower's height is no number", mend)


def _profile_step(inputs: Inputs) -> Iterator[Finding]:
    step = inputs.params.value("profile_step")
    if not _FINEST_M <= step <= _WIDEST_M:
        mend = f"give metres between the points of a profile, {_FINEST_M:g} to {_WIDEST_M:g}"
        yield _setting("profile_step", step, mend)


def _placed(inputs: Inputs) -> Iterator[Finding]:
    for name in ("roads", "regions", "water"):
        table = getattr(inputs, name)
        if table is None:
            continue
        if not isinstance(table, gpd.GeoDataFrame) or table.crs is None:
            yield Finding(
                "crs-missing", Severity.ERROR, "the table names no coordinate system",
                "save it with its coordinate system; degrees are EPSG:4326", name,
            )  # fmt: skip
        elif not table.crs.equals("EPSG:4326"):
            yield Finding(
                "crs-other", Severity.ERROR, f"the coordinates are in {table.crs.to_string()}",
                "bring them to EPSG:4326", name,
            )  # fmt: skip


def _ids(inputs: Inputs) -> Iterator[Finding]:
    for table, name, column in (
        (inputs.roads, "roads", "road_id"),
        (inputs.settlements, "settlements", "settlement_id"),
        (inputs.sites, "sites", "site_id"),
    ):
        if table is None:
            continue
        twice = np.flatnonzero(table[column].duplicated().to_numpy())
        for i in twice[:_SHOWN]:
            yield Finding(
                "id-duplicate", Severity.ERROR,
                f"{column} {table[column].iloc[i]!r} stands more than once "
                f"({len(twice):,} such rows)",
                "give every row an id of its own", name, int(i) + 2, column,
            )  # fmt: skip


def _usable_roads(inputs: Inputs) -> Iterator[Finding]:
    if not isinstance(inputs.roads, gpd.GeoDataFrame):
        return
    if not len(inputs.roads):
        yield Finding("roads-missing", Severity.ERROR, "there are no roads",
                      "give roads (--roads, --osm)", "roads")  # fmt: skip
        return
    bad = np.flatnonzero(~usable_edges(inputs.roads))
    if len(bad) == len(inputs.roads):
        yield Finding("roads-missing", Severity.ERROR, "no road has a line and a length",
                      "give lines with their length in metres", "roads")  # fmt: skip
        return
    for i in bad[:_SHOWN]:
        yield Finding(
            "road-without-length", Severity.WARNING,
            f"the road {inputs.roads['road_id'].iloc[i]!r} has no length or is no line "
            f"({len(bad):,} such rows): it was left out",
            "give a line with a length above 0", "roads", int(i) + 2, "length_m",
        )  # fmt: skip


def _stated_lengths(inputs: Inputs) -> Iterator[Finding]:
    """Find lengths in other units: kilometres for metres, or degrees."""
    if not isinstance(inputs.roads, gpd.GeoDataFrame) or not len(inputs.roads):
        return
    ratio = stated_over_drawn(inputs.roads)
    if not len(ratio):
        return
    middle = float(np.median(ratio))
    if middle < 0.5 or middle > 5.0:
        mend = "give metres along the road"
        if 5e-4 < middle < 2e-3:
            mend = "this looks like kilometres: give metres"
        yield Finding(
            "length-unit", Severity.ERROR,
            f"half of the roads are stated {middle:.2g} times as long as they are drawn",
            mend, "roads", None, "length_m",
        )  # fmt: skip


def stated_over_drawn(roads: gpd.GeoDataFrame) -> Floats:
    """Give the stated over the drawn length of each usable road [1]."""
    used = roads[usable_edges(roads)]
    coordinates, index = used.geometry.get_coordinates(), np.arange(len(used))
    counts = used.geometry.count_coordinates().to_numpy()
    offset = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    along = along_polyline_m(
        offset,
        np.ascontiguousarray(coordinates["y"].to_numpy()),
        np.ascontiguousarray(coordinates["x"].to_numpy()),
    )
    drawn = along[offset[index + 1] - 1] if len(used) else np.zeros(0)
    return np.asarray(used["length_m"].to_numpy(dtype=np.float64) / np.maximum(drawn, 1e-9))


def _something_served(inputs: Inputs) -> Iterator[Finding]:
    lit = bool(inputs.settlements["has_fibre"].eq(True).any())  # noqa: FBT003 (a value)
    nodes = inputs.fibre_nodes is not None and len(inputs.fibre_nodes) > 0
    sites = inputs.sites is not None and len(inputs.sites) > 0
    if not (lit or nodes or sites):
        yield Finding(
            "no-fibre-today", Severity.ERROR,
            "no settlement, node or site is served today, so there is nothing to join a site to",
            "set has_fibre of at least one settlement, or give fibre nodes (--existing)",
            "settlements", None, "has_fibre",
        )  # fmt: skip


def _standing_heights(inputs: Inputs) -> Iterator[Finding]:
    if inputs.sites is None:
        return
    height = inputs.sites["height_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    for i in np.flatnonzero(~((height >= 1.0) & (height <= 400.0)))[:_SHOWN]:
        yield Finding(
            "site-height", Severity.ERROR, f"the antennas are at {height[i]:g} m",
            "give metres above ground, 1 to 400", "sites", int(i) + 2, "height_m",
        )  # fmt: skip


def _gaps(
    inputs: Inputs, samples: Samples, road_name: NDArray[np.str_], lost: tuple[Ints, Ints],
    reachable: Flags, gaps_m: Floats,
) -> Iterator[Finding]:  # fmt: skip
    """Tell where a gap stays longer than allowed, road by road, and why."""
    if inputs.gap_km_max is None:
        return
    roads = np.unique(samples.road[lost[0]]) if len(lost[0]) else np.zeros(0, dtype=np.int64)
    ranked = roads[np.argsort(-gaps_m[roads], kind="stable")]
    for road in ranked[:_SHOWN]:
        own = samples.road == road
        dark = float(samples.length_m[own & ~reachable].sum()) / 1000.0
        yield Finding(
            "gap-unavoidable", Severity.WARNING,
            f"road {road_name[road]}: {gaps_m[road] / 1000.0:,.1f} km on end stay unserved where "
            f"{inputs.gap_km_max:g} km are allowed; no place in reach serves {dark:,.1f} km of it",
            "allow taller masts, more places (--place-step-km) or a lower frequency; look whether "
            "the drawn line is the road's", "roads",
        )  # fmt: skip
    if len(ranked) > _SHOWN:
        yield Finding(
            "gap-unavoidable", Severity.WARNING,
            f"{len(ranked) - _SHOWN:,} more roads have a gap that no place in reach closes",
            "see gap_m in the table of roads", "roads",
        )  # fmt: skip


def _unjoined(unjoined: int, samples: Samples, served: Flags, asked: float) -> Iterator[Finding]:
    if not unjoined:
        return
    total = float(samples.length_m.sum())
    share = float(samples.length_m[served].sum()) / total if total else 0.0
    yield Finding(
        "site-without-backhaul", Severity.WARNING,
        f"{unjoined:,} sites cannot be joined by any clear hop or road; without them {share:.1%} "
        f"of the length is served, not {asked:.1%}, and the bound speaks of plans that join all",
        "allow longer hops (--max-hop-km) or taller masts, or give more points with fibre",
        "sites",
    )  # fmt: skip


def _coarse(terrain: pd.DataFrame) -> Iterator[Finding]:
    coarse = terrain[terrain["resolution_arcsec"] > COARSE_ARCSEC]
    if coarse["share"].sum() < 0.005:
        return
    told = ", ".join(
        f"{share:.0%} at {arcsec:.4g} arcsec"
        for arcsec, share in zip(coarse["resolution_arcsec"], coarse["share"], strict=True)
    )
    yield Finding(
        "terrain-coarse", Severity.WARNING,
        f"the terrain under the roads is coarse ({told}): hills smaller than a cell are not seen, "
        "so coverage and hops are estimates to be surveyed",
        "fetch finer terrain (qamtu country fetch terrain) and give it with --terrain", "terrain",
    )  # fmt: skip
