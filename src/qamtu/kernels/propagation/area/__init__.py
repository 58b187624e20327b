"""Losses of a whole area: one sweep along each radial of a site instead of a path a pixel."""

from qamtu.kernels.propagation.area.frame import Frame, frame_around, frame_of

__all__ = ["Frame", "frame_around", "frame_of"]
