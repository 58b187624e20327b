"""What loss a service bears: link budgets both ways, from stated powers, noise and margins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from qamtu.core.params import Params

__all__ = ["Budget", "link_budget"]

_THERMAL_DBM_PER_HZ: Final = -174.0
_SUBCARRIER_HZ: Final = 15e3
_BLOCK_HZ: Final = 180e3
_BLOCK_SUBCARRIERS: Final = 12
_BLOCKS_PER_MHZ: Final = 5.0


@dataclass(frozen=True, slots=True)
class Budget:
    """Link budget of one service with an antenna of 0 dBi at the site.

    Parameters
    ----------
    service
        ``voice`` or ``data5``.
    sinr_down_db, sinr_up_db
        Signal to noise that the service needs [dB].
    loss_down_db, loss_up_db
        Loss between the antennas that each way bears before margins [dB].
    vehicle_db
        Mean loss into the car [dB].
    location_db
        Margin for the share of locations, terrain and car together [dB].
    loss_db
        Greatest median path loss at which the service holds, site antenna gain excluded [dB].
    """

    service: str
    sinr_down_db: float
    sinr_up_db: float
    loss_down_db: float
    loss_up_db: float
    vehicle_db: float
    location_db: float
    loss_db: float


def link_budget(service: str, params: Params, location_sigma_db: float) -> Budget:
    """Work out the median path loss that a service bears, site antenna gain excluded.

    Downlink: power a subcarrier less noise in it; uplink: power of the device less noise in the
    resource blocks it sends on. The lesser of the two counts. Needed signal to noise of data
    follows the attenuated Shannon bound ``S = a log2(1 + SINR)`` (3GPP TR 36.942 annex A.2). The
    variations of terrain and car add up as independent normal ones.

    Parameters
    ----------
    service
        ``voice`` or ``data5``.
    params
        The line's parameters.
    location_sigma_db
        Standard deviation of the loss among locations outdoors [dB] (ITU-R P.1812 section 4.8).
    """
    value = params.value
    bandwidth = value("carrier_bandwidth")
    if service == "voice":
        down = up = value("voice_sinr")
        blocks, body = value("voice_blocks"), value("body_loss_voice")
    else:
        rate = value("data5_downlink") / (bandwidth * value("data5_share"))
        down = _shannon_db(rate, value("shannon_downlink"))
        blocks, body = value("data5_uplink_blocks"), value("body_loss_data")
        up = _shannon_db(
            1e6 * value("data5_uplink") / (blocks * _BLOCK_HZ), value("shannon_uplink")
        )
    carriers = _BLOCK_SUBCARRIERS * _BLOCKS_PER_MHZ * bandwidth
    shared = value("feeder_loss") + body + value("interference_margin")
    loss_down = (
        value("base_power")
        - _db(carriers)
        - (_THERMAL_DBM_PER_HZ + _db(_SUBCARRIER_HZ) + value("device_noise") + down)
        - shared
    )
    loss_up = (
        value("device_power")
        - (_THERMAL_DBM_PER_HZ + _db(blocks * _BLOCK_HZ) + value("base_noise") + up)
        - shared
    )
    sigma = math.hypot(location_sigma_db, value("vehicle_loss_sigma"))
    margin = NormalDist().inv_cdf(value("location_share") / 100.0) * sigma
    vehicle = value("vehicle_loss")
    return Budget(
        service=service,
        sinr_down_db=down,
        sinr_up_db=up,
        loss_down_db=loss_down,
        loss_up_db=loss_up,
        vehicle_db=vehicle,
        location_db=margin,
        loss_db=min(loss_down, loss_up) - vehicle - margin,
    )


def _db(value: float) -> float:
    return 10.0 * math.log10(value)


def _shannon_db(efficiency: float, attenuation: float) -> float:
    """SINR [dB] at which the attenuated bound gives so many bit/s/Hz."""
    return _db(2.0 ** (efficiency / attenuation) - 1.0)
