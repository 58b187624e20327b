"""When each site is built: along its chain to a served point, the most road soonest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.optimise.schedule import ScheduleSolution, TreeSchedule, solve_schedule

__all__ = ["Phases", "phase_sites"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Phases:
    """The year of each item: calendar year, 0 where it is not built within the years."""

    year: Ints
    schedule: ScheduleSolution


def phase_sites(
    parent: Ints,
    capex: Floats,
    served_km: Floats,
    *,
    first_year: int,
    years: int,
    budget_per_year: float | None,
    time_limit_s: float,
    seed: int,
) -> Phases:
    """Spread sites over the years so that the most kilometre-years are served.

    Parameters
    ----------
    parent
        Item that must stand first, -1 for none, int64[q].
    capex
        Capital of each item with the link to its parent [currency].
    served_km
        Road that hangs on each item [km].
    first_year, years
        Years of construction.
    budget_per_year
        Money of a year [currency/year]; equal parts of all capital where None.
    time_limit_s, seed
        As of `solve_schedule`.
    """
    total = float(capex.sum())
    # a rounding's worth more, so that equal parts add up to the whole
    each = total / years * (1.0 + 1e-9) if budget_per_year is None else budget_per_year
    problem = TreeSchedule(
        parent=parent.astype(np.int32),
        cost=capex,
        length_km=np.zeros(len(capex)),
        weight=served_km,
        budget=np.full(years, each),
        capacity_km=np.full(years, np.inf),
    )
    schedule = solve_schedule(problem, time_limit_s=time_limit_s, seed=seed)
    built = schedule.year >= 0
    return Phases(np.where(built, first_year + schedule.year, 0).astype(np.int64), schedule)
