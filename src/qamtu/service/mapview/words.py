"""The words of the maps: names of options, measures, layers and kinds.

Each is an English text that the catalogue ``maps`` translates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = [
    "ASSUMED", "BACKHAULS", "KINDS", "LAYERS", "LINES", "MEASURES", "OPTIONS", "REASONS",
    "ROUTE_KINDS", "SERVED", "TEXTS",
]  # fmt: skip

OPTIONS: Final[Mapping[str, str]] = {
    "served": "on fibre today (assumed)",
    "fibre": "fibre",
    "microwave": "microwave link",
    "fixed_wireless": "fixed wireless",
    "leo_gateway": "low-orbit gateway",
    "leo_terminal": "low-orbit terminals",
    "geo": "geostationary terminals",
}

KINDS: Final[Mapping[str, str]] = {
    "city": "city",
    "town": "town",
    "village": "village",
    "hamlet": "hamlet",
    "isolated": "isolated dwelling",
}

MEASURES: Final[Mapping[str, str]] = {
    "villages_with_fibre": "Villages newly on fibre",
    "villages_households_fibre": "Households in settlements newly on fibre",
    "population_share_high_speed": "Share of the people with high speed",
    "villages_people_high_speed": "People with high speed",
    "settlements_on_fibre_today": "Settlements held to be on fibre today",
    "villages_on_fibre_today": "Villages held to be on fibre today",
    "city_territory_share_5g": "Share of the cities' territory with 5G",
    "road_length_covered": "Road with mobile service",
    "road_length_considered": "Road in all",
}

LINES: Final[Mapping[str, str]] = {
    "villages": "Access for settlements",
    "mobile": "5G in the cities",
    "corridors": "Mobile service along the roads",
}

LAYERS: Final[Mapping[str, str]] = {
    "settlements": "Settlements",
    "routes": "Cable routes",
    "links": "Radio links",
    "cities": "City territories",
    "mobile_sites": "5G sites",
    "mobile_hops": "Hops of 5G sites",
    "coverage": "Roads with and without service",
    "road_sites": "Sites at roads",
    "road_hops": "Hops and fibre of road sites",
}

ROUTE_KINDS: Final[Mapping[str, str]] = {
    "road": "along a road",
    "spur": "away from roads",
    "railway": "along a railway",
    "bridge": "across a gap between roads",
    "existing": "standing cable",
}

ASSUMED: Final[Mapping[str, str]] = {
    "none": "places of this kind are held to have no fibre yet",
    "city or town": "cities and towns are held to have fibre",
    "district centre": "centres of districts are held to have fibre",
}
"""By which rule of the data a settlement is held to have fibre today, or not."""

BACKHAULS: Final[Mapping[str, str]] = {
    "fibre": "fibre",
    "microwave": "microwave link",
    "own": "its own connection",
    "none": "no connection found",
}

SERVED: Final[Mapping[str, str]] = {"true": "with service", "false": "without service"}

REASONS: Final[Mapping[str, str]] = {
    "left_out": "left out: the share is met without it",
    "out_of_reach": "no site in reach",
    "no_terrain": "the terrain is not known",
}

TEXTS: Final[Mapping[str, str]] = {
    "year": "Year of construction",
    "people": "People",
    "estimated": "estimated",
    "details": "All about this settlement",
    "loading": "Loading …",
    "failed": "The map could not be loaded; the table below says the same.",
    "nothing": "Nothing in view has a name at this zoom: zoom in.",
    "no_value": "no value",
    "today": "today",
    "route": "Cable route",
    "link": "Radio link",
    "site": "Site",
    "hop": "Hop",
    "road": "Road",
    "city": "City",
    "region": "Region",
    "length": "Length",
    "height": "Height of the mast",
    "sites": "New sites",
    "share": "Share of the territory",
    "technology": "Technology",
    "planned": "planned",
}
