"""ITU-R P.1812-8: loss of a path over its profile, 30 MHz to 6 GHz, 1 to 50 % of time.

In: a profile of terrain, clutter and zones, antennas and `Settings`. Out: the basic transmission
loss with every intermediate value. The model is split in two: `reduce` walks the points of a
profile and keeps a few numbers (`terms`), `loss` makes the loss of them in closed form.
"""

from qamtu.kernels.propagation.p1812.location import location_sigma_db, location_variability_db
from qamtu.kernels.propagation.p1812.loss import loss_from_terms
from qamtu.kernels.propagation.p1812.model import (
    basic_transmission_loss,
    basic_transmission_losses,
)
from qamtu.kernels.propagation.p1812.path import Profile, check_profile, middle_latitude_deg
from qamtu.kernels.propagation.p1812.result import Result
from qamtu.kernels.propagation.p1812.settings import Settings, check_settings, make_constants
from qamtu.kernels.propagation.p2109 import building_entry_loss_db, indoor_loss_db

__all__ = [
    "Profile",
    "Result",
    "Settings",
    "basic_transmission_loss",
    "basic_transmission_losses",
    "building_entry_loss_db",
    "check_profile",
    "check_settings",
    "indoor_loss_db",
    "location_sigma_db",
    "location_variability_db",
    "loss_from_terms",
    "make_constants",
    "middle_latitude_deg",
]
