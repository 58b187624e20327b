"""Antennas: patterns of two cuts, their gain towards any direction, tilt."""

from qamtu.kernels.antenna.gain import directions_loss, pattern_loss
from qamtu.kernels.antenna.pattern import DIPOLE_DBI, Pattern, gain_db, omni, sector_3gpp

__all__ = [
    "DIPOLE_DBI",
    "Pattern",
    "directions_loss",
    "gain_db",
    "omni",
    "pattern_loss",
    "sector_3gpp",
]
