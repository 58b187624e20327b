"""What leaves the mobile line: tables, rasters of levels, totals and measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.mobile.radio import Radio
from qamtu.core.findings import Findings
from qamtu.core.measures import Measure
from qamtu.kernels.propagation.area import Frame

__all__ = ["Levels", "Results", "Totals"]


@dataclass(frozen=True, eq=False)
class Levels:
    """Levels of a city's sites on a raster.

    Parameters
    ----------
    frame
        The raster.
    level_dbm : float32[rows, cols]
        Median level outdoors of the best server [dBm]; NaN where none reaches.
    resolution_arcsec
        Median resolution of the terrain [arcsec].
    """

    frame: Frame
    level_dbm: NDArray[np.float32]
    resolution_arcsec: float


@dataclass(frozen=True, slots=True)
class Totals:
    """All cities in single figures.

    Parameters
    ----------
    cities, cities_met
        Cities planned, and those whose share is reached in the check [cities].
    area_km2, covered_km2
        Area of the territories and what of it is covered [km2].
    territory_share, people_share
        Share of all area, and of all people, that is covered [1].
    sites_needed, sites_existing
        New and standing sites [sites].
    sites_bound
        Proven least number of new sites, city by city, out of these candidates [sites].
    capex, opex_per_year, npv
        Capital [currency], running cost [currency/year], net present cost [currency].
    cost_bound, gap
        Proven least net present cost out of these candidates [currency] and the gap to it [1].
    overall_sites, overall_npv
        New sites and net present cost if the share had to hold over all area together and not in
        each city, among the points of the curves, and nothing were asked of the people; None where
        no mix of them reaches it.
    """

    cities: int
    cities_met: int
    area_km2: float
    covered_km2: float
    territory_share: float
    people_share: float
    sites_needed: int
    sites_existing: int
    sites_bound: float
    capex: float
    opex_per_year: float
    npv: float
    cost_bound: float
    gap: float
    overall_sites: int | None
    overall_npv: float | None


@dataclass(frozen=True, slots=True)
class Results:
    """The plan of all cities.

    Parameters
    ----------
    cities, sites, sectors, curve
        Tables of ``fields.csv``.
    levels
        Raster of each city by city_id.
    years
        year, sites_new, capex, gain_km2; one row a year.
    totals
        Single figures.
    radio
        Band and requirement as they were used.
    findings
        What the planner should know.
    stages
        Seconds of each city [s].
    """

    cities: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    sectors: gpd.GeoDataFrame
    curve: pd.DataFrame
    levels: Mapping[str, Levels]
    years: pd.DataFrame
    totals: Totals
    radio: Radio
    findings: Findings
    stages: tuple[tuple[str, float], ...]

    def measures(self, date: str, provenance: tuple[str, ...]) -> tuple[Measure, ...]:
        """Give what the programme may know: what the plan would give, all of it estimated.

        Parameters
        ----------
        date
            Day on which the plan was made (ISO 8601).
        provenance
            Ids of pack, parameters and run.
        """

        def measure(metric: str, value: float, unit: str, scope: str) -> Measure:
            return Measure(metric, value, unit, scope, date, provenance, estimated=True)

        totals = self.totals
        made = [
            measure("cities_with_5g", float(totals.cities_met), "cities", "country"),
            measure("city_territory_share_5g", totals.territory_share, "1", "country"),
            measure("mobile_plan_npv", totals.npv, "currency", "country"),
        ]
        shares = zip(self.cities["city_id"], self.cities["territory_share"], strict=True)
        made += [
            measure("city_territory_share_5g", float(share), "1", f"city:{city}")
            for city, share in shares
        ]
        return tuple(made)
