"""The trench graph: every way that fibre could take between settlements, and what it costs.

Enter: settlements, roads, terrain, water, the territory and the existing network. It draws road
edges and, where no road is known, spurs, classes their ground and prices them. Leaves: a
connected `TrenchGraph` of plain arrays, with findings.
"""

from qamtu.connectivity.villages.trench.build import build_trench_graph
from qamtu.connectivity.villages.trench.graph import (
    EdgeKind,
    Method,
    NodeKind,
    Terrain,
    TrenchGraph,
    check_trench_graph,
)
from qamtu.connectivity.villages.trench.settings import TrenchSettings, load_trench_params

__all__ = [
    "EdgeKind",
    "Method",
    "NodeKind",
    "Terrain",
    "TrenchGraph",
    "TrenchSettings",
    "build_trench_graph",
    "check_trench_graph",
    "load_trench_params",
]
