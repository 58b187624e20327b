"""A city as the choice of sites sees it: cells, candidates, what each covers and costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.backhaul import Ducts, fibre_km
from qamtu.connectivity.mobile.candidates import (
    EXISTING,
    UPGRADE,
    Heights,
    Places,
    join_places,
    make_places,
)
from qamtu.connectivity.mobile.choose import Limits
from qamtu.connectivity.mobile.costs import Bill, make_prices, price_sites
from qamtu.connectivity.mobile.losses import p1812_losses
from qamtu.connectivity.mobile.options import Option, Standing, new_options, standing_options
from qamtu.connectivity.mobile.probing import Spacing, probe_spacing, spaced_places
from qamtu.connectivity.mobile.radio import Radio, make_radio
from qamtu.connectivity.mobile.reach import Reach, option_reaches, site_window
from qamtu.connectivity.mobile.territory import Territory, make_territory
from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.core.params import Params
from qamtu.kernels.terrain import Surface

__all__ = ["CityTask", "Field", "Wanted", "survey", "survey_findings"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of every city: requirement, target, grid and limits; see ``fields.csv``."""

    frequency_mhz: float
    share: float
    people_share: float
    level_dbm: float | None
    throughput: float | None
    situation: str
    location_share: float
    cell_m: float
    spacing_m: float | None
    rotations: int
    load: float
    least_sites: bool
    limits: Limits
    point_limits: Limits

    def radio(self, params: Params) -> Radio:
        """Give the band and requirement."""
        return make_radio(
            params, frequency_mhz=self.frequency_mhz, level_dbm=self.level_dbm,
            throughput=self.throughput, situation=self.situation,
            location_share=self.location_share, cell_m=self.cell_m, load=self.load,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class CityTask:
    """Everything that the plan of one city needs.

    Parameters
    ----------
    city_id
        Id of the city.
    outline
        Its territory, a polygon in EPSG:4326.
    centre
        Latitude and longitude [deg].
    population
        People.
    surface
        Ground and clutter.
    standing
        Sites that stand.
    ducts
        Where fibre is.
    params
        The line's parameters.
    wanted
        What is asked.
    """

    city_id: str
    outline: Any
    centre: tuple[float, float]
    population: float
    surface: Surface
    standing: tuple[Standing, ...]
    ducts: Ducts
    params: Params
    wanted: Wanted


@dataclass(frozen=True, eq=False)
class Field:
    """A city as the choice sees it.

    Parameters
    ----------
    territory, spacing
        Cells, and how candidates stand.
    places, options, reaches
        Places (new ones first), ways to build there, and the cells that each serves.
    fibre : float64[places]
        Fibre to lay [km]; NaN where a hop takes its place.
    bill
        Cost of a new site at each place.
    stretch
        Factor by which the candidates stand wider apart than wanted [1].
    """

    territory: Territory
    spacing: Spacing
    places: Places
    options: Sequence[Option]
    reaches: Sequence[Reach]
    fibre: NDArray[np.float64]
    bill: Bill
    stretch: float


def survey(task: CityTask, radio: Radio) -> Field:
    """Cut the territory into cells, lay candidates and predict what each covers.

    Raises
    ------
    InputError
        If no cell counts or no site can stand.
    """
    params, surface, wanted = task.params, task.surface, task.wanted
    loss = p1812_losses(surface, radio)
    territory = make_territory(
        task.outline, surface, cell_m=wanted.cell_m, centre=task.centre,
        population=task.population, density_centre=params.value("people_density_centre"),
    )  # fmt: skip
    if territory.area_km2.size == 0:
        raise _empty(task.city_id, "no cell of the territory is land", "draw it over land")
    heights = Heights(
        params.value("rooftop_height_min"), params.value("rooftop_above"),
        params.value("tower_height"),
        params.value("site_slope_most"),
    )  # fmt: skip
    spacing = probe_spacing(
        surface, territory, heights, radio, loss,
        share=params.value("spacing_share"), spacing_m=wanted.spacing_m,
    )  # fmt: skip
    most = int(params.value("candidates_most"))
    new, stretch = spaced_places(task.outline, surface, heights, spacing, most)
    stand = _standing_places(task, heights)
    places = join_places(new, stand)
    if len(places) == 0:
        raise _empty(task.city_id, "there is no place for a site", "check terrain and outline")
    usual = float(np.median(list(spacing.reach_m.values())))
    options = [
        *new_options(new, radio, spacing.reach_of(new), wanted.rotations),
        *standing_options(stand, task.standing, radio, usual, len(new)),
    ]
    radius = spacing.radius_of(places)
    radius[len(new) :] = radio.reach_m
    windows = [
        site_window(
            loss, territory.frame, float(places.lat_deg[i]), float(places.lon_deg[i]),
            float(places.height_m[i]), float(radius[i]),
        )
        for i in range(len(places))
    ]  # fmt: skip
    fibre = fibre_km(places, task.ducts, params.value("fibre_lateral"), params.value("fibre_near"))
    prices = make_prices(params, radio.band)
    return Field(
        territory, spacing, places, options,
        option_reaches(options, windows, territory, radio), fibre,
        price_sites(prices, places, fibre), stretch,
    )  # fmt: skip


def _standing_places(task: CityTask, heights: Heights) -> Places:
    lat, lon, height = (
        np.array([getattr(site, name) for site in task.standing], np.float64)
        for name in ("lat_deg", "lon_deg", "height_m")
    )
    places, _ = make_places(task.surface, lat, lon, heights, height_m=height)
    serves = np.array([site.serves for site in task.standing], bool)
    return replace(places, kind=np.where(serves, EXISTING, UPGRADE).astype(np.int64))


def survey_findings(task: CityTask, field: Field) -> list[Finding]:
    """Tell what of a territory does not count, and where candidates stand wider apart."""
    found = []
    if field.territory.sea_share > 0.01:
        found.append(
            Finding(
                "territory-over-water", Severity.WARNING,
                f"{field.territory.sea_share:.0%} of the outline is sea or a large water and does "
                "not count", "give the city's own outline (--territory)", task.city_id,
            )
        )  # fmt: skip
    if field.stretch > 1.0:
        found.append(
            Finding(
                "candidates-thinned", Severity.INFO,
                f"candidates stand {field.stretch:.2f} times wider apart than the reach of probes "
                "asks for", "raise the parameter candidates_most for a finer choice", task.city_id,
            )
        )  # fmt: skip
    return found


def _empty(city: str, what: str, mend: str) -> InputError:
    finding = Finding("territory-empty", Severity.ERROR, what, mend, city, None, "geometry")
    return InputError(f"the city {city!r} cannot be planned", [finding])
