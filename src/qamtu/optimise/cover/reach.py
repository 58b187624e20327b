"""What can be covered at all: the demands that no choice covers, and the share that is left."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.core.errors import Infeasible
from qamtu.core.findings import Finding, Severity
from qamtu.optimise.cover.problem import CoverProblem
from qamtu.optimise.cover.work import Work

__all__ = ["coverable_rows", "refuse_unreachable"]

_NAMED = 20


@njit(cache=True)
def _independent(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    order: NDArray[np.int64],
    group: NDArray[np.int32],
    n_rows: int,
) -> NDArray[np.int32]:
    """Count for each row its columns, those of one group as one; `order` sorts them by group."""
    count = np.zeros(n_rows, np.int32)
    stamp = np.full(n_rows, -1, np.int32)
    for j in order:
        for k in range(offset[j], offset[j + 1]):
            i = demand[k]
            if group[j] < 0 or stamp[i] != group[j]:
                count[i] += 1
            if group[j] >= 0:
                stamp[i] = group[j]
    return count


def coverable_rows(work: Work) -> NDArray[np.bool_]:
    """Tell which rows could be covered if they stood alone.

    Parameters
    ----------
    work : Work
        The problem.

    Returns
    -------
    bool[r]
        Whether as many columns contain the row as it needs, counting one of each group.
    """
    columns = np.flatnonzero(work.allowed)
    order = columns[np.argsort(work.group[columns], kind="stable")]
    count = _independent(work.offset, work.demand, order, work.group, work.n_rows)
    return count >= work.need


def refuse_unreachable(problem: CoverProblem, work: Work) -> None:
    """Raise if a demand that has to be covered cannot be, or the share is out of reach.

    Parameters
    ----------
    problem : CoverProblem
        The problem as it was given.
    work : Work
        The same problem with every demand as a row.

    Raises
    ------
    Infeasible
        With the demands that cannot be covered and the nearest share that may be.
    """
    lost = ~coverable_rows(work)
    found: list[Finding] = []
    needs = f"{problem.fold} candidates" if problem.fold > 1 else "a candidate"

    def name(rows: NDArray[np.int64]) -> str:
        shown = ", ".join(str(i) for i in rows[:_NAMED])
        return shown + (" …" if rows.size > _NAMED else "")

    given = np.zeros(work.n_rows, bool) if problem.must is None else np.asarray(problem.must)
    must = np.flatnonzero(lost & given)
    if must.size:
        what = f"{must.size} demands must be covered and lack {needs}: {name(must)}"
        mend = "add candidates there, or do not ask for these demands"
        found.append(
            Finding("cover-unreachable", Severity.ERROR, what, mend, "cover", None, "must")
        )
    total = float(work.weight.sum())
    within = float(work.weight[~lost].sum())
    if problem.share is not None and within - work.base < work.goal:
        rows = np.flatnonzero(lost & (work.weight > 0))
        what = (
            f"share {problem.share:.9g} is asked, at most {within / total:.9g} can be covered; "
            f"{rows.size} demands lack {needs}: {name(rows)}"
        )
        mend = f"ask for at most {within / total:.9g}, or add candidates for these demands"
        found.append(
            Finding("cover-unreachable", Severity.ERROR, what, mend, "cover", None, "share")
        )
    if found:
        raise Infeasible("the covering problem has no answer", found)
