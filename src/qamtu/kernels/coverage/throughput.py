"""Throughput from SINR: the attenuated and truncated Shannon bound of 3GPP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Shannon", "sinr_for", "throughput_mbps"]


@dataclass(frozen=True, slots=True)
class Shannon:
    """Parameters of the mapping (3GPP TR 36.942 V17 annex A.1; TR 38.803 V14 section 5.2.7 for NR).

    Parameters
    ----------
    attenuation : float
        Losses of an implementation, 0.6 for the downlink.
    sinr_min_db : float
        Below it nothing is received [dB], −10.
    efficiency_max : float
        Spectral efficiency of the highest code and modulation [bit/s/Hz], 4.4.
    """

    attenuation: float = 0.6
    sinr_min_db: float = -10.0
    efficiency_max: float = 4.4


@njit(cache=True)
def _throughput(
    sinr_db: NDArray[np.float32],
    attenuation: float,
    sinr_min_db: float,
    efficiency_max: float,
    scale: float,
    out: NDArray[np.float32],
) -> None:
    for i in range(sinr_db.size):
        sinr = sinr_db[i]
        if np.isnan(sinr):
            out[i] = np.nan
        elif sinr < sinr_min_db:
            out[i] = 0.0
        else:
            bits = attenuation * np.log2(1.0 + 10.0 ** (0.1 * sinr))
            out[i] = scale * min(bits, efficiency_max)


def throughput_mbps(
    sinr_db: NDArray[np.float32],
    bandwidth_mhz: float,
    shannon: Shannon,
    *,
    share: float = 1.0,
    layers: float = 1.0,
) -> NDArray[np.float32]:
    """Throughput of one user who has the whole carrier.

    T = layers · share · B · min(attenuation · log2(1 + SINR), efficiency_max), and 0 below
    ``sinr_min_db``.

    Parameters
    ----------
    sinr_db : float32[...]
        SINR [dB]; NaN stays.
    bandwidth_mhz : float
        Bandwidth of the carrier [MHz].
    shannon
        Parameters of the mapping.
    share : float
        Share of the time or resource that the user has [1]: of time division the downlink's.
    layers : float
        Spatial layers, 1 without multiplexing [1].

    Returns
    -------
    float32[...]
        Throughput [Mbit/s].
    """
    flat = np.ascontiguousarray(sinr_db, np.float32).ravel()
    out = np.empty(flat.size, np.float32)
    scale = float(bandwidth_mhz * share * layers)
    _throughput(flat, shannon.attenuation, shannon.sinr_min_db, shannon.efficiency_max, scale, out)
    return out.reshape(np.shape(sinr_db))


def sinr_for(
    throughput: float,
    bandwidth_mhz: float,
    shannon: Shannon,
    *,
    share: float = 1.0,
    layers: float = 1.0,
) -> float:
    """SINR that a throughput needs: the inverse of `throughput_mbps`.

    Parameters
    ----------
    throughput : float
        Wanted throughput [Mbit/s].
    bandwidth_mhz, shannon, share, layers
        As in `throughput_mbps`.

    Returns
    -------
    float
        SINR [dB]; inf where the carrier can not give so much.
    """
    bits = throughput / (bandwidth_mhz * share * layers)
    if bits > shannon.efficiency_max:
        return float("inf")
    if bits <= 0.0:
        return shannon.sinr_min_db
    linear = 2.0 ** (bits / shannon.attenuation) - 1.0
    return max(shannon.sinr_min_db, float(10.0 * np.log10(linear)))
