"""The corridors study from inputs to results: pure, seeded, no files."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.corridors.checks import (
    check_inputs,
    check_reach,
    check_results,
    stated_over_drawn,
)
from qamtu.connectivity.corridors.choice import Ground, Masts, build_masts, choose_masts
from qamtu.connectivity.corridors.costs import Prices
from qamtu.connectivity.corridors.fibre import fibre_ways
from qamtu.connectivity.corridors.hops import clear_tile, gather_hops, hop_pairs, hop_tasks
from qamtu.connectivity.corridors.inputs import Inputs
from qamtu.connectivity.corridors.join import Joined, Links, gather_links, join_sites
from qamtu.connectivity.corridors.outcome import Outcome, Plan, work_out
from qamtu.connectivity.corridors.places import Places, find_places, tile_of
from qamtu.connectivity.corridors.posts import (
    FibrePoints,
    Posts,
    fibre_points,
    gather_posts,
    nearest_fibre_m,
)
from qamtu.connectivity.corridors.reach import Antenna, Link, Mapper, find_reach
from qamtu.connectivity.corridors.results import Results, Totals
from qamtu.connectivity.corridors.roads import Roads, join_roads, usable_edges
from qamtu.connectivity.corridors.samples import (
    Samples,
    longest_gaps,
    sample_roads,
    windows,
)
from qamtu.connectivity.corridors.service import Budget, link_budget
from qamtu.connectivity.corridors.tables import (
    hop_table,
    region_table,
    road_table,
    site_table,
    stretch_table,
    year_table,
)
from qamtu.core.errors import raise_errors
from qamtu.core.findings import Findings
from qamtu.core.progress import Report, Stage, silent
from qamtu.kernels.propagation.p1812 import Settings, location_sigma_db, make_constants
from qamtu.kernels.terrain import ground_height, nearest
from qamtu.optimise.cover import CoverAnswer

__all__ = ["run"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_PHASING_SECONDS: Final = 10.0
_STRAIGHT: Final = 1.15


@dataclass
class _Clock:
    """Seconds of each stage."""

    report: Report
    began: float = field(default_factory=time.perf_counter)
    stages: list[tuple[str, float]] = field(default_factory=list)

    def done(self, name: str, detail: str) -> None:
        now = time.perf_counter()
        self.stages.append((name, now - self.began))
        self.began = now
        self.report(Stage(name, 1.0, detail))


@dataclass(frozen=True, slots=True)
class _Network:
    """Roads, points and places, with what is known of their ground."""

    roads: Roads
    samples: Samples
    places: Places
    known: Flags
    resolution: Floats


def run(
    inputs: Inputs, *, progress: Report = silent, mapper: Mapper = map, strict: bool = False
) -> Results:
    """Choose, join and phase the sites that serve the roads at least net present cost.

    Parameters
    ----------
    inputs
        Tables, terrain, parameters and settings.
    progress
        Is told each stage.
    mapper
        Applies a function to tasks, in order, as `map` does; a task is a tile of terrain.
    strict
        Whether a warning about the inputs stops the run.

    Raises
    ------
    InputError
        With all findings about the inputs.
    Infeasible
        If the share of the length cannot be reached; says the nearest that can.
    """
    clock = _Clock(progress)
    found = check_inputs(inputs)
    raise_errors(found, "the inputs of the corridors cannot be used", strict=strict)
    inputs = replace(
        inputs,
        roads=inputs.roads[usable_edges(inputs.roads)].reset_index(drop=True),
        heights_m=tuple(sorted(set(inputs.heights_m))),
    )
    network = _network(inputs)
    found += check_reach(network.samples, network.known)
    raise_errors(found, "the roads cannot be studied", strict=strict)
    clock.done(
        "roads and places",
        f"{network.samples.length_m.sum() / 1000.0:,.0f} km, {network.places.count:,} places",
    )
    prices = Prices(inputs.params, 2 if inputs.antenna == "road" else 1)
    points = fibre_points(inputs.settlements, inputs.fibre_nodes)
    budget = _budget(inputs)
    masts = _masts(inputs, network, prices, points, budget, mapper)
    clock.done("coverage", f"{masts.count:,} masts, {len(masts.sample):,} points of theirs")
    answer, holes, lost = _choose(inputs, network, masts, mapper, progress)
    clock.done("choice of sites", f"{len(answer.chosen):,} sites, gap {answer.gap:.2%}")
    plan = _join(inputs, network, masts, answer, prices, points, mapper)
    gap = 1.0 - plan.joined.bound / plan.joined.price if plan.joined.price else 0.0
    clock.done("backhaul", f"{len(plan.joined.order):,} links, gap {gap:.2%}")
    outcome = work_out(
        plan, prices, first_year=inputs.first_year, years=inputs.years,
        budget_per_year=inputs.budget_per_year, time_limit_s=_PHASING_SECONDS, seed=inputs.seed,
    )  # fmt: skip
    clock.done("phasing", f"gap {outcome.phases.schedule.gap:.2%}")
    lost_windows = (holes[0][lost], holes[1][lost])
    results = _results(inputs, network, plan, outcome, answer, prices, points, budget, lost_windows)
    clock.done("tables", f"{len(results.stretches):,} stretches")
    return replace(results, findings=found + results.findings, stages=tuple(clock.stages))


def _network(inputs: Inputs) -> _Network:
    roads = join_roads(inputs.roads)
    samples = sample_roads(roads, inputs.regions, inputs.step_m)
    places = find_places(
        roads, inputs.settlements, inputs.regions, inputs.surfaces, inputs.water, inputs.sites,
        step_m=1000.0 * inputs.place_step_km, settlement_m=1000.0 * inputs.settlement_distance_km,
    )  # fmt: skip
    known = np.zeros(samples.count, dtype=bool)
    resolution = np.full(samples.count, np.nan)
    tile = tile_of(inputs.surfaces, samples.lat_deg, samples.lon_deg)
    for number, own in enumerate(inputs.surfaces):
        here = np.flatnonzero(tile == number)
        at = samples.lat_deg[here], samples.lon_deg[here]
        known[here] = np.isfinite(ground_height(own.surface, *at))
        resolution[here] = nearest(own.surface, own.surface.resolution_arcsec, *at, np.nan)
    return _Network(roads, samples, places, known, resolution)


def _budget(inputs: Inputs) -> Budget:
    sigma = location_sigma_db(inputs.frequency_mhz / 1000.0, inputs.params.value("location_width"))
    return link_budget(inputs.service, inputs.params, float(sigma))


def _link(inputs: Inputs, budget: Budget) -> Link:
    value = inputs.params.value
    sector = Antenna(value("sector_gain"), value("sector_beamwidth"), value("sector_front_to_back"))
    round_about = Antenna(value("omni_gain"), 0.0, 0.0)
    settings = Settings(
        inputs.frequency_mhz / 1000.0, time_percent=value("time_percent"),
        delta_n=value("refractivity_lapse"), n0=value("refractivity_sea_level"),
    )  # fmt: skip
    return Link(
        antenna=sector if inputs.antenna == "road" else round_about,
        standing=Antenna(value("sector_gain"), 0.0, 0.0),
        loss_db=budget.loss_db,
        constants=make_constants(settings),
        device_m=value("device_height"),
        below_top_m=value("antenna_below_top"),
        radius_m=1000.0 * inputs.radius_km,
        step_m=value("profile_step"),
    )


def _masts(
    inputs: Inputs, network: _Network, prices: Prices, points: FibrePoints, budget: Budget,
    mapper: Mapper,
) -> Masts:  # fmt: skip
    reach, standing = find_reach(
        inputs.surfaces, network.places, network.samples, _link(inputs, budget),
        heights_m=inputs.heights_m, standing_m=_standing_m(inputs), mapper=mapper,
    )  # fmt: skip
    site = prices.site(network.places).npv + _cheapest_link(network.places, prices, points)
    return build_masts(reach, site, prices.tower(inputs.heights_m).npv, standing)


def _cheapest_link(places: Places, prices: Prices, points: FibrePoints) -> Floats:
    """Price the cheapest link that could ever join each place, see `gather_links`."""
    hop = float(prices.hop(1).npv[0])
    away = nearest_fibre_m(places, points)
    fibre = prices.fibre(np.where(np.isfinite(away), away, 0.0)).npv + prices.terminal(1).npv
    return np.asarray(np.where(np.isfinite(away), np.minimum(fibre, hop), hop))


def _standing_m(inputs: Inputs) -> Floats:
    if inputs.sites is None:
        return np.zeros(0)
    return inputs.sites["height_m"].to_numpy(dtype=np.float64)


def _choose(
    inputs: Inputs, network: _Network, masts: Masts, mapper: Mapper, progress: Report
) -> tuple[CoverAnswer, tuple[Ints, Ints], Ints]:
    none = np.zeros(0, dtype=np.int64)
    gap = inputs.gap_km_max
    samples, places = network.samples, network.places
    holes = windows(samples, 1000.0 * gap) if gap is not None else (none, none)
    ground = Ground(
        places.lat_deg, places.lon_deg, 1000.0 * inputs.radius_km, 1000.0 * (gap or 0.0)
    )
    answer, lost = choose_masts(
        masts, samples, holes, share=inputs.share, ground=ground, mapper=mapper,
        time_limit_s=inputs.time_limit_s, gap_limit=inputs.gap_limit, seed=inputs.seed,
        progress=progress,
    )  # fmt: skip
    return answer, holes, lost


def _join(
    inputs: Inputs, network: _Network, masts: Masts, answer: CoverAnswer, prices: Prices,
    points: FibrePoints, mapper: Mapper,
) -> Plan:  # fmt: skip
    params, tiles = inputs.params, inputs.surfaces
    below = params.value("microwave_below_top")
    new = answer.chosen[masts.height[answer.chosen] >= 0]
    heights = np.array(inputs.heights_m)
    posts = gather_posts(
        network.roads, tiles, network.places, masts.place[new], heights[masts.height[new]],
        points, params, lowest_m=float(heights[0]), standing_m=_standing_m(inputs),
    )  # fmt: skip
    links = _links(inputs, network, posts, prices, below, mapper)
    joined: Joined = join_sites(
        posts, links, below, time_limit_s=inputs.join_time_limit_s, gap_limit=inputs.gap_limit,
        max_rounds=inputs.max_rounds, seed=inputs.seed,
    )  # fmt: skip
    return Plan(network.samples, network.places, masts, answer.chosen, posts, links, joined)


def _links(
    inputs: Inputs, network: _Network, posts: Posts, prices: Prices, below: float, mapper: Mapper
) -> Links:
    params = inputs.params
    pairs = hop_pairs(posts, 1000.0 * inputs.hop_km_max, round(params.value("hop_neighbours")))
    ladder = np.maximum(np.array(inputs.heights_m) - below, 1.0)
    tasks = hop_tasks(inputs.surfaces, posts, pairs, ladder, params.value("microwave_frequency"))
    hops = gather_hops(posts, pairs, [*mapper(clear_tile, tasks)])
    ways = fibre_ways(
        network.roads, posts, 1000.0 * params.value("fibre_join_distance"),
        params.value("spur_detour_factor"),
    )  # fmt: skip
    return gather_links(posts, hops, ways, prices, network.places, below)


def _results(
    inputs: Inputs, network: _Network, plan: Plan, outcome: Outcome, answer: CoverAnswer,
    prices: Prices, points: FibrePoints, budget: Budget, lost_windows: tuple[Ints, Ints],
) -> Results:  # fmt: skip
    roads, samples = network.roads, network.samples
    served = outcome.sample_year >= 0
    reachable = plan.masts.served(np.arange(plan.masts.count), samples.count)
    sites = site_table(inputs, roads, plan, outcome, prices, points)
    hops = hop_table(inputs, plan, outcome, points)
    gaps = longest_gaps(samples, served, roads.count)
    terrain = _terrain(network)
    ratio = stated_over_drawn(inputs.roads)
    straight = samples.length_m[ratio[samples.edge] > _STRAIGHT].sum() / 1000.0
    findings = check_results(
        inputs, roads, samples, served=served, reachable=reachable, lost_windows=lost_windows,
        gaps_m=gaps, unjoined=len(plan.joined.lost), asked_share=inputs.share, terrain=terrain,
        on_straight_km=float(straight),
    )  # fmt: skip
    return Results(
        sites=sites,
        stretches=stretch_table(inputs, roads, plan, outcome, reachable, network.known),
        hops=hops,
        roads=road_table(inputs, roads, plan, outcome),
        by_region=region_table(inputs, plan, outcome, sites, hops),
        years=year_table(inputs, plan, outcome, sites, hops),
        budget=_budget_table(inputs, budget),
        terrain=terrain,
        totals=_totals(plan, outcome, answer, gaps, sites, hops),
        phasing_gap=outcome.phases.schedule.gap,
        phasing_method=outcome.phases.schedule.method,
        findings=Findings(tuple(answer.findings)) + findings,
        stages=(),
    )


def _terrain(network: _Network) -> pd.DataFrame:
    km = pd.Series(network.samples.length_m / 1000.0)
    summed = km.groupby(np.round(network.resolution, 2)).sum()
    total = float(km.sum())
    return pd.DataFrame(
        {
            "resolution_arcsec": summed.index.to_numpy(dtype=np.float64),
            "length_km": summed.to_numpy(),
            "share": summed.to_numpy() / total if total else summed.to_numpy(),
        }
    )


def _budget_table(inputs: Inputs, budget: Budget) -> pd.DataFrame:
    gain = inputs.params.value("sector_gain" if inputs.antenna == "road" else "omni_gain")
    rows = (
        ("sinr_down_db", budget.sinr_down_db, "dB"), ("sinr_up_db", budget.sinr_up_db, "dB"),
        ("loss_down_db", budget.loss_down_db + gain, "dB"),
        ("loss_up_db", budget.loss_up_db + gain, "dB"),
        ("vehicle_db", budget.vehicle_db, "dB"), ("location_db", budget.location_db, "dB"),
        ("antenna_gain_dbi", gain, "dBi"), ("loss_db", budget.loss_db + gain, "dB"),
        ("frequency_mhz", inputs.frequency_mhz, "MHz"),
    )  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "value", "unit"])


def _totals(
    plan: Plan, outcome: Outcome, answer: CoverAnswer, gaps: Floats, sites: pd.DataFrame,
    hops: pd.DataFrame,
) -> Totals:  # fmt: skip
    km, year = plan.samples.length_m / 1000.0, outcome.sample_year
    served = float(km[year >= 0].sum())
    new = sites[~sites["existing"].astype(bool)]
    npv = float(new["npv"].sum() + hops["npv"].sum())
    bound = min(answer.bound, npv)
    radio = hops["hop_kind"] == "microwave"
    joined = plan.joined
    return Totals(
        length_km=float(km.sum()),
        served_km=served,
        served_today_km=float(km[year == 0].sum()),
        share=served / float(km.sum()),
        gap_km=float(gaps.max(initial=0.0)) / 1000.0,
        sites_new=len(new),
        sites_relay=int((new["role"] == "relay").sum()),
        sites_existing=int(sites["existing"].sum()),
        hops=int(radio.sum()),
        hop_km=float(hops.loc[radio, "length_m"].sum()) / 1000.0,
        fibre_km=float(hops.loc[~radio, "length_m"].sum()) / 1000.0,
        capex=float(new["capex"].sum() + hops["capex"].sum()),
        opex_per_year=float(new["opex_per_year"].sum() + hops["opex_per_year"].sum()),
        npv=npv,
        bound=bound,
        gap=1.0 - bound / npv if npv else 0.0,
        sites_npv=answer.cost,
        sites_bound=answer.bound,
        sites_gap=answer.gap,
        backhaul_npv=joined.price,
        backhaul_bound=joined.bound,
        backhaul_gap=1.0 - joined.bound / joined.price if joined.price else 0.0,
    )
