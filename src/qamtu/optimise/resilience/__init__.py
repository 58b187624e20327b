"""Resilience: who hangs on each single cut of a network, and the cheapest rings that mend it."""

from qamtu.optimise.resilience.bridges import Network
from qamtu.optimise.resilience.exposure import (
    Exposure,
    Stretch,
    cut_exposure,
    network_exposure,
    worst_stretches,
)
from qamtu.optimise.resilience.rings import OpenCut, Ring, RingPlan, close_rings

__all__ = [
    "Exposure",
    "Network",
    "OpenCut",
    "Ring",
    "RingPlan",
    "Stretch",
    "close_rings",
    "cut_exposure",
    "network_exposure",
    "worst_stretches",
]
