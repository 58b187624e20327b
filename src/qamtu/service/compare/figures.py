"""Which totals of plans are compared: their names and units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["UNITS"]

UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "npv": ("Net present cost", "currency"),
    "bound": ("No plan costs less than", "currency"),
    "gap": ("Proven gap", "share"),
    "capex": ("Capital", "currency"),
    "opex_per_year": ("Running cost a year", "currency"),
    "villages_fibre": ("Villages newly on fibre", "settlements"),
    "people": ("People", "people"),
    "people_adequate": ("People with high speed", "people"),
    "people_fibre": ("People on fibre", "people"),
    "people_estimated": ("People whose number is estimated", "people"),
    "route_km": ("Cable routes", "km"),
    "new_km": ("Cable to be laid", "km"),
    "cities": ("Cities", "cities"),
    "cities_met": ("Cities that reach the share asked", "cities"),
    "area_km2": ("Territory of the cities", "km2"),
    "covered_km2": ("Territory covered", "km2"),
    "territory_share": ("Share of the territory", "share"),
    "people_share": ("Share of the people", "share"),
    "sites_needed": ("New sites", "sites"),
    "length_km": ("Road in all", "km"),
    "served_km": ("Road with mobile service", "km"),
    "share": ("Share of the road", "share"),
    "gap_km": ("Longest stretch without service", "km"),
    "sites_new": ("New sites", "sites"),
    "hops": ("Microwave hops", "1"),
    "hop_km": ("Length of the hops", "km"),
    "fibre_km": ("Fibre to the sites", "km"),
}
"""Text and unit of each figure of ``totals`` that people compare."""
