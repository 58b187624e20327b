"""What prices of the demands prove: the Lagrangian bound of a covering problem with a share goal.

Rows ``y <= sum of columns`` have the prices u, the goal ``sum of w y >= G`` the price m. For any
u, m >= 0 no choice costs less than ``sum over groups of min(0, min of (c - u's of the column)) +
sum of min(0, u - m w) + m G + sum of u of what must be covered`` (M. L. Fisher, *Management
Science* 27, 1981). The best m for given u is a quantile of u / w.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["Dual", "Relaxed"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """Prices with what they prove.

    Attributes
    ----------
    price : float64[r]
        Prices u.
    goal_price : float
        Price m of one unit of weight.
    bound : float
        Lower bound on the cost.
    reduced : float64[c]
        Cost of each column less the prices of its rows.
    """

    price: Floats
    goal_price: float
    bound: float
    reduced: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Dual:
    """A covering problem as prices see it.

    Attributes
    ----------
    member : sparse float64[c, r]
        Which rows each column covers.
    cost : float64[c]
        Costs.
    weight : float64[r]
        Weights.
    must : bool[r]
        Rows that have to be covered.
    group : int64[c]
        Number of each column's group, every column having one.
    goal : float
        Weight of rows to be covered.
    """

    member: sparse.csr_matrix
    cost: Floats
    weight: Floats
    must: NDArray[np.bool_]
    group: Ints
    goal: float

    def evaluate(self, price: Floats) -> Relaxed:
        """Tell what prices prove. O(nnz)."""
        reduced = self.cost - self.member @ price
        best = np.zeros(int(self.group.max()) + 1)
        np.minimum.at(best, self.group, reduced)
        free = ~self.must
        goal = self.goal - float(self.weight[self.must].sum())
        goal_price = _quantile(price[free], self.weight[free], goal)
        bound = float(best.sum()) + goal_price * max(goal, 0.0) + float(price[self.must].sum())
        bound += float(np.minimum(price[free] - goal_price * self.weight[free], 0.0).sum())
        return Relaxed(price, goal_price, bound, reduced)

    def improve(self, start: Relaxed, target: float, steps: int) -> Relaxed:
        """Move prices along subgradients (B. T. Polyak, 1969).

        Parameters
        ----------
        start : Relaxed
            Where to begin.
        target : float
            Cost of a known choice, which the bound cannot exceed.
        steps : int
            Number of steps.
        """
        best = now = start
        length, since = 1.0, 0
        back = sparse.csr_matrix(self.member.T)
        for _ in range(steps):
            slope = self._slope(now, back)
            norm = float(slope @ slope)
            if norm == 0.0 or target <= best.bound:
                break
            price = np.maximum(now.price + length * (target - now.bound) / norm * slope, 0.0)
            now = self.evaluate(price)
            since += 1
            if now.bound > best.bound:
                best, since = now, 0
            elif since >= 8:
                length, since, now = length / 2.0, 0, best
        return best

    def _slope(self, at: Relaxed, back: sparse.csr_matrix) -> Floats:
        """Give a subgradient: what is wanted of each row less what is offered."""
        order = np.lexsort((at.reduced, self.group))
        first = np.r_[True, np.diff(self.group[order]) > 0]
        chosen = order[first]
        taken = np.zeros(self.cost.size)
        taken[chosen[at.reduced[chosen] < 0.0]] = 1.0
        wanted = (self.must | (at.price < at.goal_price * self.weight)).astype(np.float64)
        return np.asarray(wanted - back @ taken)


def _quantile(price: Floats, weight: Floats, goal: float) -> float:
    """Find the price of a unit that makes rows of the goal's weight worth their price."""
    some = weight > 0.0
    if goal <= 0.0 or not some.any():
        return 0.0
    ratio, weight = price[some] / weight[some], weight[some]
    order = np.argsort(ratio, kind="stable")
    place = int(np.searchsorted(np.cumsum(weight[order]), goal * (1.0 - 1e-12)))
    return float(ratio[order[min(place, order.size - 1)]])
