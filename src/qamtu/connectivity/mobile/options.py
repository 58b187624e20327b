"""A site as it may be built at a place: its sectors, their azimuths and tilt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.candidates import Places
from qamtu.connectivity.mobile.radio import Radio
from qamtu.kernels.coverage import SectorSpec

__all__ = ["Option", "Standing", "new_options", "standing_options", "tilt_to"]

_SECTORS = 3
_TILT_MOST_DEG = 12.0


@dataclass(frozen=True, eq=False)
class Option:
    """One way to build at one place.

    Parameters
    ----------
    place
        Number of the place.
    sectors
        Its sectors.
    existing
        Whether it stands already.
    """

    place: int
    sectors: tuple[SectorSpec, ...]
    existing: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A site that stands: what is known of it; NaN where it is not.

    Parameters
    ----------
    site_id
        Its id.
    lat_deg, lon_deg
        Where [deg].
    height_m
        Antennas above ground [m].
    azimuth_deg, tilt_deg, eirp_dbm
        Of each sector, equally many [deg, deg, dBm]; one without azimuth is left out, and without
        any azimuth the site is given three sectors.
    serves
        Whether it has the band already; else it is a candidate that costs its equipment alone.
    """

    site_id: str
    lat_deg: float
    lon_deg: float
    height_m: float
    azimuth_deg: tuple[float, ...]
    tilt_deg: tuple[float, ...]
    eirp_dbm: tuple[float, ...]
    serves: bool = True


def tilt_to(height_m: float, reach_m: float) -> float:
    """Tilt that points at flat ground at the edge of a cell, in whole degrees [deg].

    atan(h / R), not above 12°, the usual range of remote electrical tilt.
    """
    angle = math.degrees(math.atan2(height_m, max(reach_m, 1.0)))
    return min(float(round(angle)), _TILT_MOST_DEG)


def new_options(
    places: Places, radio: Radio, reach_m: NDArray[np.float64], rotations: int
) -> list[Option]:
    """Give every way to build at new places: three sectors 120° apart, turned in equal steps.

    Parameters
    ----------
    places
        k places.
    radio
        The band.
    reach_m : float[k]
        Radius that a site of the place covers, for the tilt [m].
    rotations
        How many turns are tried; turn ``j`` begins at ``120° j / rotations``.

    Returns
    -------
    list of Option
        k · rotations, those of a place after each other.
    """
    made = []
    for i in range(len(places)):
        height = float(places.height_m[i])
        tilt = tilt_to(height, float(reach_m[i]))
        for turn in range(rotations):
            first = 360.0 / _SECTORS * turn / rotations
            sectors = tuple(
                radio.sector(
                    float(places.lat_deg[i]), float(places.lon_deg[i]),
                    float(places.ground_m[i]), height, (first + 120.0 * s) % 360.0, tilt,
                )
                for s in range(_SECTORS)
            )  # fmt: skip
            made.append(Option(i, sectors, existing=False))
    return made


def standing_options(
    places: Places, sites: Sequence[Standing], radio: Radio, reach_m: float, first: int
) -> list[Option]:
    """Give the sites that stand, as options; those that serve are not asked for but there.

    Parameters
    ----------
    places
        Where they stand, with known ground and height.
    sites
        What is known of them.
    radio
        The band; its power is taken where a sector's is not known.
    reach_m
        Radius that a site covers, for tilts that are not known [m].
    first
        Number of the first of these places among all.
    """
    made = []
    for i, site in enumerate(sites):
        height = float(places.height_m[i])
        sectors = tuple(
            radio.sector(
                site.lat_deg, site.lon_deg, float(places.ground_m[i]), height, azimuth,
                tilt if np.isfinite(tilt) else tilt_to(height, reach_m),
                power if np.isfinite(power) else None,
            )
            for azimuth, tilt, power in _known_sectors(site)
        )  # fmt: skip
        made.append(Option(first + i, sectors, existing=site.serves))
    return made


def _known_sectors(site: Standing) -> list[tuple[float, float, float]]:
    """Azimuth, tilt and power of each sector whose azimuth is known.

    Where none is, three sectors share the first tilt and power that are.
    """
    rows = list(zip(site.azimuth_deg, site.tilt_deg, site.eirp_dbm, strict=True))
    known = [row for row in rows if np.isfinite(row[0])]
    if known:
        return known
    tilt, power = (
        next((value for value in values if np.isfinite(value)), np.nan)
        for values in (site.tilt_deg, site.eirp_dbm)
    )
    return [(360.0 / _SECTORS * s, tilt, power) for s in range(_SECTORS)]
