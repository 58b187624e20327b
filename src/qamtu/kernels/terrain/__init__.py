"""Ground, clutter and zones as one regular grid, and paths sampled from it.

In: heights and clutter of a rectangle in degrees. Out: profiles along great circles for the
propagation models. Grids are made by ``qamtu.country`` from any rasters.
"""

from qamtu.kernels.terrain.sample import (
    Grid,
    great_circle_m,
    ground_height,
    nearest,
    sample_line,
    sample_profiles,
    sample_radials,
    sample_ray,
)
from qamtu.kernels.terrain.surface import (
    ZONE_COASTAL,
    ZONE_INLAND,
    ZONE_SEA,
    ClutterClass,
    Surface,
    burn,
    crop,
    inside,
    make_surface,
    slope,
    void_share,
)

__all__ = [
    "ZONE_COASTAL",
    "ZONE_INLAND",
    "ZONE_SEA",
    "ClutterClass",
    "Grid",
    "Surface",
    "burn",
    "crop",
    "great_circle_m",
    "ground_height",
    "inside",
    "make_surface",
    "nearest",
    "sample_line",
    "sample_profiles",
    "sample_radials",
    "sample_ray",
    "slope",
    "void_share",
]
