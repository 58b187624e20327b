"""What more and more cover costs: one answer a share, each the start of the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qamtu.core.progress import Report, silent
from qamtu.optimise.cover.problem import CoverAnswer, CoverProblem
from qamtu.optimise.cover.solve import solve_cover

__all__ = ["cover_curve"]


def cover_curve(
    problem: CoverProblem,
    shares: Sequence[float],
    *,
    time_limit_s: float = 60.0,
    gap_limit: float = 0.0,
    seed: int = 0,
    max_rounds: int | None = None,
    progress: Report = silent,
) -> tuple[CoverAnswer, ...]:
    """Find the least cost of several shares of the weight.

    Parameters
    ----------
    problem : CoverProblem
        The problem; its own goal is set aside.
    shares : sequence of float
        Shares of the total weight [1], in any order.
    time_limit_s : float
        Time for all shares together [s].
    gap_limit, seed, max_rounds, progress
        As in `solve_cover`.

    Returns
    -------
    tuple of CoverAnswer
        One answer a share, in the order given; more cover never costs less.

    Raises
    ------
    InputError, Infeasible
        As `solve_cover`.
    """
    return tuple(
        solve_cover(
            replace(problem, share=share, count=None, budget=None),
            time_limit_s=time_limit_s / max(len(shares), 1),
            gap_limit=gap_limit,
            seed=seed,
            max_rounds=max_rounds,
            progress=progress,
        )
        for share in shares
    )
