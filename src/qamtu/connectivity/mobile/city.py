"""The plan of one city: the choice of sites, its check with all of them, and their backhaul."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.backhaul import Backhaul, HopLimits, find_backhaul
from qamtu.connectivity.mobile.choose import Point, cover_problem, curve_points, most_share
from qamtu.connectivity.mobile.losses import p1812_losses
from qamtu.connectivity.mobile.nearest import Nearest, nearest_point
from qamtu.connectivity.mobile.phasing import build_gains
from qamtu.connectivity.mobile.radio import Radio, with_interference
from qamtu.connectivity.mobile.reach import LossModel, cover_lists
from qamtu.connectivity.mobile.served import Served, serve
from qamtu.connectivity.mobile.survey import CityTask, Field, Wanted, survey, survey_findings
from qamtu.connectivity.mobile.territory import Territory
from qamtu.core.findings import Finding, Severity
from qamtu.core.params import Params
from qamtu.optimise.cover import CoverAnswer, CoverProblem

__all__ = ["SHARES", "CityPlan", "plan_city"]

SHARES: Final = (0.6, 0.75, 0.9, 0.95)
"""Shares of the curve beside the one asked for [1]."""

_MARGIN_STEP_DB: Final = 1.0
_MORE_LEAST: Final = 5e-4
_TRIES: Final = 4


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
        Answers for the share of the plan, which is below the one wanted where that is not
        reached, and for those of the curve.
    bound
        Answer whose bounds hold for the shares that were asked for.
    factor
        Part of the shares asked for that the candidates reach [1]; 0 where they reach nothing.
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
    bound: Point
    factor: float
    curve: tuple[Point, ...]
    gain_km2: NDArray[np.float64]
    backhaul: Backhaul
    served: Served
    served_today: Served
    findings: tuple[Finding, ...]
    seconds: float


def plan_city(task: CityTask) -> CityPlan:
    """Plan one city.

    All chosen sites are checked together. Where the check lacks anything, a little more is asked
    for; with a throughput as the requirement, of whose interference the choice sees nothing but a
    stated margin, that margin grows too. Up to four are tried, even if one of them is worse; the
    best stays.
    Bounds are those of the shares that were asked for, without what was asked on top, and without
    any interference, whichever choice stays in the end.

    Raises
    ------
    InputError
        If no cell of the territory counts or no site can stand in it.
    """
    began = time.perf_counter()
    wanted, radio = task.wanted, task.wanted.radio(task.params)
    loss = p1812_losses(task.surface, radio)
    field = survey(task, radio)
    first = nearest_point(_problem(field, radio), field.territory, wanted)
    tried = _best_try(field, wanted, radio, first, loss)
    problem, chosen = _problem(field, tried.radio), _answer(tried.point, wanted).chosen
    curve = curve_points(problem, sorted({*SHARES, wanted.share} - {0.0}), wanted.point_limits)
    backhaul = find_backhaul(
        field.places.take(_places_of(field, chosen)), field.fibre[_places_of(field, chosen)],
        task.surface, _hops(task.params),
    )  # fmt: skip
    standing = [o for o in field.options if o.existing]
    return CityPlan(
        city_id=task.city_id, field=field, radio=tried.radio, chosen=chosen, point=tried.point,
        bound=_bound(field, wanted, radio, first), factor=first.factor,
        curve=tuple(sorted((*curve, tried.point), key=lambda p: p.share)),
        gain_km2=_gains(field, tried.radio, chosen), backhaul=backhaul, served=tried.served,
        served_today=serve(
            standing, field.places, field.territory, radio, loss, radio.reach_m
        ),
        findings=(
            *survey_findings(task, field),
            *_target_findings(task, first.factor, tried, field, radio),
        ),
        seconds=time.perf_counter() - began,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Try:
    """A choice with its check: what it lacks of what is asked [1], below 0 what it has more."""

    short: float
    radio: Radio
    point: Point
    served: Served


def _best_try(
    field: Field, wanted: Wanted, radio: Radio, first: Nearest, loss: LossModel
) -> _Try:  # fmt: skip
    """Check the first choice, and others for more until the check lacks nothing; the best stays."""
    best = _checked(field, wanted, radio, first.point, loss)
    if first.factor < 1.0:
        return best
    more, last = 0.0, best
    for _ in range(_TRIES - 1):
        if last.short <= 0.0:
            break
        more += 1.5 * last.short + _MORE_LEAST
        if wanted.throughput is not None:
            radio = with_interference(radio, radio.interference_db + _MARGIN_STEP_DB)
        nearest = nearest_point(_problem(field, radio), field.territory, wanted, more)
        last = _checked(field, wanted, radio, nearest.point, loss)
        best = min(best, last, key=lambda one: one.short)
        if nearest.factor < 1.0:
            break
    return best


def _checked(
    field: Field, wanted: Wanted, radio: Radio, point: Point, loss: LossModel
) -> _Try:  # fmt: skip
    options = [field.options[i] for i in _answer(point, wanted).chosen]
    served = serve(options, field.places, field.territory, radio, loss, radio.reach_m)
    return _Try(_shortfall(served, field.territory, wanted), radio, point, served)


def _bound(field: Field, wanted: Wanted, radio: Radio, first: Nearest) -> Point:
    """Give the point whose bounds hold for the shares asked.

    Where a margin for interference narrows what the choice counts, the shares are solved again
    without it: the check knows no such margin, so a choice that meets it may need less.
    """
    if radio.interference_db <= 0.0:
        return first.point
    free = _problem(field, with_interference(radio, 0.0))
    return nearest_point(free, field.territory, wanted).point


def _problem(field: Field, radio: Radio) -> CoverProblem:
    """Give the covering problem of the territory's area."""
    lists = cover_lists(field.reaches, radio.needed_dbm)
    return cover_problem(*lists, field.territory.area_km2, _npv(field), field.options)


def _shortfall(served: Served, territory: Territory, wanted: Wanted) -> float:
    """What the check lacks of the share that it lacks most of [1]."""
    with_sinr = wanted.throughput is not None
    area = wanted.share - served.share(territory.area_km2, with_sinr=with_sinr)
    people = wanted.people_share - served.share(territory.people, with_sinr=with_sinr)
    return max(area, people if territory.people.sum() > 0.0 else area)


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


def _target_findings(
    task: CityTask, factor: float, tried: _Try, field: Field, radio: Radio
) -> list[Finding]:
    territory = field.territory
    if factor < 1.0:
        problem = _problem(field, radio)
        area, people = (
            most_share(replace(problem, weight=weight))
            for weight in (territory.area_km2, territory.people)
        )
        return [
            Finding(
                "share-out-of-reach", Severity.WARNING,
                "no choice of candidates covers what is asked: all of them together reach "
                f"{area:.1%} of the territory and {people:.1%} of the people; the plan is made "
                f"for {factor:.1%} of what is asked", "take a lower band or level, or let sites "
                "stand closer (--spacing)", task.city_id,
            )
        ]  # fmt: skip
    if tried.short > 0.0:
        level = tried.served.share(territory.area_km2, with_sinr=False)
        return [
            Finding(
                "share-missed-in-check", Severity.WARNING,
                f"all sites together lack {tried.short:.1%} of what is asked; levels suffice on "
                f"{level:.1%} of the territory, the rest is interference, which more sites do not "
                "mend", "tilt antennas down, ask for less throughput, or state a lower load "
                "(--load)", task.city_id,
            )
        ]  # fmt: skip
    return []
