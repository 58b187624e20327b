"""Phasing: which item of a forest is built in which year, under yearly money and construction."""

from qamtu.optimise.schedule.problem import (
    ScheduleSolution,
    TreeSchedule,
    check_schedule,
    person_years,
    service_years,
    verify_schedule,
)
from qamtu.optimise.schedule.solve import Method, solve_schedule

__all__ = [
    "Method",
    "ScheduleSolution",
    "TreeSchedule",
    "check_schedule",
    "person_years",
    "service_years",
    "solve_schedule",
    "verify_schedule",
]
