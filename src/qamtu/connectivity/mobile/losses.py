"""The propagation model of the line: P.1812-8 swept around a site and laid on its cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.radio import Radio
from qamtu.connectivity.mobile.reach import LossModel
from qamtu.connectivity.mobile.territory import cell_side_m
from qamtu.kernels.propagation.area import Frame, loss_raster
from qamtu.kernels.terrain import Surface

__all__ = ["p1812_losses"]


def p1812_losses(surface: Surface, radio: Radio) -> LossModel:
    """Give the losses of a band over a surface as a function of site and frame.

    Radials leave no gap wider than a cell at the radius; voids between known heights are bridged.

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
        radius = max(radius_m, 2.0 * cell_side_m(frame), 2.0 * radio.profile_step_m)
        return loss_raster(
            surface, lat_deg, lon_deg, height_m, radio.receiver_height_m, radio.settings, frame,
            radius, step_m=radio.profile_step_m, fill_voids=True,
        )  # fmt: skip

    return losses
