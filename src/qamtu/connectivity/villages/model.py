"""The villages plan from inputs to results: pure, seeded, no files."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.villages.checks import check_inputs, check_plan
from qamtu.connectivity.villages.curve import (
    curve_table,
    curve_weights,
    exchange_choices,
)
from qamtu.connectivity.villages.divide import Begun, Limits, Mapper, begin_in_parts
from qamtu.connectivity.villages.formulation import (
    Choice,
    Weights,
    build_problem,
    problem_edges,
    read_choice,
)
from qamtu.connectivity.villages.inputs import Inputs
from qamtu.connectivity.villages.phasing import Phasing, Years, phase
from qamtu.connectivity.villages.prepare import Prepared, prepare
from qamtu.connectivity.villages.resilience import protect
from qamtu.connectivity.villages.results import Results, Totals
from qamtu.connectivity.villages.tables import route_table, settlement_table
from qamtu.connectivity.villages.targets import (
    Point,
    Targets,
    constrained_bound,
    meet_targets,
    trim,
    violations,
)
from qamtu.connectivity.villages.trench import build_trench_graph
from qamtu.core.errors import raise_errors
from qamtu.core.progress import Report, Stage, silent
from qamtu.optimise.steiner import solve

__all__ = ["run", "solve_priced"]

Ints = NDArray[np.int64]

_PHASING_SECONDS = 10.0
_PART_SECONDS = 3.0
_PART_SHARE = 4.0  # of the national tree's time, for all parts together
_WHOLE_CUSTOMERS = 15_000  # up to here the whole is solved as well without its parts


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


def solve_priced(prepared: Prepared, task: tuple[Weights, Limits, Ints | None]) -> Choice:
    """Solve the tree at one set of prices, warm from the edges of another plan.

    Parameters
    ----------
    prepared
        The plan's data.
    task
        Prices, limits and the edges of the problem to begin from (None for none).
    """
    weights, limits, start = task
    problem = build_problem(prepared, weights)
    solution = solve(
        problem,
        time_limit_s=limits.time_limit_s,
        gap_limit=limits.gap_limit,
        max_rounds=limits.max_rounds,
        seed=limits.seed,
        start=start,
    )
    return read_choice(prepared, weights, solution)


def run(
    inputs: Inputs, *, progress: Report = silent, mapper: Mapper = map, strict: bool = False
) -> Results:
    """Plan every settlement's access at least net present cost.

    Parameters
    ----------
    inputs
        Tables, parameters and settings.
    progress
        Is told each stage.
    mapper
        Applies a function to tasks, in order, as `map` does; processes or a cluster stand
        behind another one. The answer is the same, as long as no time limit binds.
    strict
        Whether a warning stops the run.

    Raises
    ------
    InputError
        With all findings about the inputs.
    Infeasible
        If the targets cannot be met; says the nearest that can.
    """
    clock = _Clock(progress)
    found = check_inputs(inputs)
    raise_errors(found, "the plan's inputs cannot be used", strict=strict)
    graph = build_trench_graph(
        settlements=inputs.settlements,
        roads=inputs.roads,
        terrain=inputs.terrain,
        water=inputs.water,
        territory=inputs.regions.geometry.union_all(),
        fibre_nodes=inputs.fibre_nodes,
        fibre_lines=inputs.fibre_lines,
        railways=inputs.railways,
        params=inputs.params,
    )
    clock.done("trench graph", f"{graph.n_nodes:,} nodes, {graph.n_edges:,} edges")
    prepared = prepare(
        inputs.settlements,
        graph,
        inputs.params,
        speed_down_mbps=inputs.speed_down_mbps_min,
        latency_ms=inputs.latency_ms_max,
        hops=inputs.hops,
    )
    clock.done("options", f"{len(prepared.customers):,} settlements without fibre")
    point, points, targets = _choose(inputs, prepared, mapper, clock)
    choice = point.choice
    phasing = phase(
        prepared, choice, _years(inputs), time_limit_s=_PHASING_SECONDS, seed=inputs.seed
    )
    clock.done("phasing", f"gap {phasing.schedule.gap:.2%}")
    shield = protect(prepared, choice, rings=inputs.rings)
    clock.done("resilience", f"{len(shield.rings)} rings")
    settlements = settlement_table(inputs.settlements, prepared, choice, phasing)
    routes = route_table(prepared, choice, phasing, shield.edges)
    totals = _totals(prepared, choice, targets, points, settlements, routes)
    traded = exchange_choices(points)
    base = next(p for p in traded if p.weights == Weights())
    binding = violations(prepared, targets, base.choice)
    clock.done("tables", f"{len(routes):,} routes")
    return Results(
        settlements=settlements,
        routes=routes,
        curve=curve_table(prepared, traded, point),
        years=_year_table(phasing, inputs.first_year),
        cuts=shield.cuts,
        rings=shield.rings,
        totals=totals,
        targets=targets,
        binding=binding,
        binding_cost=max(choice.npv - base.choice.npv, 0.0) if binding else 0.0,
        binding_cost_most=max(choice.npv - base.choice.bound, 0.0) if binding else 0.0,
        edge_disjoint_share=shield.edge_disjoint_share,
        findings=found
        + graph.findings
        + phasing.schedule.findings
        + check_plan(prepared, choice, settlements),
        stages=tuple(clock.stages),
        prepared=prepared,
        choice=choice,
        weights=point.weights,
        phasing=phasing,
        points=tuple(points),
    )


def _choose(
    inputs: Inputs, prepared: Prepared, mapper: Mapper, clock: _Clock
) -> tuple[Point, list[Point], Targets]:
    """Solve the least-cost plan and the curve side by side, then meet the targets."""
    full = Limits(inputs.time_limit_s, inputs.gap_limit, inputs.max_rounds, inputs.seed)
    quick = Limits(inputs.point_time_limit_s, inputs.gap_limit, inputs.max_rounds, inputs.seed)
    targets = Targets(inputs.villages_target, inputs.people_share_target, inputs.capex_limit)
    begun = _begin(inputs, prepared, mapper, clock)
    start = begun.edges if begun else None
    prices = curve_weights(prepared, inputs.curve_points)
    tasks = [(Weights(), full, start), *((w, quick, start) for w in prices)]
    choices = list(mapper(partial(solve_priced, prepared), tasks))
    if begun and begun.bound > choices[0].bound:
        choices[0] = replace(choices[0], bound=min(begun.bound, choices[0].priced))
    points = exchange_choices(
        [Point(task[0], choice) for task, choice in zip(tasks, choices, strict=True)]
    )
    base = points[0].choice
    clock.done(
        "least-cost tree and trade-off curve",
        f"{base.villages:,} villages, gap {(base.priced - base.bound) / base.priced:.3%}",
    )

    def one(weights: Weights, limits: Limits, known: Ints | None) -> Choice:
        (choice,) = mapper(partial(solve_priced, prepared), [(weights, limits, known)])
        return choice  # type: ignore[no-any-return]

    def again(weights: Weights, near: Point | None) -> Choice:
        known = problem_edges(prepared, near.choice) if near else start
        return one(weights, quick, known)

    best, points = meet_targets(prepared, targets, again, points)
    if best.weights != Weights():
        known = problem_edges(prepared, best.choice)
        half = replace(full, time_limit_s=0.5 * full.time_limit_s)
        final = Point(best.weights, one(best.weights, half, known))
        points.append(final)
        final = trim(prepared, targets, final)
        if not violations(prepared, targets, final.choice) and final.choice.npv < best.choice.npv:
            best = final
    clock.done("targets", f"{best.choice.villages:,} villages at the targets")
    return best, points, targets


def _begin(inputs: Inputs, prepared: Prepared, mapper: Mapper, clock: _Clock) -> Begun | None:
    """Solve the least-cost plan in its regions first, where there are several."""
    seconds = inputs.region_time_limit_s
    if seconds is None:
        parts = int(prepared.part.max()) + 1
        large = len(prepared.customers) > _WHOLE_CUSTOMERS
        seconds = min(_PART_SECONDS, _PART_SHARE * inputs.time_limit_s / parts) if large else 0.0
    if seconds <= 0:
        return None
    limits = Limits(seconds, inputs.gap_limit, inputs.max_rounds, inputs.seed)
    begun = begin_in_parts(build_problem(prepared, Weights()), prepared.part, limits, mapper)
    if begun is None:
        return None
    clock.done("trees of the regions", f"bound {begun.bound:,.4g}")
    return begun


def _years(inputs: Inputs) -> Years:
    return Years(
        inputs.first_year, inputs.years, inputs.budget_per_year, inputs.capacity_km_per_year
    )


def _totals(
    prepared: Prepared,
    choice: Choice,
    targets: Targets,
    points: list[Point],
    settlements: pd.DataFrame,
    routes: pd.DataFrame,
) -> Totals:
    bound = max(constrained_bound(prepared, targets, point) for point in points)
    bound = min(bound, choice.npv)
    tree = float(prepared.edge_npv[choice.edges].sum())
    plan = routes[~routes["is_ring"]]
    new = plan[plan["route_kind"] != "existing"]
    opex = settlements["opex_per_year"].sum() + plan["opex_per_year"].sum()
    on_fibre = settlements["option"].isin(["served", "fibre"])
    return Totals(
        npv=choice.npv,
        bound=bound,
        gap=(choice.npv - bound) / choice.npv if choice.npv else 0.0,
        tree_npv=tree,
        tree_gap=(choice.npv - bound) / tree if tree else 0.0,
        capex=choice.capex,
        opex_per_year=float(opex),
        villages_fibre=choice.villages,
        people=prepared.people,
        people_adequate=choice.adequate_people,
        people_fibre=float(settlements.loc[on_fibre, "population"].sum()),
        route_km=float(plan["length_m"].sum()) / 1000.0,
        new_km=float(new["length_m"].sum()) / 1000.0,
    )


def _year_table(phasing: Phasing, first: int) -> pd.DataFrame:
    schedule = phasing.schedule
    years = first + np.arange(len(schedule.spending))
    built = [int((phasing.customer_year == year).sum()) for year in years]
    return pd.DataFrame(
        {
            "year": years,
            "capex": schedule.spending,
            "km": schedule.built_km,
            "people": schedule.people,
            "people_cumulative": np.cumsum(schedule.people),
            "settlements": built,
            "budget": phasing.budget,
            "capacity_km": phasing.capacity_km,
        }
    )
