"""What the share would cost over all cities together: the best mix of points of their curves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

__all__ = ["least_overall"]

_STEPS = 4000


def least_overall(
    curve: pd.DataFrame, weight: Mapping[str, float], share: float
) -> tuple[int, float] | None:
    """Choose one point of each city's curve so that all together reach a share at least cost.

    A multiple-choice knapsack (H. Kellerer, U. Pferschy & D. Pisinger, *Knapsack Problems*, 2004,
    section 11.5), solved by dynamic programming over the weight in 4,000 steps; what a point
    covers is rounded down, so that the share is reached whatever the rounding. A city may also be
    left as it is, which covers nothing new and costs nothing.

    What is asked of the people of each city is not asked here: points planned for the territory
    alone stand beside those planned for the people too, and the mix is one for the territory.

    Parameters
    ----------
    curve
        city_id, share, cost, cost_sites.
    weight
        Area of each city.
    share
        Share of the whole area [1].

    Returns
    -------
    sites, npv
        New sites and net present cost [currency]; None where no mix reaches the share.
    """
    total = sum(weight.values())
    if total <= 0.0 or share <= 0.0:
        return None
    goal = int(np.ceil(share * _STEPS - 1e-9))
    cost = np.full(goal + 1, np.inf)
    cost[0] = 0.0
    sites = np.zeros(goal + 1, np.int64)
    for city, part in curve.groupby("city_id", sort=True):
        new_cost, new_sites = cost.copy(), sites.copy()
        for row in part.to_dict("records"):
            step = int(np.floor(row["share"] * weight[str(city)] / total * _STEPS + 1e-9))
            to = np.minimum(np.arange(goal + 1) + step, goal)
            for begin in np.flatnonzero(np.isfinite(cost)):
                end, price = to[begin], cost[begin] + row["cost"]
                if price < new_cost[end]:
                    new_cost[end] = price
                    new_sites[end] = sites[begin] + int(row["cost_sites"])
        cost, sites = new_cost, new_sites
    return (int(sites[goal]), float(cost[goal])) if np.isfinite(cost[goal]) else None
