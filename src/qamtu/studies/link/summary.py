"""All figures of a link in one document."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any, Final

from pyproj import Geod

from qamtu import __version__
from qamtu.core.findings import Findings
from qamtu.core.params import Params
from qamtu.core.provenance import Source
from qamtu.country import Pack
from qamtu.kernels.propagation.p526 import EFFECTIVE_EARTH_M
from qamtu.studies.link.ends import End
from qamtu.studies.link.losses import Loss
from qamtu.studies.link.path import MASTS_M, LinkPath
from qamtu.studies.link.request import LinkRequest
from qamtu.studies.own_files import own_sources

__all__ = ["ASSUMPTIONS", "link_summary"]

ASSUMPTIONS: Final = (
    "Antennas stand at the coordinates given, on the ground of the terrain, not of a survey.",
    "The clearance rule is that of ITU-R P.530-17 section 2.2.2.1, without diversity.",
    "The factor of the worst month approximates Figure 2 of P.530 and is to be confirmed.",
    "Clutter has one height a cell of the land cover: no single tree, building or power line.",
    "Availability counts rain and multipath (flat and selective), not equipment or interference.",
    "Equipment is typical of its band unless it was given; what is to be confirmed is marked.",
)
"""What a reader must know of every link."""

_GEOD: Final = Geod(ellps="WGS84")
_YEAR_H: Final = 8766.0


def link_summary(
    request: LinkRequest, pack: Pack, params: Params, ends: tuple[End, End],
    heights_m: tuple[float, float], path: LinkPath, losses: tuple[Loss, ...],
    budget: dict[str, Any] | None, *, headline: str, findings: Findings, coarse: bool,
    made_at: str,
) -> dict[str, Any]:  # fmt: skip
    """Put a link's figures together.

    Parameters
    ----------
    request, pack, params, ends, heights_m, path, losses, budget
        What was asked, read and computed.
    headline
        The model at the head.
    findings
        All of the run.
    coarse
        Whether the terrain along the path is coarse.
    made_at
        When, ISO 8601 in UTC.
    """
    loss, excess = _head(headline, losses, budget)
    return {
        "title": f"{ends[0].names['en']} – {ends[1].names['en']}",
        "kind": "link",
        "pack": pack.code,
        "made_at": made_at,
        "version": __version__,
        "seed": None,
        "currency": pack.currency,
        "price_year": pack.price_year,
        "totals": {
            "length_m": path.length_m,
            "model": headline,
            "loss_db": loss,
            "excess_db": excess,
            "clear": bool(path.clearance.clear[0]) if path.clearance.known[0] else None,
            "capacity_mbps": None if budget is None else budget["capacity_mbps"],
        },
        "ends": [_end(i, ends, heights_m, path, request.k_factor) for i in (0, 1)],
        "settings": {
            "frequency_ghz": request.frequency_ghz,
            "time_percent": request.time_percent,
            "location_percent": request.location_percent,
            "availability": request.availability,
        },
        "clearance": _clearance(request, heights_m, path),
        "losses": [asdict(loss) for loss in losses],
        "microwave": budget,
        "terrain": {
            "resolution_arcsec": {f"{v:g}": s for v, s in path.resolution_share.items()},
            "coarse": coarse,
            "voids": path.voids,
            "points": len(path.table),
            "step_m": path.step_m,
        },
        "by_region": [],
        "curve": [],
        "parameters": [
            asdict(params[name])
            for name in params
            if budget is not None or name.startswith("k_worst_month")
        ],
        "sources": [asdict(source) for source in _sources(request, pack)],
        "assumptions": list(ASSUMPTIONS),
        "findings": [
            asdict(f) | {"severity": f.severity.value, "where": f.where} for f in findings
        ],
    }


def hours_a_year(availability: float) -> float:
    """Hours of a year of 365.25 days that an availability leaves out [hours]."""
    return (1.0 - availability) * _YEAR_H


def _head(
    headline: str, losses: tuple[Loss, ...], budget: dict[str, Any] | None
) -> tuple[float | None, float | None]:
    if headline == "microwave" and budget is not None:
        parts = budget["losses"]
        excess = parts["gas_db"] + parts["other_db"]
        return parts["free_space_db"] + excess, excess
    for loss in losses:
        if loss.model == headline:
            return loss.loss_db, loss.excess_db
    return None, None


def _end(
    i: int, ends: tuple[End, End], heights_m: tuple[float, float], path: LinkPath, k: float
) -> dict[str, Any]:
    """One end with the direction in which its antenna looks."""
    here, there = ends[i], ends[1 - i]
    azimuth, _, length = _GEOD.inv(here.lon_deg, here.lat_deg, there.lon_deg, there.lat_deg)
    line = path.column("line_m")
    rise = float(line[-1] - line[0]) * (1 if i == 0 else -1)
    tilt = math.degrees(math.atan(rise / length - length / (2.0 * k * EFFECTIVE_EARTH_M)))
    return {
        "side": "AB"[i],
        "id": here.id,
        "names": here.names,
        "lat_deg": here.lat_deg,
        "lon_deg": here.lon_deg,
        "ground_m": float(path.column("ground_m")[0 if i == 0 else -1]),
        "height_m": heights_m[i],
        "azimuth_deg": azimuth % 360.0,
        "elevation_deg": tilt,
    }


def _clearance(
    request: LinkRequest, heights_m: tuple[float, float], path: LinkPath
) -> dict[str, Any]:
    """What the rule says, where it is tightest, and which masts would do."""
    held = path.clearance
    known = bool(held.known[0])
    need = path.need_m
    high = max(heights_m) + need if known else math.nan
    masts = next((m for m in MASTS_M if m >= high), None) if known else None
    return {
        "rule": "ITU-R P.530-17 section 2.2.2.1",
        "clear": bool(held.clear[0]) if known else None,
        "k_median": request.k_factor,
        "k_low": float(held.k_low[0]),
        "share_median": request.share_median,
        "share_low": request.share_low,
        "ratio_median": float(held.ratio_median[0]),
        "ratio_low": float(held.ratio_low[0]),
        "blocked_m": max(-float(path.column("clearance_m")[path.worst]), 0.0) if known else None,
        "worst_m": float(held.share_median[0]) * path.length_m,
        "need_m": need,
        "masts_m": masts,
    }


def _sources(request: LinkRequest, pack: Pack) -> list[Source]:
    """The pack's rasters and the user's own files."""
    used = {layer.source for layer in pack.rasters}
    made = [source for source in pack.sources if source.id in used]
    own = (
        *request.heights, request.land_cover, request.buildings, request.clutter_table,
        request.sites, request.params,
    )  # fmt: skip
    return [*made, *own_sources(own)]
