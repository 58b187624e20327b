"""The words of jobs that no template holds: parameters, choices and stages, in English.

Pages translate them where they are shown; a stage that is not here is shown as the study says it.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CHOICES", "LABELS", "STAGES", "STATES", "UNITS", "label_of"]

LABELS: Final = {
    "region": "Only this region",
    "villages": "Villages that must newly get fibre (−1: none asked)",
    "people_share": "Share of the people that must have high speed (−1: none asked)",
    "mobile.people_share": "Share of the people of each city that must be covered",
    "budget": "Capital that may be spent in all",
    "budget_per_year": "Capital that may be spent in a year",
    "capacity_km_per_year": "Length that can be built in a year",
    "years": "Years of construction",
    "first_year": "First year of construction",
    "speed_down_mbps": "Download speed that counts",
    "latency_ms": "Highest latency that counts",
    "railways": "Let routes follow railways too",
    "line_of_sight": "Offer only radio links that the terrain leaves clear",
    "settlements": "Your settlements",
    "existing": "Your existing fibre",
    "roads": "Your roads in place of the pack's",
    "osm": "OpenStreetMap extract in place of the pack's roads",
    "terrain": "Your terrain heights",
    "params": "Your parameters",
    "rings": "Worst cuts to close by a ring",
    "curve_points": "Further points of the curve",
    "draws": "Monte Carlo draws",
    "sensitivity": "Plan anew under changed parameters",
    "time_limit_s": "Time for the national tree",
    "mobile.time_limit_s": "Time for the plan of each city",
    "corridors.time_limit_s": "Time for the search for better sites",
    "region_time_limit_s": "Time for the tree of each region",
    "gap_limit": "Proven gap that is good enough",
    "max_rounds": "Rounds of each search at most",
    "seed": "Seed of everything random",
    "workers": "Processes (all processors where empty)",
    "cities": "Only these cities (ids separated by commas)",
    "band_mhz": "Band",
    "share": "Share of each territory that must be covered",
    "corridors.share": "Share of the length that must be served",
    "level_dbm": "Least signal level",
    "throughput": "Least throughput of a user in place of a level",
    "situation": "Where the receiver is",
    "location_percent": "Share of locations at which it must hold",
    "load_share": "Load of the other sectors",
    "least_sites": "Fewest sites instead of least cost",
    "territory": "Your outlines of cities",
    "sites": "Sites that stand",
    "coverage.sites": "Sectors whose coverage is computed",
    "fibre": "Your existing fibre",
    "land_cover": "Your land cover",
    "clutter_table": "Table of the codes of your land cover",
    "buildings": "Your building footprints",
    "cell_m": "Side of a cell",
    "spacing_m": "Distance between candidate sites",
    "rotations": "Turns of a site that are tried",
    "point_time_limit_s": "Time for each further point of the curve",
    "service": "Service asked for on the road",
    "gap_km_max": "Longest stretch that may stay unserved (−1: no limit)",
    "antenna": "Antennas along the road",
    "frequency_mhz": "Band",
    "heights_m": "Tower heights that may be built (separated by commas)",
    "plan": "Access plan whose settlements count as served points",
    "classes": "Road classes that count (separated by commas)",
    "step_m": "Distance between the points of a road that are looked at",
    "place_step_km": "Distance between places where a site may stand",
    "settlement_distance_km": "Distance from the road of sites in settlements",
    "radius_km": "Farthest point of a road that a site is tried on",
    "hop_km_max": "Longest microwave hop",
    "join_time_limit_s": "Time for the backhaul tree",
    "radius_m": "How far a site is followed",
    "model": "Propagation model",
    "rx_height_m": "Receiver above ground",
    "time_percent": "Share of the time in which the loss is not exceeded",
    "indoor": "The receiver is in a building",
    "in_vehicle": "The receiver is in a vehicle",
    "operator": "Operator whose sites are followed (all: the best server of all)",
    "terrain_step_arcsec": "Cell of the terrain",
}
"""By name of the parameter, or by ``kind.name`` where kinds differ."""

STAGES: Final = (
    "reading the pack",
    "trench graph",
    "options",
    "least-cost tree and trade-off curve",
    "targets",
    "phasing",
    "resilience",
    "tables",
    "sensitivity",
    "Monte Carlo",
    "writing the results",
    "taking up a stopped run",
    "computing tiles",
    "reading sites and terrain",
    "sites and terrain",
    "reading the pack and the terrain",
    "reading the terrain",
    "roads and terrain read",
    "tiles",
)
"""Stages that studies tell of."""

STATES: Final = {
    "queued": "Waiting",
    "running": "Running",
    "cancelling": "Being cancelled",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
"""States of a job."""

CHOICES: Final = {
    "outdoor": "Outdoors",
    "vehicle": "In a vehicle",
    "indoor": "In a building",
    "voice": "Voice",
    "data5": "Data, 5 Mbit/s at the edge",
    "road": "Two sectors along the road",
    "omni": "All around",
    "p1812": "ITU-R P.1812",
    "itm": "Irregular Terrain Model",
    "free_space": "Free space",
    "tr38901_rma": "TR 38.901, rural",
    "tr38901_uma": "TR 38.901, urban",
    "tr38901_umi": "TR 38.901, street",
}
"""Choices of parameters."""

UNITS: Final = {
    "s": "seconds",
    "km": "km",
    "m": "m",
    "ms": "ms",
    "MHz": "MHz",
    "Mbit/s": "Mbit/s",
    "dBm": "dBm",
    "arcsec": "arc seconds",
    "1": "share of 1",
    "years": "years",
    "settlements": "settlements",
    "year": "year",
    "%": "%",
}
"""Units as a form says them; the currency is the country's."""


def label_of(kind: str, name: str) -> str:
    """Give the words of a parameter."""
    return LABELS.get(f"{kind}.{name}") or LABELS[name]
