"""The Irregular Terrain Model (Longley–Rice) 1.4: loss over a terrain profile or an area."""

from qamtu.kernels.propagation.itm.model import (
    PropagationMode,
    Result,
    Siting,
    area_loss,
    path_loss,
    path_losses,
)
from qamtu.kernels.propagation.itm.settings import Settings

__all__ = [
    "PropagationMode",
    "Result",
    "Settings",
    "Siting",
    "area_loss",
    "path_loss",
    "path_losses",
]
