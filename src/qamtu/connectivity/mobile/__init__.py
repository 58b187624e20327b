"""Where the sites of a city network go so that a share of its territory is covered at least cost.

Outlines of cities, their ground, sites that stand and dated parameters enter. The line predicts
what every candidate site covers, chooses with a proven bound the sites of least cost, checks the
choice with all its sectors together, and finds each site's backhaul, cost and year. Tables of
cities, sites, sectors and the curve of shares leave, with a raster of levels a city and measures.
"""

from qamtu.connectivity.mobile.inputs import Inputs
from qamtu.connectivity.mobile.model import run
from qamtu.connectivity.mobile.results import Results

__all__ = ["Inputs", "Results", "run"]
