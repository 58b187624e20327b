"""What a study tells the programme: planned values by year and region, and today's state.

A row is a `qamtu.core.measures.Measure` with its basis: ``planned`` for what a plan would bring
by the end of a year, ``estimated`` for the state of today as far as the study knows it.
"""

from qamtu.studies.measures.corridors import corridors_measures
from qamtu.studies.measures.mobile import mobile_measures
from qamtu.studies.measures.villages import villages_measures

__all__ = ["corridors_measures", "mobile_measures", "villages_measures"]
