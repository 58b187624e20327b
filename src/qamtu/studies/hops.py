"""Line of sight of the radio links that a plan of settlements may offer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.villages.links import candidate_hops
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params
from qamtu.core.progress import Report, Stage, silent
from qamtu.country import Pack, read_surface
from qamtu.kernels.propagation.clearance import ClearanceRule, hop_clear, worst_clearance
from qamtu.kernels.terrain.surface import Surface

__all__ = ["clear_hops"]

_STAGE = "line of sight"
_MARGIN_DEG = 0.1
_TOLD_BY_THE_LINE = frozenset({"terrain-coarse", "built-up-estimated"})  # or of no weight here


def clear_hops(
    pack: Pack,
    settlements: pd.DataFrame,
    params: Params,
    *,
    heights: tuple[Path, ...] = (),
    progress: Report = silent,
) -> tuple[pd.DataFrame | None, Findings]:
    """Look along every radio link that a plan might use, region by region.

    A microwave hop is held against the rule of Recommendation ITU-R P.530, a fixed-wireless link
    against a share of the first Fresnel zone (parameters ``microwave_clearance``,
    ``microwave_clearance_worst`` and ``wireless_clearance``).

    Parameters
    ----------
    pack
        Gives the heights; without any nothing is looked at.
    settlements
        The plan's settlements.
    params
        Ranges, antenna heights, frequencies and clearances.
    heights
        The user's own heights, over the pack's.
    progress
        Is told of each region.

    Returns
    -------
    hops
        Fields of shape hop of the villages line; None where the pack has no heights.
    findings
        What could not be looked at.
    """
    if not heights and not any(layer.kind == "height" for layer in pack.rasters):
        return None, Findings()
    hops = candidate_hops(settlements, params)
    hops = hops.assign(clearance=np.nan, clear=False, resolution_arcsec=0)
    row = pd.Series(np.arange(len(settlements)), index=settlements["settlement_id"])
    near = row.loc[hops["settlement_to"]].to_numpy()
    far = row.loc[hops["settlement_from"]].to_numpy()
    region = settlements["region_id"].astype("str").to_numpy()[near]
    names = np.unique(region)
    told: dict[str, Finding] = {}
    for done, name in enumerate(names):
        progress(Stage(_STAGE, done / len(names), f"{len(hops):,} radio links"))
        at = np.flatnonzero(region == name)
        for finding in _look(pack, settlements, params, heights, hops, at, near[at], far[at]):
            if finding.id not in _TOLD_BY_THE_LINE:
                told.setdefault(finding.id, finding)
    progress(Stage(_STAGE, 1.0, f"{int(hops['clear'].sum()):,} of {len(hops):,} clear"))
    return hops, Findings(tuple(told.values())) + _unknown(hops)


def _look(
    pack: Pack,
    settlements: pd.DataFrame,
    params: Params,
    heights: tuple[Path, ...],
    hops: pd.DataFrame,
    at: NDArray[np.int64],
    near: NDArray[np.int64],
    far: NDArray[np.int64],
) -> Findings:
    """Look along the hops of one region and put what is seen into their rows."""
    lat, lon = (settlements[c].to_numpy(dtype=np.float64) for c in ("lat_deg", "lon_deg"))
    ends = np.concatenate((near, far))
    box = (
        float(lon[ends].min()) - _MARGIN_DEG, float(lat[ends].min()) - _MARGIN_DEG,
        float(lon[ends].max()) + _MARGIN_DEG, float(lat[ends].max()) + _MARGIN_DEG,
    )  # fmt: skip
    surface, found = read_surface(pack, box, heights=heights)
    value = params.value
    kind = hops["hop_kind"].to_numpy(dtype=object)[at]
    for name in np.unique(kind):
        own = np.flatnonzero(kind == name)
        places = (lat[far[own]], lon[far[own]]), (lat[near[own]], lon[near[own]])
        mast = value("mast_height")
        if name == "microwave":
            rule = ClearanceRule(
                k_median=value("effective_earth_factor"),
                share_median=value("microwave_clearance"),
                share_low=value("microwave_clearance_worst"),
            )
            seen = hop_clear(
                surface, *places[0], mast, *places[1], mast, value("microwave_frequency"), rule
            )
            clearance, clear = seen.ratio_median, seen.clear
        else:
            clearance = worst_clearance(
                surface, *places[0], mast, *places[1], value("wireless_terminal_height"),
                value("wireless_frequency"), value("effective_earth_factor"),
            )  # fmt: skip
            clear = clearance >= value("wireless_clearance")
        rows = at[own]
        hops.loc[rows, "clearance"] = np.where(np.isfinite(clearance), clearance, np.nan)
        hops.loc[rows, "clear"] = clear
        hops.loc[rows, "resolution_arcsec"] = _coarsest(surface, places)
    return found


def _coarsest(
    surface: Surface, places: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]
) -> NDArray[np.int64]:
    """Coarser resolution of the heights at both ends of each hop [arcsec]; 0 where unknown."""
    rows, cols = surface.shape
    found = []
    for lat, lon in places:
        r = np.rint((surface.lat_top_deg - lat) / surface.step_lat_deg).astype(np.int64)
        c = np.rint((lon - surface.lon_left_deg) / surface.step_lon_deg).astype(np.int64)
        found.append(surface.resolution_arcsec[r.clip(0, rows - 1), c.clip(0, cols - 1)])
    worst = np.fmax(found[0], found[1])
    return np.asarray(np.nan_to_num(worst, nan=0.0).round().astype(np.int64))


def _unknown(hops: pd.DataFrame) -> Findings:
    """Tell of links that cross ground whose height nobody knows; they are not offered."""
    unknown = int(hops["clearance"].isna().sum())
    if unknown == 0:
        return Findings()
    return Findings(
        (
            Finding(
                "line-of-sight-unknown", Severity.WARNING,
                f"{unknown:,} of {len(hops):,} radio links cross ground of unknown height and are "
                "not offered",
                "give terrain that covers them (qamtu country fetch terrain)",
                "hops", None, "clearance",
            ),
        )
    )  # fmt: skip
