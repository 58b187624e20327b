"""Budget, availability and capacity of line-of-sight microwave hops.

Free space and gases give the received level; what is left above the receiver's threshold is the
margin that rain and multipath use up for a share of the year (`qamtu.kernels.propagation.p530`).
Everything is vectorised over k hops and m modulations.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.kernels.propagation.climate import Climate, gas_attenuation_db_per_km
from qamtu.kernels.propagation.p525 import free_space_loss_db, wavelength_m
from qamtu.kernels.propagation.p530 import (
    multipath_percent,
    occurrence_percent,
    rain_attenuation_db,
    rain_percent,
    selective_outage,
    worst_month_to_year,
)

__all__ = [
    "HopBudget",
    "Modulation",
    "Radio",
    "antenna_gain_dbi",
    "hop_budget",
]

Floats = NDArray[np.float64]

_THERMAL_DBM_PER_HZ: Final = -173.98
"""Noise of 290 K, 10 log10(1000 k T) with Boltzmann's constant (exact, SI) [dBm/Hz]."""
_MULTIPATH_FROM_KM: Final = 5.0


@dataclass(frozen=True, slots=True)
class Modulation:
    """One step of adaptive modulation.

    Parameters
    ----------
    name
        As makers call it, for example ``64QAM``.
    efficiency_bit_per_s_hz
        User bits a second in each hertz of the channel, coding and roll-off taken off [bit/s/Hz].
    snr_db
        Signal over noise at the threshold, at a bit error ratio of 1e-6 [dB].
    backoff_db
        Power that the transmitter holds back [dB].
    """

    name: str
    efficiency_bit_per_s_hz: float
    snr_db: float
    backoff_db: float


@dataclass(frozen=True, slots=True)
class Radio:
    """The equipment at both ends.

    Parameters
    ----------
    frequency_ghz, bandwidth_mhz
        Carrier [GHz] and channel [MHz].
    tx_power_dbm
        Power of the transmitter at its most robust modulation [dBm].
    antenna_a_dbi, antenna_b_dbi
        Gains [dBi].
    feeder_loss_db
        Losses between radios and antennas, both ends together [dB].
    noise_figure_db
        Of the receiver [dB].
    polarisation_deg
        0 horizontal, 90 vertical [deg].
    signature_depth_db, signature_delay_ns
        Depth of the equaliser's signature [dB] at the reference delay [ns] (P.530-17 § 5.1); its
        width is taken as the channel's.
    modulations
        From the most robust on.
    """

    frequency_ghz: float
    bandwidth_mhz: float
    tx_power_dbm: float
    antenna_a_dbi: float
    antenna_b_dbi: float
    feeder_loss_db: float
    noise_figure_db: float
    polarisation_deg: float
    signature_depth_db: float
    signature_delay_ns: float
    modulations: tuple[Modulation, ...]


@dataclass(frozen=True, slots=True)
class HopBudget:
    """Budget of k hops, for each of m modulations where the shape says so.

    Parameters
    ----------
    free_space_db, gas_db, other_db : float64[k]
        Losses along the path [dB].
    rain_001_db : float64[k]
        Rain attenuation exceeded for 0.01 % of the year [dB].
    received_dbm, threshold_dbm, margin_db : float64[m, k]
        Level in clear air, receiver threshold and what is between them.
    rain_percent, multipath_percent, selective_percent : float64[m, k]
        Share of the average year below the threshold for each reason [%].
    availability : float64[m, k]
        One less their sum, not below 0 [1]; 0 where the margin is negative.
    capacity_mbps : float64[k]
        What the densest modulation that keeps the availability asked carries; 0 if none [Mbit/s].
    best : int64[k]
        Its place among the modulations; -1 if none.
    """

    free_space_db: Floats
    gas_db: Floats
    other_db: Floats
    rain_001_db: Floats
    received_dbm: Floats
    threshold_dbm: Floats
    margin_db: Floats
    rain_percent: Floats
    multipath_percent: Floats
    selective_percent: Floats
    availability: Floats
    capacity_mbps: Floats
    best: NDArray[np.int64]


def antenna_gain_dbi(diameter_m: ArrayLike, frequency_ghz: ArrayLike, efficiency: float) -> Floats:
    """Gain of a dish, ``10 log10(η (π D / λ)²)`` [dBi].

    Parameters
    ----------
    diameter_m : float[...]
        Diameter [m].
    frequency_ghz : float[...]
        Frequency [GHz].
    efficiency
        Of the aperture [1].
    """
    size = np.pi * np.asarray(diameter_m, dtype=np.float64) / wavelength_m(frequency_ghz)
    return np.asarray(10.0 * np.log10(efficiency * size * size))


