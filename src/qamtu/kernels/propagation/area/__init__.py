"""Losses of a whole area: one sweep along each radial of a site instead of a path a pixel.

In: a surface, a site, settings and a frame. Out: the loss at every cell, and how far it is from
what a path of its own would give. `loss_raster` is the door; `sweep` and `polar_to_raster` are its
two halves; `radial_losses` is one radial.
"""

from qamtu.kernels.propagation.area.direct import direct_losses, direct_raster
from qamtu.kernels.propagation.area.frame import Frame, frame_around, frame_of
from qamtu.kernels.propagation.area.models import MODELS, model_sweep
from qamtu.kernels.propagation.area.polar import (
    Polar,
    azimuth_count,
    azimuths_deg,
    polar_to_raster,
)
from qamtu.kernels.propagation.area.raster import (
    ResamplingError,
    loss_raster,
    resampling_error,
    terrain_step_m,
)
from qamtu.kernels.propagation.area.sweep import check_site, radial_losses, sweep

__all__ = [
    "MODELS",
    "Frame",
    "Polar",
    "ResamplingError",
    "azimuth_count",
    "azimuths_deg",
    "check_site",
    "direct_losses",
    "direct_raster",
    "frame_around",
    "frame_of",
    "loss_raster",
    "model_sweep",
    "polar_to_raster",
    "radial_losses",
    "resampling_error",
    "sweep",
    "terrain_step_m",
]
