"""In which order sites are built: what covers most for its cost first, in equal yearly sums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.reach import Reach

__all__ = ["build_gains", "build_years"]


def build_gains(
    reaches: Sequence[Reach], needed_dbm: float, area_km2: NDArray[np.float64],
    cost: NDArray[np.float64], standing: Sequence[Reach],
) -> NDArray[np.float64]:  # fmt: skip
    """Area that each site adds when the site of most new area for its cost is built first.

    Parameters
    ----------
    reaches
        Cells of the k new sites.
    needed_dbm
        Level that counts [dBm].
    area_km2 : float64[d]
        Area of each cell [km2].
    cost : float64[k]
        Cost of each site, above 0 [currency].
    standing
        Cells of sites that stand.

    Returns
    -------
    float64[k]
        Area [km2] in the site's turn.
    """
    left = area_km2.copy()
    for reach in standing:
        left[reach.number[reach.level_dbm >= needed_dbm]] = 0.0
    cells = [reach.number[reach.level_dbm >= needed_dbm] for reach in reaches]
    gains = np.zeros(len(cells))
    waiting = set(range(len(cells)))
    while waiting:
        worth = {i: float(left[cells[i]].sum()) for i in waiting}
        first = max(waiting, key=lambda i: (worth[i] / cost[i], -i))
        gains[first] = worth[first]
        left[cells[first]] = 0.0
        waiting.remove(first)
    return gains


def build_years(
    gains: NDArray[np.float64], capex: NDArray[np.float64], first_year: int, years: int
) -> NDArray[np.int64]:
    """Put sites into years of equal capital, those of most area for their capital first.

    Parameters
    ----------
    gains : float64[k]
        Area that each site adds [km2].
    capex : float64[k]
        Capital of each [currency].
    first_year, years
        First year and number of years.

    Returns
    -------
    int64[k]
        Year of each site.
    """
    if gains.size == 0:
        return np.empty(0, np.int64)
    order = np.argsort(-gains / np.maximum(capex, 1e-9), kind="stable")
    spent = np.cumsum(capex[order]) - 0.5 * capex[order]
    total = float(capex.sum())
    turn = np.minimum((spent / total * years).astype(np.int64), years - 1) if total > 0.0 else 0
    made = np.empty(gains.size, np.int64)
    made[order] = first_year + turn
    return made
