"""The plan of one city: cells, candidates, what they cover, the choice, its check and backhaul."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.backhaul import (
    Backhaul,
    Ducts,
    HopLimits,
    fibre_km,
    find_backhaul,
)
from qamtu.connectivity.mobile.candidates import (
    EXISTING,
    UPGRADE,
    Heights,
    Places,
    join_places,
    make_places,
)
from qamtu.connectivity.mobile.choose import (
    Limits,
    Point,
    cover_problem,
    curve_points,
    most_share,
    solve_point,
)
from qamtu.connectivity.mobile.costs import Bill, make_prices, price_sites
from qamtu.connectivity.mobile.losses import p1812_losses
from qamtu.connectivity.mobile.options import (
    Option,
    Standing,
    new_options,
    standing_options,
)
from qamtu.connectivity.mobile.phasing import build_gains
from qamtu.connectivity.mobile.probing import Spacing, probe_spacing, spaced_places
from qamtu.connectivity.mobile.radio import Radio, make_radio, with_interference
from qamtu.connectivity.mobile.reach import Reach, cover_lists, option_reaches, site_window
from qamtu.connectivity.mobile.served import Served, serve
from qamtu.connectivity.mobile.territory import Territory, make_territory
from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.core.params import Params
from qamtu.kernels.terrain import Surface
from qamtu.optimise.cover import CoverAnswer

__all__ = ["SHARES", "CityPlan", "CityTask", "Field", "Wanted", "plan_city", "survey"]

SHARES: Final = (0.6, 0.75, 0.9, 0.95)
"""Shares of the curve beside the one asked for [1]."""

_MARGIN_STEP_DB: Final = 2.0
_MARGIN_TRIES: Final = 4
_OF_REACHABLE: Final = 0.98


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of every city: requirement, target, grid and limits; see ``fields.csv``."""

    frequency_mhz: float
    share: float
    level_dbm: float | None
    throughput: float | None
    situation: str
    location_share: float
    cell_m: float
    spacing_m: float | None
    rotations: int
    load: float
    people_weighted: bool
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


@dataclass(frozen=True, eq=False)
class CityPlan:
    """The plan of one city.

    Parameters
    ----------
    city_id
        Id of the city.
    field
        What was chosen among.
    radio
        The band, with the interference that was allowed for in the end.
    chosen : int64[n]
        Numbers of the options that are built or stand.
    point, curve
        Answers for the share of the plan, and for those of the curve.
    asked
        Share that the plan was made for [1]; below the one wanted where that cannot be reached.
    gain_km2 : float64[n]
        Area that each chosen option adds in its turn [km2]; 0 for those that stand.
    backhaul
        Of each chosen option.
    served, served_today
        What all chosen sites give together, and what the standing ones do.
    findings
        What the planner should know.
    seconds
        Time taken [s].
    """

    city_id: str
    field: Field
    radio: Radio
    chosen: NDArray[np.int64]
    point: Point
    curve: tuple[Point, ...]
    asked: float
    gain_km2: NDArray[np.float64]
    backhaul: Backhaul
    served: Served
    served_today: Served
    findings: tuple[Finding, ...]
    seconds: float


