"""Spreading official urban and rural populations over places: every official sum is kept.

The model, for the places of one unit of the second level and one of urban or rural (a cell):

1. Official numbers of single places stay. If they alone exceed the cell's official number,
   they are scaled down to it.
2. Numbers of other sources stay where they and the places without a number find room in what
   is left; else all of them are scaled down to it in proportion.
3. What is left goes to the places without a number, in proportion to the median of known
   places of their kind (in the region, else in the country), at least ``minimum`` and at most
   the ``cap_quantile`` of the kind.
4. What finds no room below the caps goes to all unofficial places of the cell in proportion:
   numbers of other sources are scaled up, and are estimates from then on.
5. What cells without any unofficial place leave goes to the region's places in the same order:
   those without a number up to the cap, then all unofficial ones.

Shares are made whole by the largest remainder (Hamilton's method), so that sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Severity
from qamtu.country.settings import PopulationModel

__all__ = ["Allocation", "allocate_population", "apportion", "capped_apportion"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Allocation:
    """Populations of all places.

    Parameters
    ----------
    population
        People [people], shape (places,).
    source
        ``population_source`` of each place; ``estimated`` where a number was made or scaled.
    findings
        Where the sources and the official numbers do not agree.
    counts
        Counts of people by how they were placed, for the manifest.
    """

    population: Ints
    source: NDArray[Any]
    findings: tuple[Finding, ...]
    counts: dict[str, int]


def apportion(total: int, weights: Floats, least: int = 0) -> Ints:
    """Split a whole number in proportion to weights; every share is at least ``least``.

    The largest remainder decides the last units; ties go to the earlier row.

    Parameters
    ----------
    total
        What is split, at least ``least`` times the number of shares.
    weights
        Non-negative weights, shape (shares,); all zero counts as all equal.
    least
        The least share.
    """
    count = len(weights)
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    rest = total - least * count
    even = weights if weights.sum() > 0 else np.ones(count)
    exact = rest * (even / even.sum())
    made: Ints = np.floor(exact).astype(np.int64)
    short = rest - int(made.sum())
    order = np.lexsort((np.arange(count), -(exact - made)))
    made[order[:short]] += 1
    made += least
    return made


def capped_apportion(total: int, weights: Floats, caps: Ints, least: int) -> tuple[Ints, int]:
    """Split like `apportion`, no share above its cap; give the shares and what found no room."""
    made = np.full(len(weights), least, dtype=np.int64)
    rest = total - int(made.sum())
    open_ = made < caps
    while rest > 0 and open_.any():
        rows = np.flatnonzero(open_)
        share = np.minimum(apportion(rest, weights[rows]), caps[rows] - made[rows])
        if share.sum() == 0:
            break
        made[rows] += share
        rest -= int(share.sum())
        open_ = made < caps
    return made, rest


def allocate_population(
    places: pd.DataFrame, units: pd.DataFrame, regions: pd.DataFrame, model: PopulationModel
) -> Allocation:
    """Give every place a population so that all official urban and rural sums of regions hold.

    Parameters
    ----------
    places
        ``region_id``, ``district_id`` (may be missing), ``kind``, ``urban``,
        ``population_known`` (may be missing), ``population_source``; one row a place.
    units
        Contract table of districts; units of kind ``city_district`` are not cells.
    regions
        Contract table of regions.
    model
        Numbers of the model.
    """
    state = _State(places, model)
    cells = units[units["unit_kind"] != "city_district"]
    unit_of = places["district_id"].where(places["district_id"].isin(cells["district_id"]))
    urban = places["urban"].to_numpy(dtype=bool)
    region_of = places["region_id"].to_numpy()
    for region in regions.itertuples(index=False):
        for is_urban in (True, False):
            column = "population_urban" if is_urban else "population_rural"
            left = int(getattr(region, column))
            mine = (region_of == region.region_id) & (urban == is_urban)
            for unit in cells[cells["region_id"] == region.region_id].itertuples(index=False):
                rows = np.flatnonzero(mine & (unit_of == unit.district_id).to_numpy())
                official = int(getattr(unit, column))
                left -= official - state.fill_cell(
                    rows, official, str(unit.name_kk), urban=is_urban
                )
            rows = np.flatnonzero(mine & unit_of.isna().to_numpy())
            state.fill_region(rows, np.flatnonzero(mine), left, str(region.name_en), urban=is_urban)
    return state.result()


class _State:
    """The populations while they are filled, with what was found on the way."""

    def __init__(self, places: pd.DataFrame, model: PopulationModel) -> None:
        self.model = model
        self.known = places["population_known"].to_numpy(dtype=np.float64)
        self.source = places["population_source"].to_numpy(dtype=object).copy()
        self.official = self.source == "official"
        self.people = np.nan_to_num(self.known, nan=0.0).astype(np.int64)
        self.weights, self.caps = _weights(places, model)
        self.found: list[Finding] = []
        self.counts = dict.fromkeys(
            ("people_known", "people_estimated_in_district", "people_estimated_in_region",
             "people_scaled", "places_scaled", "places_estimated"), 0,
        )  # fmt: skip

    def fill_cell(self, rows: Ints, official: int, name: str, *, urban: bool) -> int:
        """Fill one cell; give the people that found no place in it."""
        kind = "urban" if urban else "rural"
        if len(rows) == 0:
            if official:
                self._find("cell-without-place", f"{name} has {official:,} {kind} people and no "
                           f"{kind} place: they were spread over the region")  # fmt: skip
            return official
        left = self._keep_known(rows, official, name, kind)
        empty = rows[np.isnan(self.known[rows])]
        rest = left
        if len(empty):
            least = self.model.minimum if left >= self.model.minimum * len(empty) else 0
            caps = np.maximum(self.caps[empty], least)
            share, rest = capped_apportion(left, self.weights[empty], caps, least)
            self.people[empty] = share
            self.counts["people_estimated_in_district"] += int(share.sum())
        if rest and self._spread_over_known(rows, rest, name, kind):
            return 0
        return rest

    def _keep_known(self, rows: Ints, official: int, name: str, kind: str) -> int:
        """Keep or scale the known numbers of a cell; give what is left for the others."""
        sure = rows[self.official[rows]]
        sums = int(self.people[sure].sum())
        if sums > official:
            self._scale(sure, official)
            self._find("official-exceeds", f"single official places of {name} have {sums:,} "
                       f"{kind} people, the whole {official:,}: scaled")  # fmt: skip
            sums = official
        left = official - sums
        other = rows[~self.official[rows] & ~np.isnan(self.known[rows])]
        empty = int(np.isnan(self.known[rows]).sum())
        theirs = int(self.people[other].sum())
        room = left - self.model.minimum * empty
        if theirs <= room:
            return left - theirs
        if left == 0:
            self._find("no-people-left", f"{len(other) + empty} {kind} places of {name} lie in "
                       "a city that official numbers give all people to")  # fmt: skip
            self._scale(other, 0)
            return 0
        what = f"known {kind} places of {name} have {sums + theirs:,} people, the whole "
        self._find("known-exceeds", f"{what}{official:,}: {len(other)} unofficial ones were scaled")
        wanted = max(room, min(len(other), left))
        self._scale(other, min(wanted, left))
        return left - int(self.people[other].sum())

    def fill_region(self, rows: Ints, all_rows: Ints, left: int, name: str, *, urban: bool) -> None:
        """Fill the places without a unit and spread what the cells left over the region."""
        kind = "urban" if urban else "rural"
        left = self._keep_known(rows, left, name, kind) if len(rows) else left
        empty = all_rows[np.isnan(self.known[all_rows])]
        lone = np.intersect1d(empty, rows)
        least = self.model.minimum if left >= self.model.minimum * len(lone) else 0
        self.people[lone] = least
        placed = least * len(lone)
        left -= placed
        if left and len(empty):
            caps = np.maximum(self.caps[empty] - self.people[empty], 0)
            share, left_after = capped_apportion(left, self.weights[empty], caps, 0)
            self.people[empty] += share
            placed += left - left_after
            left = left_after
        self.counts["people_estimated_in_region"] += placed + left
        if left and not self._spread_over_known(all_rows, left, name, kind):
            self._find("region-without-place", f"{left:,} {kind} people of {name} have no place",
                       Severity.ERROR)  # fmt: skip

    def _spread_over_known(self, rows: Ints, left: int, name: str, kind: str) -> bool:
        """Put what places without a number had no room for on all unofficial places, if any."""
        target = rows[~self.official[rows] & (self.people[rows] > 0)]
        if len(target) == 0:
            return False
        known = target[~np.isnan(self.known[target])]
        self._find("known-short", f"known and estimated {kind} places of {name} lack {left:,} "
                   f"people of the official number: {len(target):,} were scaled up")  # fmt: skip
        self.people[target] += apportion(left, self.people[target].astype(np.float64))
        self.source[target] = "estimated"
        self.counts["people_scaled"] += left
        self.counts["places_scaled"] += len(known)
        return True

    def _scale(self, rows: Ints, total: int) -> None:
        """Scale known numbers to a sum; they are estimates from then on."""
        before = self.people[rows].copy()
        self.people[rows] = apportion(total, before.astype(np.float64))
        self.source[rows] = "estimated"
        self.counts["people_scaled"] += int(np.abs(self.people[rows] - before).sum())
        self.counts["places_scaled"] += len(rows)

    def _find(self, rule: str, what: str, severity: Severity = Severity.WARNING) -> None:
        self.found.append(
            Finding(rule, severity, what,
                    "give the populations in your own settlements table", "settlements",
                    None, "population")
        )  # fmt: skip

    def result(self) -> Allocation:
        """Give what was filled."""
        self.counts["people_known"] = int(self.people[self.source != "estimated"].sum())
        unknown = np.isnan(self.known)
        self.source[unknown] = "estimated"
        self.counts["places_estimated"] = int(unknown.sum())
        coarse = self.counts["people_estimated_in_region"]
        if coarse:
            what = f"{coarse:,} people were spread over a region: their district has no place"
            self._find("allocated-at-region", what, Severity.INFO)
        return Allocation(self.people, self.source, tuple(self.found), self.counts)


def _weights(places: pd.DataFrame, model: PopulationModel) -> tuple[Floats, Ints]:
    """Give each place the median of known places of its kind and status, and its cap."""
    known = places[places["population_known"].notna()]
    country = known.groupby("kind")["population_known"].median()
    caps = known.groupby("kind")["population_known"].quantile(model.cap_quantile)
    groups = known.groupby(["region_id", "kind"])["population_known"].agg(["median", "count"])
    local = groups[groups["count"] >= model.kinds_minimum]["median"].to_dict()
    middle = float(known["population_known"].median()) if len(known) else 1.0
    keys = zip(places["region_id"], places["kind"], strict=True)
    weights = [local.get(key, country.get(key[1], middle)) for key in keys]
    limit = places["kind"].map(caps).fillna(middle).to_numpy(dtype=np.float64)
    weight = np.maximum(np.asarray(weights, dtype=np.float64), 1.0)
    cap = np.maximum(np.ceil(np.minimum(limit, model.growth_max * weight)), 1.0)
    return weight, cap.astype(np.int64)
