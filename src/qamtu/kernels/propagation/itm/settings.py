"""Settings of the Irregular Terrain Model."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything of a path but its terrain.

    Parameters
    ----------
    frequency_mhz
        Frequency, 20 to 20,000 [MHz].
    tx_height_m, rx_height_m
        Antennas above ground, 0.5 to 3,000 [m].
    vertical
        Whether the polarisation is vertical.
    refractivity
        Minimum monthly mean surface refractivity reduced to sea level, 250 to 400 [N-units].
    permittivity
        Relative permittivity of the ground [1].
    conductivity_s_per_m
        Conductivity of the ground [S/m].
    climate
        1 equatorial, 2 continental subtropical, 3 maritime subtropical, 4 desert, 5 continental
        temperate, 6 maritime temperate over land, 7 maritime temperate over sea.
    variability
        0 single message, 1 accidental, 2 mobile, 3 broadcast; plus 10 where the location is
        known (no location variability), plus 20 for no situation variability.
    time_percent, location_percent, situation_percent
        Share of time, locations and situations in which the loss is not exceeded [%].
    """

    frequency_mhz: float
    tx_height_m: float
    rx_height_m: float
    vertical: bool = True
    refractivity: float = 301.0
    permittivity: float = 15.0
    conductivity_s_per_m: float = 0.005
    climate: int = 5
    variability: int = 12
    time_percent: float = 50.0
    location_percent: float = 50.0
    situation_percent: float = 50.0
