"""What the codes in the tables of radio studies are called and coloured, in English."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["COLOURS", "TERMS"]

TERMS: Final[dict[str, dict[str, str]]] = {
    "page": {
        "corridors": "Mobile service along the roads",
        "mobile": "5G over the cities",
        "coverage": "Radio coverage",
    },
    "service": {
        "voice": "voice calls in a car",
        "data5": "5 Mbit/s in a car",
    },
    "role": {
        "coverage": "serves the road",
        "relay": "relay only",
        "existing": "stands today",
    },
    "place_kind": {
        "settlement": "in a settlement",
        "road_node": "at a junction",
        "road": "along the road",
        "existing": "where it stands",
    },
    "power": {
        "grid": "mains",
        "solar_diesel": "solar and diesel",
        "none": "as today",
    },
    "backhaul": {
        "fibre": "fibre",
        "microwave": "microwave",
        "own": "its own, as today",
        "none": "none found",
    },
    "hop_kind": {
        "microwave": "microwave hop",
        "fibre": "fibre",
    },
    "reason": {
        "left_out": "left out: the share is met without it",
        "out_of_reach": "no site in reach can serve it",
        "no_terrain": "the terrain is not known there",
    },
    "road_class": {
        "motorway": "motorway",
        "trunk": "trunk road",
        "primary": "primary road",
        "secondary": "secondary road",
        "tertiary": "tertiary road",
        "unknown": "road",
    },
    "site_kind": {
        "tower": "new tower",
        "rooftop": "on a roof",
        "existing": "stands and serves today",
        "upgrade": "stands today, gets the band",
    },
    "status": {
        "republican": "city of republican significance",
        "regional_centre": "regional centre",
        "other": "city",
    },
    "territory_source": {
        "polygon": "outline from the data",
        "user": "your outline",
        "circle": "circle of the official area",
    },
    "situation": {
        "outdoor": "outdoors",
        "vehicle": "in a vehicle",
        "indoor": "indoors",
    },
    "layer": {
        "best": "Level",
        "sinr": "SINR",
        "throughput": "Speed",
        "server": "Server",
    },
    "band": {
        "strong": "strong",
        "good": "good",
        "fair": "fair",
        "weak": "weak",
    },
    "technology": {
        "gsm": "GSM",
        "umts": "UMTS",
        "lte": "LTE",
        "nr": "5G NR",
    },
    "budget": {
        "sinr_down_db": "SINR needed, downlink",
        "sinr_up_db": "SINR needed, uplink",
        "loss_down_db": "Loss allowed, downlink",
        "loss_up_db": "Loss allowed, uplink",
        "vehicle_db": "Loss into the car",
        "location_db": "Margin for the share of locations",
        "antenna_gain_dbi": "Gain of the site's antenna",
        "loss_db": "Path loss allowed, median",
        "frequency_mhz": "Frequency",
    },
}
"""English name by code, for each list of codes."""

COLOURS: Final[dict[str, Any]] = {
    "served": {"true": "#009e73", "false": "#d55e00"},
    "backhaul": {"fibre": "#0072b2", "microwave": "#e69f00", "own": "#7d8a9c", "none": "#d55e00"},
    "role": {"coverage": "#0072b2", "relay": "#cc79a7", "existing": "#7d8a9c"},
    "site_kind": {
        "rooftop": "#0072b2", "tower": "#cc79a7", "upgrade": "#e69f00", "existing": "#7d8a9c",
    },
    "ramp": [
        "#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0da39", "#fde725",
    ],
    "below": ["#c2c7ce", "#939aa4"],
    "servers": [
        "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7b5a45",
        "#332288", "#88ccee", "#117733", "#aa4499",
    ],
}  # fmt: skip
"""Colours of codes (Okabe and Ito 2008), and of levels: viridis (Smith and van der Walt 2015),
which grows evenly lighter and stays ordered for the colour-blind."""
