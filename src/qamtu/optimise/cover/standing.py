"""Where a solution stands: the best choice and the best bound, and when to stop."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qamtu.core.progress import Report, Stage
from qamtu.optimise.cover.answer import original
from qamtu.optimise.cover.problem import CoverProblem
from qamtu.optimise.cover.verify import choice_cost, verify_cover
from qamtu.optimise.cover.work import Work

__all__ = ["Standing", "lattice"]

_LARGEST_LATTICE = 1e8
_ROUNDING = 1e-6


def lattice(values: NDArray[np.float64]) -> float:
    """Give the greatest number of which all values are whole multiples; 0 if it is not known.

    Only whole numbers are looked at: sums of them are exact, so a bound may be rounded.
    """
    some = values[values > 0]
    if some.size == 0 or (some != np.floor(some)).any() or float(some.max()) > 2.0**53:
        return 0.0
    step = float(np.gcd.reduce(some.astype(np.int64)))
    return step if float(some.sum()) / step <= _LARGEST_LATTICE else 0.0


@dataclass(slots=True, eq=False)
class Standing:
    """A problem being solved: the best choice known, the best bound, and what is left to decide.

    Attributes
    ----------
    problem : CoverProblem
        The problem as it was given, valid.
    work : Work
        What is left of it. Choices that are worse than ``chosen`` may have been cut off.
    deadline : float
        `time.monotonic` after which nothing new is begun [s].
    gap_limit : float
        Gap at which the search stops [1].
    seed, max_rounds, progress
        As in `solve_cover`.
    chosen : int64[n] or None
        The best choice known, in candidates.
    value : float
        Its cost (share goal) or the weight it covers.
    bound : float
        The best proven bound on that.
    """

    problem: CoverProblem
    work: Work
    deadline: float
    gap_limit: float
    seed: int
    max_rounds: int | None
    progress: Report
    chosen: NDArray[np.int64] | None = None
    minimises: bool = field(init=False)
    value: float = field(init=False)
    bound: float = field(init=False)
    step: float = field(init=False)
    methods: list[str] = field(default_factory=list)
    _drawn: int = 0

    def __post_init__(self) -> None:
        """Begin with the bounds that always hold."""
        self.minimises = self.problem.share is not None
        self.value = np.inf if self.minimises else -np.inf
        self.bound = 0.0 if self.minimises else float(self.problem.weight.sum())
        self.step = lattice(self.problem.cost if self.minimises else self.problem.weight)

    @property
    def gap(self) -> float:
        """Gap between the choice and the bound [1]."""
        if self.chosen is None:
            return np.inf
        high, low = (self.value, self.bound) if self.minimises else (self.bound, self.value)
        return (high - low) / high if high > 0 else 0.0

    @property
    def done(self) -> bool:
        """Whether the answer is good enough."""
        return self.gap <= max(self.gap_limit, 1e-9)

    @property
    def over(self) -> bool:
        """Whether to stop: the answer is good enough, or the time is up."""
        return self.done or time.monotonic() >= self.deadline

    @property
    def beat(self) -> float:
        """Value that a better choice has at worst, a hair nearer to it."""
        if self.chosen is None:
            return self.value
        hair = max(self.step * (1.0 - _ROUNDING), 1e-9 * abs(self.value))
        return self.value - hair if self.minimises else self.value + hair

    def offer(self, columns: NDArray[np.int32], method: str) -> bool:
        """Take a choice of columns if it is valid and better."""
        return self.offer_candidates(original(self.work, columns), method)

    def offer_candidates(self, chosen: NDArray[np.int64], method: str) -> bool:
        """Take a choice of candidates if it is valid and better."""
        covered, feasible = verify_cover(self.problem, chosen)
        if not feasible:
            return False
        value = choice_cost(self.problem, chosen) if self.minimises else covered
        if not (value < self.value if self.minimises else value > self.value):
            return False
        self.chosen, self.value = chosen, value
        self.methods.append(method)
        self.tell(method)
        return True

    def offer_bound(self, bound: float, method: str) -> None:
        """Take a bound if it is better; sums of whole numbers round it.

        Parameters
        ----------
        bound : float
            Bound on the whole problem's value, valid for every choice better than ``chosen``.
        method : str
            How it was found.
        """
        if self.minimises:
            if self.step > 0:
                bound = self.step * np.ceil(bound / self.step - _ROUNDING)
            bound = min(bound, self.value)
            better = bound > self.bound * (1 + 1e-12)
        else:
            if self.step > 0:
                bound = self.step * np.floor(bound / self.step + _ROUNDING)
            bound = max(bound, self.value)
            better = bound < self.bound * (1 - 1e-12)
        if better:
            self.bound = float(bound)
            if method not in self.methods:
                self.methods.append(method)

    def tell(self, name: str, share: float | None = None) -> None:
        """Report progress."""
        known = "no choice yet" if self.chosen is None else f"{self.value:.6g}"
        self.progress(Stage(name, share, f"{known}, bound {self.bound:.6g}"))

    def whole(self, part: float) -> float:
        """Turn a value of the columns that are left into one of the whole problem."""
        return part + (self.work.spent if self.minimises else self.work.base)

    def part(self, whole: float) -> float:
        """Turn a value of the whole problem into one of the columns that are left."""
        return whole - (self.work.spent if self.minimises else self.work.base)

    def draw(self) -> int:
        """Draw the seed of the next search."""
        self._drawn += 1
        return int(np.random.default_rng((self.seed, self._drawn)).integers(2**31))