def hop_budget(
    climate: Climate,
    length_m: ArrayLike,
    antenna_a_m: ArrayLike,
    antenna_b_m: ArrayLike,
    radio: Radio,
    *,
    availability: float,
    other_loss_db: ArrayLike = 0.0,
) -> HopBudget:
    """Give levels, outages and the capacity that keeps an availability, for k hops.

    Parameters
    ----------
    climate
        At the middles of the hops.
    length_m : float[k]
        Lengths [m].
    antenna_a_m, antenna_b_m : float[k]
        Antennas above sea level [m].
    radio
        Equipment of all hops.
    availability
        Share of the average year that the capacity has to be there [1].
    other_loss_db : float[k]
        Further loss at all times, for example by diffraction [dB].

    Raises
    ------
    MissingInput
        If the extra ``radio`` is not installed.
    """
    shape = climate.lat_deg.shape
    km = np.broadcast_to(np.asarray(length_m, dtype=np.float64) / 1000.0, shape)
    a, b = np.asarray(antenna_a_m, dtype=np.float64), np.asarray(antenna_b_m, dtype=np.float64)
    f = radio.frequency_ghz
    other = np.broadcast_to(np.asarray(other_loss_db, dtype=np.float64), shape).copy()
    free = free_space_loss_db(np.maximum(km, 1e-3) * 1000.0, f)
    gas = gas_attenuation_db_per_km(climate, f) * km
    snr, backoff, rate = (
        np.array([getattr(one, name) for one in radio.modulations])[:, None]
        for name in ("snr_db", "backoff_db", "efficiency_bit_per_s_hz")
    )
    gains = radio.antenna_a_dbi + radio.antenna_b_dbi - radio.feeder_loss_db
    received = radio.tx_power_dbm - backoff + gains - (free + gas + other)
    noise = _THERMAL_DBM_PER_HZ + 10.0 * np.log10(radio.bandwidth_mhz * 1e6)
    threshold = np.broadcast_to(noise + radio.noise_figure_db + snr, received.shape)
    margin = received - threshold
    rain_001 = rain_attenuation_db(km, f, radio.polarisation_deg, climate.rain_rate_mm_per_h)
    rain = rain_percent(rain_001, margin, f)
    multipath, selective = _fading(climate, km, a, b, radio, margin)
    out = np.where(margin > 0.0, rain + multipath + selective, 100.0)
    available = np.clip(1.0 - out / 100.0, 0.0, 1.0)
    carried = np.where(available >= availability, rate * radio.bandwidth_mhz, 0.0)
    best = np.where(carried.max(axis=0) > 0.0, carried.argmax(axis=0), -1)
    return HopBudget(
        free_space_db=free, gas_db=gas, other_db=other, rain_001_db=rain_001,
        received_dbm=received, threshold_dbm=threshold.copy(), margin_db=margin,
        rain_percent=rain, multipath_percent=multipath, selective_percent=selective,
        availability=available, capacity_mbps=carried.max(axis=0), best=best.astype(np.int64),
    )  # fmt: skip


def _fading(
    climate: Climate, km: Floats, a: Floats, b: Floats, radio: Radio, margin: Floats
) -> tuple[Floats, Floats]:
    """Flat and selective multipath outage of the year [%]; none on paths below 5 km."""
    tilt = np.abs(a - b) / np.maximum(km, 1e-6)  # (5), m over km is mrad
    low = np.minimum(a, b)
    p0 = occurrence_percent(climate.geoclimatic_factor, km, tilt, radio.frequency_ghz, low)
    long = km >= _MULTIPATH_FROM_KM
    flat = worst_month_to_year(multipath_percent(p0, margin), climate.lat_deg, km, tilt)
    bent = selective_outage(
        p0, km, radio.bandwidth_mhz, radio.signature_depth_db, radio.signature_delay_ns
    )
    bent = worst_month_to_year(bent, climate.lat_deg, km, tilt)
    flat = np.where(long, np.minimum(flat, 100.0), 0.0)
    bent = np.broadcast_to(np.where(long, np.minimum(bent, 100.0), 0.0), margin.shape)
    return flat, bent.copy()
