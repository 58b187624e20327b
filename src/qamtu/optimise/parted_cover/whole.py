"""The covering problem as one sparse matrix, and the mending of a choice that is nearly valid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from qamtu.optimise.cover import CoverProblem

__all__ = ["Whole", "mend", "take_whole"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """The problem without its fixed candidates and what they cover.

    ``member`` has a row a candidate and a column a demand; demands that the fixed cover are empty.
    """

    problem: CoverProblem
    member: sparse.csr_matrix
    by_demand: sparse.csc_matrix
    open: NDArray[np.bool_]
    must: NDArray[np.bool_]
    fixed: Ints
    goal: float


def take_whole(problem: CoverProblem) -> Whole:
    """Take the fixed candidates and what they cover out of a problem."""
    c, d = problem.n_candidates, problem.n_demands
    member = sparse.csr_matrix(
        (np.ones(problem.demand.size), problem.demand, problem.offset), shape=(c, d)
    )
    fixed = np.zeros(0, np.int64) if problem.fixed is None else np.asarray(problem.fixed, np.int64)
    done = np.asarray(member[fixed].sum(axis=0)).ravel() > 0.0
    keep = sparse.diags((~done).astype(np.float64))
    member = sparse.csr_matrix(member @ keep)
    member.eliminate_zeros()
    shut = np.zeros(c, dtype=bool)
    shut[fixed] = True
    if problem.group is not None:
        taken = problem.group[fixed]
        shut |= (problem.group >= 0) & np.isin(problem.group, taken[taken >= 0])
    member = sparse.csr_matrix(sparse.diags((~shut).astype(np.float64)) @ member)
    member.eliminate_zeros()
    goal = float(problem.share or 0.0) * float(problem.weight.sum())
    must = np.zeros(d, dtype=bool) if problem.must is None else np.asarray(problem.must, bool)
    return Whole(
        problem, member, sparse.csc_matrix(member), ~done, must & ~done, fixed,
        goal - float(problem.weight[done].sum()),
    )  # fmt: skip


def mend(whole: Whole, chosen: Ints) -> Ints:
    """Bring a choice to the goal at little cost.

    Of a group the member that covers most stays; what must be covered is, a member of a group
    taking the place of another; what covers most for its cost is added until the goal is met, or
    takes the place of another member of its group; what can go is dropped, the dearest first.

    Parameters
    ----------
    whole : Whole
        The problem.
    chosen : int64[n]
        Candidates beside the fixed ones.

    Returns
    -------
    int64[m]
        A choice that meets the goal, where such changes can.
    """
    picks = _Picks(whole, chosen)
    picks.meet_musts()
    picks.meet_goal()
    picks.drop_spare()
    return np.flatnonzero(picks.picked)


class _Picks:
    """A choice while it is mended: what is picked, and how often each demand is covered."""

    def __init__(self, whole: Whole, chosen: Ints) -> None:
        """Take a choice up; of each group the member that covers most."""
        problem = whole.problem
        self.whole = whole
        self.weight = np.where(whole.open, problem.weight, 0.0)
        self.size = np.diff(whole.member.indptr)
        none = np.full(problem.n_candidates, -1)
        self.group = none if problem.group is None else np.asarray(problem.group)
        self.picked = np.zeros(problem.n_candidates, dtype=bool)
        self.count = np.zeros(problem.n_demands, dtype=np.int64)
        taken: set[int] = set()
        for one in chosen[np.argsort(-self.size[chosen], kind="stable")].tolist():
            group = int(self.group[one])
            if group < 0 or group not in taken:
                taken.add(group)
                self.put(one)

    def rows(self, one: int) -> NDArray[np.int32]:
        """Give the demands of a candidate."""
        member = self.whole.member
        return np.asarray(member.indices[member.indptr[one] : member.indptr[one + 1]])

    def put(self, one: int) -> None:
        """Pick a candidate."""
        self.picked[one] = True
        self.count[self.rows(one)] += 1

    def drop(self, one: int) -> None:
        """Let a candidate go."""
        self.picked[one] = False
        self.count[self.rows(one)] -= 1

    @property
    def covered(self) -> float:
        """Weight covered."""
        return float(self.weight[self.count > 0].sum())

    def meet_musts(self) -> None:
        """Cover what must be, by the candidate with the most of it for its cost."""
        cost = np.maximum(self.whole.problem.cost, 1e-300)
        for _ in range(self.picked.size):
            missing = self.whole.must & (self.count == 0)
            gain = self.whole.member @ missing.astype(np.float64)
            if not gain.any():
                return
            best = int(np.argmax(gain / cost))
            group = self.group[best]
            for other in np.flatnonzero(self.picked & (self.group == group) & (group >= 0)):
                self.drop(int(other))
            self.put(best)

    def meet_goal(self) -> None:
        """Add what covers most for its cost until the goal is met.

        A member of a group that has one already takes its place where that covers more.
        """
        goal, problem = self.whole.goal, self.whole.problem
        while self.covered < goal * (1.0 - 1e-12):
            gain = self.whole.member @ np.where(self.count > 0, 0.0, self.weight)
            gain = np.minimum(gain, goal - self.covered)
            full = self.group[self.picked & (self.group >= 0)]
            gain[self.picked | ((self.group >= 0) & np.isin(self.group, full))] = 0.0
            best = int(np.argmax(gain / np.maximum(problem.cost, 1e-300)))
            if gain[best] > 0.0:
                self.put(best)
            elif not self.exchange():
                return

    def exchange(self) -> bool:
        """Put a member of a group in another's place where that covers most more for its cost.

        No exchange uncovers what must be covered; each covers more than before, so they end.
        """
        problem = self.whole.problem
        best, most = (-1, -1), 0.0
        owner = dict(zip(self.group[self.picked].tolist(), np.flatnonzero(self.picked).tolist(),
                         strict=True))  # fmt: skip
        rivals = ~self.picked & (self.group >= 0) & (self.size > 0)
        for one in np.flatnonzero(rivals & np.isin(self.group, list(owner))).tolist():
            held = owner[int(self.group[one])]
            self.count[self.rows(held)] -= 1
            own = self.rows(one)
            added = float(self.weight[own[self.count[own] == 0]].sum())
            left = self.rows(held)
            alone = left[self.count[left] == 0]
            self.count[left] += 1
            gain = added - float(self.weight[alone].sum())
            dearer = max(float(problem.cost[one] - problem.cost[held]), 0.0)
            worth = gain / max(dearer, 1e-9 * max(float(problem.cost[one]), 1e-300))
            kept = np.isin(alone[self.whole.must[alone]], own).all()
            if kept and gain > 1e-12 * self.whole.goal and worth > most:
                best, most = (held, one), worth
        if best[0] < 0:
            return False
        self.drop(best[0])
        self.put(best[1])
        return True

    def drop_spare(self) -> None:
        """Drop what the goal and the musts can do without, the dearest first."""
        cost = self.whole.problem.cost
        covered = self.covered
        for one in np.flatnonzero(self.picked)[np.argsort(-cost[self.picked], kind="stable")]:
            own = self.rows(int(one))
            alone = own[self.count[own] == 1]
            lost = float(self.weight[alone].sum())
            if not self.whole.must[alone].any() and covered - lost >= self.whole.goal:
                self.drop(int(one))
                covered -= lost
