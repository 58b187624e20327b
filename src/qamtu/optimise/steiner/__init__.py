"""Steiner trees, plain, prize-collecting and on existing networks, each with a proven bound."""

from qamtu.optimise.steiner.answer import Event, Progress, Status, SteinerSolution
from qamtu.optimise.steiner.problem import SteinerProblem
from qamtu.optimise.steiner.solve import solve, warm
from qamtu.optimise.steiner.stp import read_stp, write_stp
from qamtu.optimise.steiner.verify import verify

__all__ = [
    "Event",
    "Progress",
    "Status",
    "SteinerProblem",
    "SteinerSolution",
    "read_stp",
    "solve",
    "verify",
    "warm",
    "write_stp",
]
