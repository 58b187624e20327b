"""What a sector of the band radiates, and which level counts as covered."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final

from qamtu.core.params import Params
from qamtu.kernels.antenna import Pattern, sector_3gpp
from qamtu.kernels.coverage import (
    SectorSpec,
    Shannon,
    eirp_dbm,
    location_margin_db,
    noise_dbm,
    rsrp_offset_db,
    sinr_for,
    subcarrier_khz,
)
from qamtu.kernels.propagation.p1812 import (
    Settings,
    building_entry_loss_db,
    indoor_loss_db,
    location_sigma_db,
)

__all__ = ["SITUATIONS", "Radio", "known_bands", "make_radio", "with_interference"]

SITUATIONS: Final = ("outdoor", "vehicle", "indoor")
_TECHNOLOGY: Final = "nr"


@dataclass(frozen=True, slots=True)
class Radio:
    """One band as the line uses it.

    Parameters
    ----------
    band
        Its number, as the parameters name it.
    frequency_mhz, bandwidth_mhz
        Carrier [MHz].
    eirp_dbm
        Power of a sector in its maximum, the whole carrier [dBm].
    pattern, beamwidth_deg, beamwidth_vertical_deg
        Antenna of a sector and its half-power beamwidths [deg].
    rsrp_offset_db
        Power of one resource element below the carrier's [dB].
    receiver_height_m
        Receiver above ground [m].
    level_dbm
        Level at the receiver that must hold [dBm]; with a throughput, without interference.
    loss_db
        Mean loss into a vehicle or building [dB].
    location_db
        What the median must exceed the level by for the share of locations [dB].
    interference_db
        Interference above noise that is allowed for [dB].
    noise_dbm
        Noise in one resource element [dBm].
    sinr_min_db
        Least ratio that counts in the check with all sectors [dB].
    shannon
        Mapping of SINR to throughput.
    downlink_share, layers
        Share of the carrier's time [1] and spatial layers of a user [1].
    load
        Share of the resource that other sectors use [1].
    reach_m, profile_step_m
        Radius to which losses are computed at most, distance between points of a profile [m].
    settings
        Frequency, time and air of the propagation model; median of locations.
    """

    band: str
    frequency_mhz: float
    bandwidth_mhz: float
    eirp_dbm: float
    pattern: Pattern
    beamwidth_deg: float
    beamwidth_vertical_deg: float
    rsrp_offset_db: float
    receiver_height_m: float
    level_dbm: float
    loss_db: float
    location_db: float
    interference_db: float
    noise_dbm: float
    sinr_min_db: float
    shannon: Shannon
    downlink_share: float
    layers: float
    load: float
    reach_m: float
    profile_step_m: float
    settings: Settings

    @property
    def needed_dbm(self) -> float:
        """Median level outdoors that counts as covered [dBm]."""
        return self.level_dbm + self.loss_db + self.location_db + self.interference_db

    @property
    def offset_db(self) -> float:
        """What is added to the carrier's power for the level of one element outdoors [dB]."""
        return -self.rsrp_offset_db

    def sector(
        self, lat_deg: float, lon_deg: float, ground_m: float, height_m: float,
        azimuth_deg: float, tilt_deg: float, eirp: float | None = None,
    ) -> SectorSpec:  # fmt: skip
        """Give a sector of this band at a place; without a power that of the band."""
        return SectorSpec(
            lat_deg=lat_deg, lon_deg=lon_deg, height_m=height_m, ground_m=ground_m,
            azimuth_deg=azimuth_deg, tilt_deg=0.0, electrical_tilt_deg=tilt_deg,
            eirp_dbm=self.eirp_dbm if eirp is None else eirp,
            frequency_mhz=self.frequency_mhz, bandwidth_mhz=self.bandwidth_mhz, load=self.load,
            pattern=self.pattern,
        )  # fmt: skip


def known_bands(params: Params) -> tuple[int, ...]:
    """List the bands that the parameters know, by their number [MHz]."""
    found = (re.fullmatch(r"band_(\d+)_power", name) for name in params)
    return tuple(sorted(int(match.group(1)) for match in found if match))


