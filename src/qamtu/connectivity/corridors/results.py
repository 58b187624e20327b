"""What leaves the corridors line: tables, totals and the measures the programme may know."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from qamtu.core.findings import Findings
from qamtu.core.measures import Measure

__all__ = ["Results", "Totals"]


@dataclass(frozen=True, slots=True)
class Totals:
    """The study in single figures.

    Parameters
    ----------
    length_km, served_km, served_today_km
        Road inside the territory, served by the plan, served by sites that stand today [km].
    share
        Share of the length served [1].
    gap_km
        Longest continuous stretch that stays unserved [km].
    sites_new, sites_relay, sites_existing
        Sites to be built, relays among them, and sites that stand today [sites].
    hops, hop_km, fibre_km
        Microwave hops, their length and the length of fibre [1, km, km].
    capex, opex_per_year
        Capital [currency] and running cost once all stands [currency/year].
    npv, bound, gap
        Net present cost of sites and backhaul [currency]; what no plan can cost less than
        [currency]: the cheapest cover, each site billed with the cheapest link there could be;
        ``(npv − bound) / npv`` [1].
    sites_npv, sites_bound, sites_gap
        The same for that cover problem alone: chosen sites with their cheapest link.
    backhaul_npv, backhaul_bound, backhaul_gap
        The same for joining the sites of this plan, as the tree's model prices it.
    """

    length_km: float
    served_km: float
    served_today_km: float
    share: float
    gap_km: float
    sites_new: int
    sites_relay: int
    sites_existing: int
    hops: int
    hop_km: float
    fibre_km: float
    capex: float
    opex_per_year: float
    npv: float
    bound: float
    gap: float
    sites_npv: float
    sites_bound: float
    sites_gap: float
    backhaul_npv: float
    backhaul_bound: float
    backhaul_gap: float


@dataclass(frozen=True, slots=True)
class Results:
    """One study of the corridors.

    Parameters
    ----------
    sites, stretches, hops, roads
        Tables of ``fields.csv`` (shapes site, stretch, hop, whole_road), in EPSG:4326.
    by_region
        region_id, length_km, served_km, share, sites_new, hops, capex, opex_per_year, npv.
    years
        year, sites, hops, capex, served_km (newly served, no stretch twice), served_km_cumulative.
    budget
        Service and link budget: name, value, unit.
    terrain
        resolution_arcsec, length_km, share of the length by the terrain's resolution.
    totals
        Single figures.
    phasing_gap, phasing_method
        Proven gap of the phasing [1], and how it was found.
    findings
        What the planner should know.
    stages
        Seconds of each stage [s].
    """

    sites: gpd.GeoDataFrame
    stretches: gpd.GeoDataFrame
    hops: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    by_region: pd.DataFrame
    years: pd.DataFrame
    budget: pd.DataFrame
    terrain: pd.DataFrame
    totals: Totals
    phasing_gap: float
    phasing_method: str
    findings: Findings
    stages: tuple[tuple[str, float], ...]

    def measures(self, date: str, provenance: tuple[str, ...]) -> tuple[Measure, ...]:
        """Give what the programme may know, for the country and each region.

        Parameters
        ----------
        date
            Day on which the study was made (ISO 8601).
        provenance
            Ids of pack, parameters and run.
        """

        def measure(metric: str, value: float, unit: str, scope: str = "country") -> Measure:
            return Measure(metric, value, unit, scope, date, provenance, estimated=True)

        made = [
            measure("road_length_covered", self.totals.served_km, "km"),
            measure("road_length_considered", self.totals.length_km, "km"),
            measure("corridor_sites_new", float(self.totals.sites_new), "sites"),
            measure("corridors_npv", self.totals.npv, "currency"),
        ]
        columns = (self.by_region[name] for name in ("region_id", "served_km", "length_km"))
        for region, served, length in zip(*columns, strict=True):
            scope = f"region:{region}"
            made.append(measure("road_length_covered", float(served), "km", scope))
            made.append(measure("road_length_considered", float(length), "km", scope))
        return tuple(made)
