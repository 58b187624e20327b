"""How the plan changes when the world does: other parameters, one at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from qamtu.connectivity.villages.divide import Limits, Mapper
from qamtu.connectivity.villages.formulation import Choice, Weights, served_by
from qamtu.connectivity.villages.model import solve_priced
from qamtu.connectivity.villages.options import OPTIONS
from qamtu.connectivity.villages.prepare import Prepared, prepare
from qamtu.connectivity.villages.trench import TrenchGraph
from qamtu.core.params import Params

__all__ = ["Change", "default_changes", "sensitivity_table"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the world.

    Parameters
    ----------
    name
        What is changed: ``fibre_cost_per_km`` or a parameter.
    label
        How it is changed, for people (``−30 %``, ``0.05``).
    values
        New values of parameters.
    route_factor
        Factor on all that routes cost.
    """

    name: str
    label: str
    values: tuple[tuple[str, float], ...] = ()
    route_factor: float = 1.0


def default_changes(params: Params) -> list[Change]:
    """Give the usual table: routes and satellite ±30 %, and the bands of the main parameters."""
    changes = [
        Change("fibre_cost_per_km", "−30 %", route_factor=0.7),
        Change("fibre_cost_per_km", "+30 %", route_factor=1.3),
    ]
    satellite = ("leo_terminal", "leo_subscription")
    for label, factor in (("−30 %", 0.7), ("+30 %", 1.3)):
        values = tuple((name, params.value(name) * factor) for name in satellite)
        changes.append(Change("satellite_price", label, values))
    for name in ("discount_rate", "take_up"):
        for value in (params[name].low, params[name].high):
            if value != params.value(name):
                changes.append(Change(name, f"{value:g}", ((name, value),)))  # noqa: PERF401
    return changes


def sensitivity_table(
    settlements: pd.DataFrame,
    graph: TrenchGraph,
    params: Params,
    base: Choice,
    start: np.ndarray,
    changes: list[Change],
    *,
    weights: Weights,
    limits: Limits,
    service: tuple[float, float],
    hops: pd.DataFrame | None = None,
    mapper: Mapper = map,
) -> pd.DataFrame:
    """Plan anew under each change, at the same prices of the targets.

    Parameters
    ----------
    settlements, graph, params
        As in the plan.
    base, start
        The plan, and the edges where each new tree begins.
    changes
        What to change, one at a time.
    weights, limits
        Prices of the targets; time, gap and seed of each tree.
    service
        Least speed [Mbit/s] and most latency [ms].
    hops
        Radio links as in the plan.
    mapper
        Where the trees are solved.

    Returns
    -------
    DataFrame
        name, change, npv, difference, gap, villages_fibre, people_adequate, and the number of
        settlements by option.
    """
    work = partial(_solve_change, settlements, graph, params, start, weights, limits, service, hops)
    rows = list(mapper(work, changes))
    for row in rows:
        row["difference"] = row["npv"] - base.npv
    return pd.DataFrame(rows)


def _solve_change(
    settlements: pd.DataFrame,
    graph: TrenchGraph,
    params: Params,
    start: np.ndarray,
    weights: Weights,
    limits: Limits,
    service: tuple[float, float],
    hops: pd.DataFrame | None,
    change: Change,
) -> dict[str, object]:
    changed = params.with_values(dict(change.values), f"sensitivity: {change.label}")
    dearer = replace(
        graph,
        edge_capex=graph.edge_capex * change.route_factor,
        edge_opex_per_year=graph.edge_opex_per_year * change.route_factor,
    )
    speed, latency = service
    prepared = prepare(
        settlements, dearer, changed, speed_down_mbps=speed, latency_ms=latency, hops=hops
    )
    choice = solve_priced(prepared, (weights, limits, start))
    return {
        "name": change.name,
        "change": change.label,
        "npv": choice.npv,
        "difference": 0.0,
        "gap": (choice.priced - choice.bound) / choice.priced if choice.priced > 0 else None,
        "villages_fibre": choice.villages,
        "people_adequate": choice.adequate_people,
        **count_options(prepared, choice),
    }


def count_options(prepared: Prepared, choice: Choice) -> dict[str, int]:
    """Count the customers of each option."""
    counted = np.bincount(served_by(prepared, choice), minlength=len(OPTIONS))
    return {name: int(count) for name, count in zip(OPTIONS, counted, strict=True)}
