"""Which settlement gets fibre, radio or satellite, when, along which route, for how much.

Settlements, roads, terrain and dated parameters enter. The line draws the trench graph, prices
every option of every settlement and finds the mix of least net present cost as one
prize-collecting Steiner tree with a proven bound, then its years and its rings. Tables of
settlements and routes, the trade-off curve, totals and measures leave.
"""

from qamtu.connectivity.villages.inputs import Inputs
from qamtu.connectivity.villages.model import run
from qamtu.connectivity.villages.results import Results

__all__ = ["Inputs", "Results", "run"]
