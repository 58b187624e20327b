"""The years of construction: routes before what hangs on them, most people first.

Every trench node of the plan is one item: the stretch from its parent and, where the node is
a settlement that gets fibre, its local works. A radio customer is an item that waits for its
fibre point; a satellite customer waits for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.villages.formulation import Choice, hang
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.connectivity.villages.trench import EdgeKind
from qamtu.optimise.schedule import ScheduleSolution, TreeSchedule, solve_schedule

__all__ = ["Phasing", "Years", "phase"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Years:
    """The years of construction and what each may cost.

    Parameters
    ----------
    first
        First calendar year.
    count
        Number of years.
    budget
        Capital a year [currency/year]; None for the plan's capital in equal parts, or for no
        limit where a capacity is given.
    capacity_km
        Route a year [km/year]; None for no limit. With it nothing is carried over.
    """

    first: int
    count: int
    budget: float | None
    capacity_km: float | None


@dataclass(frozen=True, slots=True)
class Phasing:
    """When everything is built.

    Parameters
    ----------
    edge_year
        Calendar year of each edge of the graph; 0 where it is not built, shape (m,).
    customer_year
        Calendar year of each customer; 0 where it is not built within the years, shape (c,).
    schedule
        The schedule with its bound, spending and length a year.
    budget, capacity_km
        What was allowed in each year [currency], [km].
    """

    edge_year: Ints
    customer_year: Ints
    schedule: ScheduleSolution
    budget: Floats
    capacity_km: Floats


def phase(
    prepared: Prepared, choice: Choice, years: Years, *, time_limit_s: float, seed: int
) -> Phasing:
    """Schedule a chosen plan over the years.

    Parameters
    ----------
    prepared, choice
        The plan.
    years
        Years, budgets and construction capacity.
    time_limit_s
        Time for the schedule [s].
    seed
        Seed of the schedule's search.
    """
    graph, leaves = prepared.graph, prepared.leaves
    forest = hang(prepared, choice.edges)
    nodes = forest.order[forest.parent[forest.order] >= 0].astype(np.int64)
    item = np.full(graph.n_nodes, -1, dtype=np.int64)
    item[nodes] = np.arange(len(nodes))
    built = forest.parent_edge[nodes]
    linked = choice.leaf >= 0
    at = np.where(linked, item[leaves.node[choice.leaf]], -1)
    own = linked & (leaves.kind[choice.leaf] == 0) & (at >= 0)
    capex = np.where(linked, leaves.capex[choice.leaf], prepared.alternatives.capex)
    people = np.where(linked | prepared.alternatives.adequate, prepared.population, 0.0)
    cost = graph.edge_capex[built].copy()
    weight = np.zeros(len(nodes))
    np.add.at(cost, at[own], capex[own])
    np.add.at(weight, at[own], people[own])
    others = np.flatnonzero(~own)
    length = graph.edge_length_m[built] / 1000.0 * (graph.edge_kind[built] != EdgeKind.EXISTING)
    problem = _problem(
        parent=np.concatenate((item[forest.parent[nodes]], at[others])),
        cost=np.concatenate((cost, capex[others])),
        length_km=np.concatenate((length, np.zeros(len(others)))),
        weight=np.concatenate((weight, people[others])),
        years=years,
    )
    solved = solve_schedule(problem, time_limit_s=time_limit_s, seed=seed)
    calendar = np.where(solved.year >= 0, solved.year.astype(np.int64) + years.first, 0)
    edge_year = np.zeros(graph.n_edges, dtype=np.int64)
    edge_year[built] = calendar[: len(nodes)]
    customer_year = np.zeros(len(prepared.customers), dtype=np.int64)
    customer_year[own] = calendar[at[own]]
    customer_year[others] = calendar[len(nodes) :]
    return Phasing(edge_year, customer_year, solved, problem.budget, problem.capacity_km)


def _problem(
    parent: Ints, cost: Floats, length_km: Floats, weight: Floats, years: Years
) -> TreeSchedule:
    """Give each year its budget and capacity.

    Money that a year leaves is at the next year's disposal; crews cannot be saved up, so with
    a construction capacity nothing is carried over. Without a stated budget or capacity the
    plan's capital is spread in equal parts, with a hair to spare.
    """
    count, unlimited = years.count, np.full(years.count, np.inf)
    crews = years.capacity_km is not None
    if years.budget is not None:
        budget = np.full(count, float(years.budget))
    else:
        budget = unlimited if crews else np.full(count, cost.sum() * (1.0 + 1e-9) / count)
    return TreeSchedule(
        parent=parent.astype(np.int32),
        cost=cost,
        length_km=length_km,
        weight=weight,
        budget=budget,
        capacity_km=np.full(count, years.capacity_km) if crews else unlimited,
        carry_over=not crews,
    )
