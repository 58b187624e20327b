"""Plain set covering by `pycft`, where the extra ``radio`` has brought it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qamtu.optimise.cover.work import Work

try:
    from pycft import SetCoverSolver
except ImportError:  # the extra is not there
    SetCoverSolver = None

__all__ = ["is_plain", "solve_plain"]


def is_plain(work: Work) -> bool:
    """Tell whether pycft is there and the problem is one for it: one column a row, no choice left.

    Parameters
    ----------
    work : Work
        The problem, compressed.

    Returns
    -------
    bool
        Whether every row must be covered once, prices are positive and no groups bind.
    """
    if SetCoverSolver is None or not work.all_must or not work.must.all() or work.n_rows == 0:
        return False
    group = work.group[work.group >= 0]
    return bool(
        (work.need == 1).all() and (work.price > 0).all() and np.unique(group).size == group.size
    )


def solve_plain(work: Work, *, time_limit_s: float, seed: int) -> NDArray[np.int32] | None:
    """Find a cheap cover by the heuristic of Caprara, Fischetti and Toth.

    Parameters
    ----------
    work : Work
        A problem that `is_plain`.
    time_limit_s : float
        Time limit [s].
    seed : int
        Seed of the solver.

    Returns
    -------
    int32[n] or None
        The chosen columns; None without a solution.
    """
    solver = SetCoverSolver()
    rows = work.demand.tolist()
    for j, price in enumerate(work.price.tolist()):
        solver.add_set(rows[work.offset[j] : work.offset[j + 1]], price)
    solver.solve(seed=seed, time_limit=max(time_limit_s, 0.1), verbose=0)
    found = solver.get_solution()
    return None if found is None else np.array(sorted(found), dtype=np.int32)
