"""What the codes in a plan's tables are called, in English; the catalogues translate it."""

from __future__ import annotations

from typing import Final

__all__ = ["TERMS"]

TERMS: Final[dict[str, dict[str, str]]] = {
    "option": {
        "served": "Already served",
        "fibre": "Fibre",
        "microwave": "Microwave link",
        "fixed_wireless": "Fixed wireless",
        "leo_gateway": "Low-orbit satellite, shared gateway",
        "leo_terminal": "Low-orbit satellite, household terminals",
        "geo": "Geostationary satellite",
    },
    "kind": {
        "city": "city",
        "town": "town",
        "village": "village",
        "hamlet": "hamlet",
        "isolated": "isolated dwelling",
    },
    "population_source": {
        "official": "official figure",
        "osm": "OpenStreetMap figure",
        "geonames": "GeoNames figure",
        "user": "your figure",
        "estimated": "estimate",
    },
    "route_kind": {
        "road": "along a road",
        "spur": "cross-country spur",
        "existing": "existing line",
        "bridge": "link to an island of the road graph",
        "railway": "along a railway",
    },
    "terrain": {
        "flat": "flat",
        "hilly": "hilly",
        "mountain": "mountain",
        "wetland": "wetland",
    },
    "method": {
        "plough": "ploughed in",
        "trench": "trenched",
        "aerial": "on poles",
    },
    "target": {
        "villages": "Settlements that newly get fibre",
        "people_share": "Share of people at high speed",
        "capex": "Limit on the cost of building",
    },
    "binding": {
        "village": "settlements with fibre",
        "person": "people at high speed",
        "capital": "limit on the cost of building",
    },
    "change": {
        "fibre_cost_per_km": "Cost of fibre routes per km",
        "satellite_price": "Price of satellite service",
        "discount_rate": "Discount rate",
        "take_up": "Share of households that subscribe",
    },
    "press": {
        "press_capex_per_km": "Cost of building, a km of route",
        "press_capex_per_village": "Cost of building, a village",
        "press_km_per_village": "Route for each village, km",
    },
    "severity": {
        "error": "error",
        "warning": "warning",
        "info": "note",
    },
}
"""English name by code, for each list of codes."""
