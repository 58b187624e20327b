"""One sector as the coverage kernels see it, and the arithmetic of its power."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.antenna import Pattern

__all__ = [
    "RESOURCE_BLOCKS",
    "THERMAL_NOISE_DBM_HZ",
    "SectorSpec",
    "eirp_dbm",
    "noise_dbm",
    "resource_blocks",
    "rsrp_offset_db",
    "subcarrier_khz",
]

THERMAL_NOISE_DBM_HZ: Final = -173.975
"""k·T at 290 K [dBm/Hz] (Recommendation ITU-R P.372-16, section 2: 10 log10(k·290 K·1 Hz/1 mW))."""

RESOURCE_BLOCKS: Final[dict[float, dict[float, int]]] = {
    15.0: {5.0: 25, 10.0: 52, 15.0: 79, 20.0: 106, 25.0: 133, 30.0: 160, 40.0: 216, 50.0: 270},
    30.0: {5.0: 11, 10.0: 24, 15.0: 38, 20.0: 51, 25.0: 65, 30.0: 78, 40.0: 106, 50.0: 133,
           60.0: 162, 70.0: 189, 80.0: 217, 90.0: 245, 100.0: 273},
}  # fmt: skip
"""Resource blocks of an NR carrier by subcarrier spacing [kHz] and bandwidth [MHz]
(3GPP TS 38.101-1 V17, table 5.3.2-1)."""

_LTE_BLOCKS: Final[dict[float, int]] = {
    1.4: 6, 3.0: 15, 5.0: 25, 10.0: 50, 15.0: 75, 20.0: 100,
}  # fmt: skip
_SUBCARRIERS: Final = 12


@dataclass(frozen=True, eq=False)
class SectorSpec:
    """One sector: where it stands, where it points, and what it sends.

    Parameters
    ----------
    lat_deg, lon_deg : float
        Position (WGS 84) [deg].
    height_m : float
        Antenna above ground [m].
    ground_m : float
        Ground above sea level [m].
    azimuth_deg : float
        Boresight, clockwise from north [deg].
    tilt_deg, electrical_tilt_deg : float
        Mechanical tilt, and electrical tilt beyond what the pattern has in it; down positive
        [deg].
    eirp_dbm : float
        Power radiated in the maximum, over an isotropic antenna, of the whole carrier [dBm].
    frequency_mhz, bandwidth_mhz : float
        Carrier [MHz].
    load : float
        Share of the carrier's resource that is busy, 0 to 1: what it gives as interference.
    pattern : Pattern
        Antenna.
    """

    lat_deg: float
    lon_deg: float
    height_m: float
    ground_m: float
    azimuth_deg: float
    tilt_deg: float
    electrical_tilt_deg: float
    eirp_dbm: float
    frequency_mhz: float
    bandwidth_mhz: float
    load: float
    pattern: Pattern


def eirp_dbm(power_w: float, gain_dbi: float, feeder_loss_db: float = 0.0) -> float:
    """Power radiated in the antenna's maximum: 10 log10(1000 P) + G − L.

    Parameters
    ----------
    power_w : float
        Power at the transmitter's output [W].
    gain_dbi : float
        Antenna gain [dBi].
    feeder_loss_db : float
        Loss of feeder, jumpers and combiners [dB].

    Returns
    -------
    float
        EIRP [dBm].
    """
    if not power_w > 0.0:
        finding = Finding("power-not-positive", Severity.ERROR, f"a power of {power_w} W",
                          "give a power above 0 W", None, None, "power_w")  # fmt: skip
        raise InputError("the power cannot be used", [finding])
    return float(10.0 * np.log10(1000.0 * power_w) + gain_dbi - feeder_loss_db)


def noise_dbm(bandwidth_hz: float, noise_figure_db: float) -> float:
    """Noise of a receiver: k·T·B and its noise figure.

    Parameters
    ----------
    bandwidth_hz : float
        Bandwidth in which it receives [Hz].
    noise_figure_db : float
        Noise figure [dB].

    Returns
    -------
    float
        Power [dBm].
    """
    return float(THERMAL_NOISE_DBM_HZ + 10.0 * np.log10(bandwidth_hz) + noise_figure_db)


def subcarrier_khz(technology: str, frequency_mhz: float) -> float:
    """Subcarrier spacing: 15 kHz for LTE and for NR below 2.3 GHz, else 30 kHz.

    NR leaves the choice to the operator; 30 kHz is the usual one in the bands of time division.

    Returns
    -------
    float
        Spacing [kHz].
    """
    return 30.0 if technology == "nr" and frequency_mhz >= 2300.0 else 15.0


def resource_blocks(technology: str, frequency_mhz: float, bandwidth_mhz: float) -> int:
    """Resource blocks of an LTE or NR carrier.

    LTE: 3GPP TS 36.101 V17, table 5.6-1. NR: TS 38.101-1 V17, table 5.3.2-1. For a bandwidth
    between those of the table: nine tenths of it, as many whole blocks as fit.

    Parameters
    ----------
    technology : str
        ``lte`` or ``nr``.
    frequency_mhz, bandwidth_mhz : float
        Carrier [MHz].
    """
    spacing = subcarrier_khz(technology, frequency_mhz)
    table = RESOURCE_BLOCKS[spacing] if technology == "nr" else _LTE_BLOCKS
    known = table.get(float(bandwidth_mhz))
    if known is not None:
        return known
    return max(1, int(0.9 * bandwidth_mhz * 1000.0 / (spacing * _SUBCARRIERS)))


def rsrp_offset_db(technology: str, frequency_mhz: float, bandwidth_mhz: float) -> float:
    """Power of one resource element below that of the whole carrier, all alike.

    10 log10(12·N) with N resource blocks (3GPP TS 36.214 V17 section 5.1.1 and TS 38.215 V17
    section 5.1.1 define RSRP as the power of one resource element). 0 for other technologies.

    Returns
    -------
    float
        Offset [dB], positive.
    """
    if technology not in {"lte", "nr"}:
        return 0.0
    blocks = resource_blocks(technology, frequency_mhz, bandwidth_mhz)
    return float(10.0 * np.log10(_SUBCARRIERS * blocks))
