"""Which sites give mobile service along the roads, joined how, when, for how much.

Roads, settlements, terrain and dated parameters enter. The line samples the roads, tries masts of
several heights at places along them, chooses the cheapest that serve a share of the length with no
long gap, and joins them by microwave or fibre to points with fibre, each choice with its bound.
Tables of sites, hops, stretches and roads, totals and measures leave.
"""

from qamtu.connectivity.corridors.inputs import Inputs
from qamtu.connectivity.corridors.model import run
from qamtu.connectivity.corridors.results import Results

__all__ = ["Inputs", "Results", "run"]
