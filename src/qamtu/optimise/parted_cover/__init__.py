"""Covering where each candidate serves what is near: parts solved exactly, one bound on the whole.

A `CoverProblem` with a share goal enters, with labels that cut demands into parts and candidates
into neighbourhoods. Linear relaxations of the parts give prices of the demands, the prices a bound;
neighbourhoods are then re-solved as mixed-integer models while all else stays.
"""

from qamtu.optimise.parted_cover.part import PartTask, solve_part
from qamtu.optimise.parted_cover.solve import solve_parted_cover

__all__ = ["PartTask", "solve_part", "solve_parted_cover"]
