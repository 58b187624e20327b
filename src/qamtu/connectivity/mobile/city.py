"""The plan of one city: the choice of sites, its check with all of them, and their backhaul."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.backhaul import Backhaul, HopLimits, find_backhaul
from qamtu.connectivity.mobile.both import Shares, meet_shares
from qamtu.connectivity.mobile.choose import Point, cover_problem, curve_points
from qamtu.connectivity.mobile.losses import p1812_losses
from qamtu.connectivity.mobile.phasing import build_gains
from qamtu.connectivity.mobile.radio import Radio, with_interference
from qamtu.connectivity.mobile.reach import cover_lists
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
_OF_REACHABLE: Final = 0.98


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
    stated margin, that margin grows too. Up to four are tried as long as they help; the best stays.

    Raises
    ------
    InputError
        If no cell of the territory counts or no site can stand in it.
    """
    began = time.perf_counter()
    wanted, radio = task.wanted, task.wanted.radio(task.params)
    loss = p1812_losses(task.surface, radio)
    field = survey(task, radio)
    found = list(survey_findings(task, field))
    best: tuple[float, float, Radio, Point, Served] | None = None
    more = 0.0
    for _ in range(_TRIES):
        point, factor = _nearest_point(_problem(field, radio), field.territory, wanted, more)
        options = [field.options[i] for i in _answer(point, wanted).chosen]
        served = serve(options, field.places, field.territory, radio, loss, radio.reach_m)
        short = _shortfall(served, field.territory, wanted)
        worse = best is not None and short >= best[0]
        if best is None or not worse:
            best = short, factor, radio, point, served
        if short <= 0.0 or factor < 1.0 or worse:
            break
        more += 1.5 * short + _MORE_LEAST
        if wanted.throughput is not None:
            radio = with_interference(radio, radio.interference_db + _MARGIN_STEP_DB)
    assert best is not None
    short, factor, radio, point, served = best
    found += _target_findings(task, factor, short, served, field.territory)
    curve = curve_points(
        _problem(field, radio), sorted({*SHARES, wanted.share} - {0.0}), wanted.point_limits
    )
    chosen = _answer(point, wanted).chosen
    backhaul = find_backhaul(
        field.places.take(_places_of(field, chosen)), field.fibre[_places_of(field, chosen)],
        task.surface, _hops(task.params),
    )  # fmt: skip
    standing = [o for o in field.options if o.existing]
    return CityPlan(
        city_id=task.city_id, field=field, radio=radio, chosen=chosen, point=point,
        curve=tuple(sorted((*curve, point), key=lambda p: p.share)),
        gain_km2=_gains(field, radio, chosen), backhaul=backhaul, served=served,
        served_today=serve(
            standing, field.places, field.territory, radio, loss, radio.reach_m
        ),
        findings=tuple(found), seconds=time.perf_counter() - began,
    )  # fmt: skip


def _problem(field: Field, radio: Radio) -> CoverProblem:
    """Give the covering problem of the territory's area."""
    lists = cover_lists(field.reaches, radio.needed_dbm)
    return cover_problem(*lists, field.territory.area_km2, _npv(field), field.options)


def _nearest_point(
    problem: CoverProblem, territory: Territory, wanted: Wanted, more: float
) -> tuple[Point, float]:
    """Meet the shares that are wanted, or both of them times the largest factor that is met.

    ``more`` is asked on top of each, for what the check found missing.
    """
    area, people = (
        min(share + more, 1.0) if share > 0.0 else 0.0
        for share in (wanted.share, wanted.people_share)
    )
    shares = Shares(territory.area_km2, territory.people, area, people)
    factor, quick = 1.0, replace(wanted.point_limits, time_limit_s=_quick_s(wanted))
    while True:
        point = meet_shares(
            problem, shares.scaled(factor), wanted.limits, quick, least_sites=wanted.least_sites
        )
        if point is not None:
            return point, factor
        factor *= _OF_REACHABLE


def _quick_s(wanted: Wanted) -> float:
    return 0.5 * wanted.point_limits.time_limit_s


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
    task: CityTask, factor: float, short: float, served: Served, territory: Territory
) -> list[Finding]:
    if factor < 1.0:
        return [
            Finding(
                "share-out-of-reach", Severity.WARNING,
                f"no choice of candidates covers what is asked; the plan is made for {factor:.1%} "
                "of it", "take a lower band or level, or let sites stand closer (--spacing)",
                task.city_id,
            )
        ]  # fmt: skip
    if short > 0.0:
        level = served.share(territory.area_km2, with_sinr=False)
        return [
            Finding(
                "share-missed-in-check", Severity.WARNING,
                f"all sites together lack {short:.1%} of what is asked; levels suffice on "
                f"{level:.1%} of the territory, the rest is interference, which more sites do not "
                "mend", "tilt antennas down, ask for less throughput, or state a lower load "
                "(--load)", task.city_id,
            )
        ]  # fmt: skip
    return []
