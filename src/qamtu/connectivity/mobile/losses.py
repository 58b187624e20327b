"""The propagation model of the line: P.1812-8 swept around a site and laid on its cells."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.radio import Radio
from qamtu.connectivity.mobile.reach import LossModel
from qamtu.kernels.propagation.area import Frame
from qamtu.kernels.propagation.area.raster import loss_raster
from qamtu.kernels.terrain import Surface

__all__ = ["p1812_losses"]

_STEPS_PER_CELL: Final = 2.0


def p1812_losses(surface: Surface, radio: Radio) -> LossModel:
    """Give the losses of a band over a surface as a function of site and frame.

    Radials leave no gap wider than a cell at the radius, and their points stand half a cell
    apart; voids between known heights are bridged.

    Parameters
    ----------
    surface
        Ground, clutter and zones.
    radio
        Band, receiver height and settings of the model.
    """

    def losses(
        lat_deg: float, lon_deg: float, height_m: float, frame: Frame, radius_m: float
    ) -> NDArray[np.float32]:
        cell = frame.cell_m
        return loss_raster(
            surface, lat_deg, lon_deg, height_m, radio.receiver_height_m, radio.settings, frame,
            max(radius_m, 2.0 * cell), step_m=cell / _STEPS_PER_CELL, fill_voids=True,
        )  # fmt: skip

    return losses
