"""The engine behind the doors: reductions, search and bounds take turns until the gap is closed."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qamtu.core.errors import Infeasible
from qamtu.core.findings import Finding, Severity
from qamtu.optimise.cover.coarsen import coarsen
from qamtu.optimise.cover.exact import solve_exact
from qamtu.optimise.cover.greedy import choose_greedily
from qamtu.optimise.cover.lagrange import Relaxation, start_prices
from qamtu.optimise.cover.plain import is_plain, solve_plain
from qamtu.optimise.cover.reduce import force, reduce_work
from qamtu.optimise.cover.standing import Standing
from qamtu.optimise.cover.swap import SwapSearch
from qamtu.optimise.cover.weighting import RowWeighting

__all__ = ["Engine"]

_EXACT_ENTRIES = 500_000
_PLAIN_ENTRIES = 300_000
_PLAIN_SECONDS = 15.0
_LARGE_ENTRIES = 3_000_000
_MANY_ROWS = 50_000
_LEVELS = (2, 4, 8)


@dataclass(slots=True, eq=False)
class Engine(Standing):
    """A problem being solved: searches, bounds and reductions that improve where it stands.

    Attributes
    ----------
    prices : float64[r] or None
        Prices of the rows from the last relaxation.
    """

    prices: NDArray[np.float64] | None = None
    _searcher: RowWeighting | SwapSearch | None = None

    def run(self) -> None:
        """Work until the gap is closed, the time is up or the rounds are used."""
        smaller = reduce_work(self.work)
        if smaller is None:
            self._refuse(proven=True)
            return
        self.work = smaller
        self.offer(choose_greedily(self.work), "greedy")
        if self.work.n_columns == 0:
            self._settle()
            return
        large = self.work.demand.size > _LARGE_ENTRIES
        self.search(0.15 if large else 0.05)
        self.relax()
        if self.over:
            return
        if not large:
            self.search(0.15)
            self.fix()
        exact = self.work.demand.size <= _EXACT_ENTRIES
        if exact and not self.over:
            self.exact(0.35 if not self._small else 0.6)
        if not self.over and not large and is_plain(self.work):
            self.plain(0.2)
        if not self.over:
            self.fix()
        self.search(1.0)
        if exact and self._small and not self.over and self.max_rounds is None:
            self.exact(1.0)

    @property
    def _small(self) -> bool:
        return self.work.demand.size <= 30_000

    def _settle(self) -> None:
        """Close the gap: nothing that is left can be better than what is known."""
        if self.chosen is None:
            self._refuse(proven=True)
        self.bound = self.value

    def _refuse(self, *, proven: bool) -> None:
        """Raise that there is no choice, unless one is known: then nothing is better."""
        if self.chosen is not None:
            self.bound = self.value if proven else self.bound
            return
        what = "no choice keeps the limits and covers what must be covered"
        if not proven:
            what = "no valid choice was found in the time given, nor proof that there is none"
        raise Infeasible(
            "the covering problem has no answer",
            [
                Finding(
                    "cover-infeasible" if proven else "cover-not-found",
                    Severity.ERROR,
                    what,
                    "ask for less, raise the limit, or add candidates",
                    "cover",
                )
            ],
        )

    def relax(self) -> None:
        """Bound by the Lagrangian relaxation; its prices lead a greedy choice now and then.

        Lists of millions of entries are first relaxed in ever smaller bunches of rows.
        """
        if self.work.n_columns == 0:
            return
        prices = start_prices(self.work)
        large = self.work.demand.size > _LARGE_ENTRIES
        if large and self.work.n_rows > _MANY_ROWS:
            for keys in _LEVELS:
                coarse = coarsen(self.work, keys=keys, seed=self.seed)
                start = np.zeros(coarse.work.n_rows)
                np.add.at(start, coarse.bunch, prices)
                relaxation = Relaxation(coarse.work, start, coarse.factor)
                self._descend(relaxation, 0.15)
                prices = relaxation.best_u[coarse.bunch] * coarse.part
                self.prices = prices
                self.offer(choose_greedily(self.work, prices), "greedy on Lagrangian prices")
        relaxation = Relaxation(self.work, prices)
        if large:
            relaxation.length = 0.3
        self._descend(relaxation, 0.5 if large else 1.0)
        self.prices = relaxation.best_u
        self._fix_by(relaxation)

    def _descend(self, relaxation: Relaxation, part: float) -> None:
        """Improve prices until it does not pay, for a part of the time that is left at most."""
        until = time.monotonic() + part * max(self.deadline - time.monotonic(), 0.0)
        whole = relaxation.work is self.work
        going = True
        chunks = 0
        while going and not self.done and time.monotonic() < until:
            target = self.part(self.value)
            if self.chosen is None:
                target = 1.3 * relaxation.bound + 1.0 if self.minimises else 0.5 * relaxation.bound
            going = relaxation.improve(target)
            chunks += 1
            self.offer_bound(self.whole(relaxation.bound), "Lagrangian bound")
            if chunks % 10 == 0 or not going:
                if whole:
                    prices = relaxation.u
                    self.offer(choose_greedily(self.work, prices), "greedy on Lagrangian prices")
                self.tell("Lagrangian bound")
            if self.max_rounds is not None and chunks >= 20 * self.max_rounds:
                break

    def fix(self) -> None:
        """Relax what is left anew, shortly, and decide columns by their reduced costs."""
        if self.over or self.work.demand.size > _EXACT_ENTRIES:
            return
        self.relax()

    def _fix_by(self, relaxation: Relaxation) -> None:
        """Decide the columns whose other choice cannot lead to anything better."""
        if self.chosen is None:
            return
        value, loss, regret = relaxation.values()
        self.offer_bound(self.whole(value), "Lagrangian bound")
        if self.done:
            return
        sign = 1.0 if self.minimises else -1.0
        room = sign * (self.part(self.beat) - value)
        out = loss > room
        into = (regret > room) & ~out
        if not out.any() and not into.any():
            return
        work = force(self.work, np.flatnonzero(into).astype(np.int32))
        smaller = reduce_work(replace(work, allowed=work.allowed & ~out))
        if smaller is None or smaller.n_columns == 0:
            if smaller is not None:
                self.work = smaller
                self.offer(np.zeros(0, np.int32), "reduced costs")
            self._settle()
            if "reduced costs" not in self.methods:
                self.methods.append("reduced costs")
            return
        self.work = smaller

    def search(self, part: float) -> None:
        """Search locally for a part of the time that is left, or for ``max_rounds``."""
        if self.over or self.work.n_columns == 0:
            return
        name = "row-weighting search" if self.work.all_must else "swap search"
        searcher = self._searcher
        if searcher is None or searcher.work is not self.work:
            searcher = self._new_searcher()
        until = time.monotonic() + part * max(self.deadline - time.monotonic(), 0.0)
        rounds = 0
        stale = 0
        while (rounds == 0 or time.monotonic() < until) and not self.done:
            if searcher.run(searcher.state.chunk, self.draw()):
                stale = 0
                self.offer(np.flatnonzero(searcher.best).astype(np.int32), name)
            rounds += 1
            stale += 1
            if rounds % 50 == 0:
                self.tell(name)
            if self.max_rounds is not None and rounds >= self.max_rounds:
                break
            if part < 1.0 and self._small and stale > 100:
                break

    def _new_searcher(self) -> RowWeighting | SwapSearch:
        """Begin a local search from the choice known, or greedily where that has been cut off."""
        work = self.work
        start = self._columns_of_choice()
        if start is None:
            start = choose_greedily(work, self.prices_now)
        kind = RowWeighting if work.all_must else SwapSearch
        searcher = kind(work, self.step, self.part(self.value))
        searcher.begin(start)
        self._searcher = searcher
        return searcher

    def _columns_of_choice(self) -> NDArray[np.int32] | None:
        """Find the choice known among the columns that are left."""
        if self.chosen is None:
            return None
        left = np.setdiff1d(self.chosen, self.work.fixed)
        columns = np.flatnonzero(np.isin(self.work.candidate, left)).astype(np.int32)
        whole = columns.size == left.size and np.isin(self.work.fixed, self.chosen).all()
        return columns if whole else None

    @property
    def prices_now(self) -> NDArray[np.float64] | None:
        """Prices of the rows if they fit the work as it stands."""
        if self.prices is None or self.prices.size != self.work.n_rows:
            return None
        return self.prices

    def exact(self, part: float) -> None:
        """Hand what is left to HiGHS for a part of the time that is left."""
        if self.work.n_columns == 0:
            self._settle()
            return
        left = max(self.deadline - time.monotonic(), 0.0)
        self.tell("branch and cut")
        result = solve_exact(
            self.work,
            time_limit_s=part * left,
            gap_limit=self.gap_limit,
            seed=self.seed % 2**31,
            max_nodes=None if self.max_rounds is None else 50 * self.max_rounds,
        )
        if result.infeasible:
            # Everything that is better than the choice known was left in the model.
            self._settle()
            self.methods.append("HiGHS proof")
            return
        if result.columns is not None:
            self.offer(result.columns, "HiGHS")
        self.offer_bound(self.whole(result.bound), "HiGHS bound")

    def plain(self, part: float) -> None:
        """Let pycft search for a part of the time that is left."""
        left = max(self.deadline - time.monotonic(), 0.0)
        if left < _PLAIN_SECONDS or self.work.demand.size > _PLAIN_ENTRIES:
            return  # pycft looks at its limit too seldom
        self.tell("pycft")
        columns = solve_plain(self.work, time_limit_s=part * left, seed=self.seed % 2**31)
        if columns is not None:
            self.offer(columns, "pycft")

    def finish(self) -> NDArray[np.int64]:
        """Give the choice.

        Raises
        ------
        Infeasible
            If there is none.
        """
        if self.chosen is None:
            self._refuse(proven=False)
        assert self.chosen is not None
        return self.chosen
