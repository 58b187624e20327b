"""Covering: which candidates are built so that enough demand is covered at least cost."""

from qamtu.optimise.cover.check import check_cover
from qamtu.optimise.cover.curve import cover_curve
from qamtu.optimise.cover.problem import CoverAnswer, CoverProblem
from qamtu.optimise.cover.solve import greedy_cover, solve_cover
from qamtu.optimise.cover.verify import check_choice, verify_cover

__all__ = [
    "CoverAnswer",
    "CoverProblem",
    "check_choice",
    "check_cover",
    "cover_curve",
    "greedy_cover",
    "solve_cover",
    "verify_cover",
]