def plan_city(task: CityTask) -> CityPlan:
    """Plan one city.

    With a throughput as the requirement the choice sees no interference but a stated margin; all
    chosen sites are then checked together, and the margin grows until the check holds or four
    have been tried, of which the best is kept.

    Raises
    ------
    InputError
        If no cell of the territory counts or no site can stand in it.
    """
    began = time.perf_counter()
    wanted, radio = task.wanted, task.wanted.radio(task.params)
    loss = p1812_losses(task.surface, radio)
    field = survey(task, radio)
    area = field.territory.area_km2
    weight = field.territory.people if wanted.people_weighted else area
    found = list(_survey_findings(task, field))
    best: tuple[float, Radio, Point, Served, float] | None = None
    for _ in range(_MARGIN_TRIES):
        problem = cover_problem(
            *cover_lists(field.reaches, radio.needed_dbm), weight, _npv(field), field.options
        )
        top = most_share(problem)
        asked = wanted.share if top >= wanted.share else _OF_REACHABLE * top
        point = solve_point(problem, asked, wanted.limits)
        options = [field.options[i] for i in _answer(point, wanted).chosen]
        served = serve(options, field.places, field.territory, radio, loss, radio.reach_m)
        share = served.share(weight, with_sinr=wanted.throughput is not None)
        if best is None or share > best[0]:
            best = share, radio, point, served, asked
        if share >= wanted.share or top < wanted.share or wanted.throughput is None:
            break
        radio = with_interference(radio, radio.interference_db + _MARGIN_STEP_DB)
    assert best is not None
    share, radio, point, served, asked = best
    found += _target_findings(task, asked, share, radio)
    problem = cover_problem(
        *cover_lists(field.reaches, radio.needed_dbm), weight, _npv(field), field.options
    )
    others = [s for s in SHARES if abs(s - asked) > 1e-9]
    curve = curve_points(problem, others, wanted.point_limits)
    chosen = _answer(point, wanted).chosen
    backhaul = find_backhaul(
        field.places.take(_places_of(field, chosen)), field.fibre[_places_of(field, chosen)],
        task.surface, _hops(task.params),
    )  # fmt: skip
    standing = [o for o in field.options if o.existing]
    return CityPlan(
        city_id=task.city_id, field=field, radio=radio, chosen=chosen, point=point,
        curve=tuple(sorted((*curve, point), key=lambda p: p.share)), asked=asked,
        gain_km2=_gains(field, radio, chosen), backhaul=backhaul, served=served,
        served_today=serve(
            standing, field.places, field.territory, radio, loss, radio.reach_m
        ),
        findings=tuple(found), seconds=time.perf_counter() - began,
    )  # fmt: skip


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


def _npv(field: Field) -> NDArray[np.float64]:
    """Net present cost of each option; nothing for those that stand."""
    place = np.array([o.place for o in field.options], np.int64)
    stands = np.array([o.existing for o in field.options], bool)
    return np.where(stands, 0.0, field.bill.npv[place])


def _answer(point: Point, wanted: Wanted) -> CoverAnswer:
    return point.fewest if wanted.least_sites else point.cheapest


def _places_of(field: Field, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.array([field.options[i].place for i in chosen], np.int64)


def _gains(field: Field, radio: Radio, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    stands = np.array([field.options[i].existing for i in chosen], bool)
    gains = np.zeros(chosen.size)
    new = chosen[~stands]
    gains[~stands] = build_gains(
        [field.reaches[i] for i in new], radio.needed_dbm, field.territory.area_km2,
        _npv(field)[new], [field.reaches[i] for i in chosen[stands]],
    )  # fmt: skip
    return gains


def _hops(params: Params) -> HopLimits:
    return HopLimits(1000.0 * params.value("backhaul_hop_most"), params.value("backhaul_frequency"))


def _survey_findings(task: CityTask, field: Field) -> list[Finding]:
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


def _target_findings(task: CityTask, asked: float, share: float, radio: Radio) -> list[Finding]:
    wanted = task.wanted
    if asked < wanted.share:
        return [
            Finding(
                "share-out-of-reach", Severity.WARNING,
                f"all candidates together cover {asked / _OF_REACHABLE:.1%}, not "
                f"{wanted.share:.1%}; the plan is made for {asked:.1%}",
                "take a lower band or level, or let sites stand closer (--spacing)", task.city_id,
            )
        ]  # fmt: skip
    if share < wanted.share:
        return [
            Finding(
                "share-missed-in-check", Severity.WARNING,
                f"all sites together give what is asked on {share:.1%}, not {wanted.share:.1%}, "
                f"with {radio.interference_db:g} dB left for interference",
                "ask for less throughput, or state a lower load (--load)", task.city_id,
            )
        ]  # fmt: skip
    return []


def _empty(city: str, what: str, mend: str) -> InputError:
    finding = Finding("territory-empty", Severity.ERROR, what, mend, city, None, "geometry")
    return InputError(f"the city {city!r} cannot be planned", [finding])