def make_radio(
    params: Params, *, frequency_mhz: float, level_dbm: float | None, throughput: float | None,
    situation: str, location_share: float, cell_m: float, load: float,
) -> Radio:  # fmt: skip
    """Put band and requirement together.

    The level that must hold is the one given, or the parameter ``rsrp_min``; with a throughput it
    is the noise of one resource element plus the SINR that the throughput needs, and the margin
    for interference is added.

    Parameters
    ----------
    params
        The line's parameters.
    frequency_mhz
        One of `known_bands` [MHz].
    level_dbm, throughput
        Least level [dBm] or least throughput [Mbit/s]; at most one of them.
    situation
        One of `SITUATIONS`.
    location_share
        Share of locations [1].
    cell_m
        Side of a cell [m].
    load
        Load of other sectors [1].
    """
    band = f"band_{round(frequency_mhz)}"
    value = {name: params.value(f"{band}_{name}") for name in _BAND}
    mean, margin = _losses(params, situation, frequency_mhz, location_share, cell_m)
    shannon, layers = Shannon(), params.value("user_layers")
    spacing = subcarrier_khz(_TECHNOLOGY, frequency_mhz)
    noise = noise_dbm(1000.0 * spacing, params.value("noise_figure"))
    sinr, least = shannon.sinr_min_db, params.value("rsrp_min") if level_dbm is None else level_dbm
    if throughput is not None:
        share = value["downlink_share"]
        sinr = sinr_for(throughput, value["bandwidth"], shannon, share=share, layers=layers)
        least = noise + sinr
    return Radio(
        band=str(round(frequency_mhz)),
        frequency_mhz=frequency_mhz,
        bandwidth_mhz=value["bandwidth"],
        eirp_dbm=eirp_dbm(value["power"], value["gain"], value["feeder"]),
        pattern=sector_3gpp(value["gain"], value["beamwidth"], value["beamwidth_vertical"]),
        beamwidth_deg=value["beamwidth"],
        beamwidth_vertical_deg=value["beamwidth_vertical"],
        rsrp_offset_db=rsrp_offset_db(_TECHNOLOGY, frequency_mhz, value["bandwidth"]),
        receiver_height_m=params.value("receiver_height"),
        level_dbm=least,
        loss_db=mean,
        location_db=margin,
        interference_db=0.0 if throughput is None else params.value("interference_margin"),
        noise_dbm=noise,
        sinr_min_db=sinr,
        shannon=shannon,
        downlink_share=value["downlink_share"],
        layers=layers,
        load=load,
        reach_m=1000.0 * value["reach"],
        profile_step_m=params.value("profile_step"),
        settings=Settings(
            frequency_ghz=frequency_mhz / 1000.0,
            time_percent=params.value("time_percent"),
            delta_n=params.value("refractivity_lapse"),
            n0=params.value("refractivity"),
        ),
    )


def with_interference(radio: Radio, margin_db: float) -> Radio:
    """Give the same radio with another margin for interference [dB]."""
    return replace(radio, interference_db=margin_db)


_BAND: Final = (
    "bandwidth", "power", "gain", "beamwidth", "beamwidth_vertical", "feeder", "downlink_share",
    "reach",
)  # fmt: skip


def _losses(
    params: Params, situation: str, frequency_mhz: float, location_share: float, cell_m: float
) -> tuple[float, float]:
    """Median loss into where the receiver is, and what the share of locations adds to it [dB].

    Outdoors the median of a cell must exceed the level by the normal quantile of the share times
    the standard deviation of P.1812-8 section 4.8. Into a vehicle the variances add; into a
    building (P.2109, traditional) the distribution of the sum counts.
    """
    f, percent = frequency_mhz / 1000.0, 100.0 * location_share
    sigma = float(location_sigma_db(f, cell_m))
    if situation == "vehicle":
        mean, sd = params.value("vehicle_loss_mean"), params.value("vehicle_loss_sd")
        return mean, location_margin_db(percent, math.hypot(sigma, sd))
    if situation == "indoor":
        median = float(building_entry_loss_db(f))
        return median, indoor_loss_db(f, percent, sigma) - median
    return 0.0, location_margin_db(percent, sigma)
