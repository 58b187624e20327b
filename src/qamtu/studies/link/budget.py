"""Microwave budget of one link: levels, outages by cause, capacity at the availability asked."""

from __future__ import annotations

from typing import Any

from qamtu.kernels.propagation.climate import Climate, climate_at
from qamtu.kernels.propagation.microwave import HopBudget, hop_budget
from qamtu.studies.link.equipment import Equipment
from qamtu.studies.link.path import LinkPath

__all__ = ["link_budget"]


def link_budget(
    path: LinkPath, equipment: Equipment, availability: float, diffraction_db: float
) -> dict[str, Any]:
    """Make the budget of a path whose heights are known.

    Parameters
    ----------
    path
        The path.
    equipment
        Radio and dishes.
    availability
        Share of the average year that the capacity has to be there [1].
    diffraction_db
        Loss over free space by what stands in the way [dB].

    Returns
    -------
    dict
        ``climate``, ``equipment``, ``losses``, ``modulations`` (a row each, from the most robust
        on) and ``capacity_mbps`` with the ``modulation`` that gives it.

    Raises
    ------
    MissingInput
        If the extra ``radio`` is not installed.
    """
    table = path.table
    middle = table.iloc[len(table) // 2]
    line = path.column("line_m")
    climate = climate_at(middle["lat_deg"], middle["lon_deg"], float(line.mean()))
    radio = equipment.radio
    found = hop_budget(
        climate, path.length_m, line[0], line[-1], radio,
        availability=availability, other_loss_db=diffraction_db,
    )  # fmt: skip
    best = int(found.best[0])
    return {
        "availability": availability,
        "capacity_mbps": float(found.capacity_mbps[0]),
        "modulation": radio.modulations[best].name if best >= 0 else None,
        "climate": _climate(climate),
        "equipment": {
            "band": equipment.band,
            "frequency_ghz": radio.frequency_ghz,
            "bandwidth_mhz": radio.bandwidth_mhz,
            "tx_power_dbm": radio.tx_power_dbm,
            "dish_a_m": equipment.dish_a_m,
            "dish_b_m": equipment.dish_b_m,
            "gain_a_dbi": radio.antenna_a_dbi,
            "gain_b_dbi": radio.antenna_b_dbi,
            "feeder_loss_db": radio.feeder_loss_db,
            "noise_figure_db": radio.noise_figure_db,
            "polarisation": "vertical",
        },
        "losses": {
            name: float(getattr(found, name)[0])
            for name in ("free_space_db", "gas_db", "other_db", "rain_001_db")
        },
        "modulations": _rows(found, equipment),
    }


def _climate(climate: Climate) -> dict[str, float]:
    names = (
        "rain_rate_mm_per_h", "geoclimatic_factor", "water_vapour_g_per_m3", "temperature_k",
        "pressure_hpa",
    )  # fmt: skip
    return {name: float(getattr(climate, name)[0]) for name in names}


def _rows(found: HopBudget, equipment: Equipment) -> list[dict[str, Any]]:
    """Give a row a modulation."""
    radio = equipment.radio
    return [
        {
            "modulation": one.name,
            "rate_mbps": one.efficiency_bit_per_s_hz * radio.bandwidth_mhz,
            "received_dbm": float(found.received_dbm[i, 0]),
            "threshold_dbm": float(found.threshold_dbm[i, 0]),
            "margin_db": float(found.margin_db[i, 0]),
            "rain_percent": float(found.rain_percent[i, 0]),
            "multipath_percent": float(found.multipath_percent[i, 0]),
            "selective_percent": float(found.selective_percent[i, 0]),
            "availability": float(found.availability[i, 0]),
        }
        for i, one in enumerate(radio.modulations)
    ]
