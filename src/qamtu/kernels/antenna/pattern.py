"""An antenna as two cuts of 360 degrees and a gain: measured, 3GPP sector or omni."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.antenna.gain import directions_loss

__all__ = ["DIPOLE_DBI", "Pattern", "gain_db", "omni", "sector_3gpp"]

DIPOLE_DBI: Final = 2.15
"""Gain of a half-wave dipole over an isotropic antenna [dB] (Recommendation ITU-R V.573-6)."""

_DEGREES: Final = 360


@dataclass(frozen=True, eq=False)
class Pattern:
    """An antenna's radiation: loss below its maximum in two cuts.

    Parameters
    ----------
    horizontal_db : float64[360]
        Loss at each degree clockwise from boresight [dB].
    vertical_db : float64[360]
        Loss at each degree below the horizon: 0 ahead, 90 nadir, 180 behind, 270 zenith [dB].
    gain_dbi : float
        Gain of the maximum over an isotropic antenna [dBi].
    name : str
        Name of the antenna.
    projected : bool
        Whether the cuts are joined by projection (measured cuts) or summed and capped (3GPP);
        see `qamtu.kernels.antenna.gain.pattern_loss`.
    most_db : float
        Greatest loss [dB].
    frequency_mhz : float
        Frequency of the measurement [MHz]; NaN where it does not depend on one.
    built_in_tilt_deg : float
        Electrical tilt that the vertical cut has in it already [deg].

    Raises
    ------
    InputError
        If a cut has not 360 finite values, or the gain is no number.
    """

    horizontal_db: NDArray[np.float64]
    vertical_db: NDArray[np.float64]
    gain_dbi: float
    name: str
    projected: bool = True
    most_db: float = field(default=np.inf)
    frequency_mhz: float = field(default=np.nan)
    built_in_tilt_deg: float = 0.0

    def __post_init__(self) -> None:
        """Refuse cuts that are not 360 finite numbers."""
        for name in ("horizontal_db", "vertical_db"):
            cut = np.ascontiguousarray(getattr(self, name), dtype=np.float64)
            if cut.shape != (_DEGREES,) or not np.isfinite(cut).all():
                raise _unusable(self.name, name, f"{cut.size} values, or some that are no numbers")
            object.__setattr__(self, name, cut)
        if not np.isfinite(self.gain_dbi) or np.isnan(self.most_db):
            raise _unusable(self.name, "gain_dbi", f"a gain of {self.gain_dbi}")


def gain_db(
    pattern: Pattern,
    azimuth_off_deg: ArrayLike,
    elevation_deg: ArrayLike,
    tilt_deg: float = 0.0,
    electrical_tilt_deg: float = 0.0,
) -> NDArray[np.float64]:
    """Gain over an isotropic antenna towards directions.

    Parameters
    ----------
    pattern
        The antenna.
    azimuth_off_deg, elevation_deg : float[...]
        Direction's azimuth less the antenna's, and its elevation, up positive [deg]; broadcast.
    tilt_deg, electrical_tilt_deg : float
        Mechanical tilt, and electrical tilt beyond what the vertical cut has in it; down
        positive [deg].

    Returns
    -------
    float64[...]
        Gain [dBi].
    """
    phi, elevation = np.broadcast_arrays(
        np.asarray(azimuth_off_deg, dtype=np.float64), np.asarray(elevation_deg, dtype=np.float64)
    )
    loss = directions_loss(
        pattern.horizontal_db,
        pattern.vertical_db,
        pattern.most_db,
        pattern.projected,
        np.ascontiguousarray(phi).ravel(),
        np.ascontiguousarray(elevation).ravel(),
        float(tilt_deg),
        float(electrical_tilt_deg),
    )
    return np.asarray(pattern.gain_dbi - loss).reshape(phi.shape)


def sector_3gpp(
    gain_dbi: float = 17.0,
    beamwidth_h_deg: float = 65.0,
    beamwidth_v_deg: float = 10.0,
    front_to_back_db: float = 30.0,
    side_lobe_db: float = 20.0,
) -> Pattern:
    """Sector antenna in the closed form of 3GPP.

    H(φ) = min(12 (φ/φ3dB)², A_max), V(δ) = min(12 (δ/θ3dB)², SLA), L = min(H + V, A_max)
    (TR 38.901 V17 table 7.3-1, where an element has 65° both ways and 30 dB; TR 36.814 V9.2.0
    table A.2.1.1-2, where a macro sector has a vertical beam of 10° and SLA = 20 dB).

    Parameters
    ----------
    gain_dbi : float
        Gain of the maximum [dBi].
    beamwidth_h_deg, beamwidth_v_deg : float
        Half-power beamwidths φ3dB, θ3dB [deg].
    front_to_back_db, side_lobe_db : float
        A_max and SLA [dB].
    """
    if not (beamwidth_h_deg > 0.0 and beamwidth_v_deg > 0.0):
        raise _unusable("3gpp", "beamwidth", "a beamwidth that is not above 0")
    off = _from_boresight()
    vertical = np.minimum(12.0 * (off / beamwidth_v_deg) ** 2, side_lobe_db)
    behind = off > 90.0
    vertical[behind] = np.minimum(
        12.0 * ((180.0 - off[behind]) / beamwidth_v_deg) ** 2, side_lobe_db
    )
    return Pattern(
        horizontal_db=np.minimum(12.0 * (off / beamwidth_h_deg) ** 2, front_to_back_db),
        vertical_db=vertical,
        gain_dbi=gain_dbi,
        name=f"3gpp-{beamwidth_h_deg:g}x{beamwidth_v_deg:g}",
        projected=False,
        most_db=front_to_back_db,
    )


def omni(
    gain_dbi: float = 2.15, beamwidth_v_deg: float | None = None, side_lobe_db: float = 20.0
) -> Pattern:
    """Antenna that is alike at all azimuths.

    Parameters
    ----------
    gain_dbi : float
        Gain [dBi].
    beamwidth_v_deg : float, optional
        Half-power beamwidth of the vertical cut, a parabola as in `sector_3gpp` [deg]; without it
        the antenna is alike at all elevations too.
    side_lobe_db : float
        Greatest loss of the vertical cut [dB].
    """
    off = _from_boresight()
    vertical = np.zeros(_DEGREES)
    if beamwidth_v_deg is not None:
        if not beamwidth_v_deg > 0.0:
            raise _unusable("omni", "beamwidth", "a beamwidth that is not above 0")
        level = np.minimum(off, 180.0 - off)
        vertical = np.minimum(12.0 * (level / beamwidth_v_deg) ** 2, side_lobe_db)
    return Pattern(np.zeros(_DEGREES), vertical, gain_dbi, "omni", projected=False)


def _from_boresight() -> NDArray[np.float64]:
    """Angle from boresight at each whole degree, 0 to 180."""
    degree = np.arange(_DEGREES, dtype=np.float64)
    return np.minimum(degree, 360.0 - degree)


def _unusable(name: str, place: str, what: str) -> InputError:
    mend = "give a loss in dB for each of 360 degrees, and a gain in dBi"
    finding = Finding("antenna-unusable", Severity.ERROR, what, mend, name, None, place)
    return InputError(f"the antenna {name!r} cannot be used", [finding])
