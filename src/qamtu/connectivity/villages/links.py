"""Which settlements a radio link could join: candidates within range, nearest first.

Whether a candidate has line of sight is told by a table of hops, which a study makes with the
terrain; without one every candidate within range is offered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from qamtu.connectivity.villages.options import RADIO
from qamtu.core.params import Params
from qamtu.kernels.geodesy import unit_vectors

__all__ = ["RadioLinks", "candidate_hops", "find_links", "links_of_hops", "reach_km"]

_SOURCES = 6  # nearest fibre points offered to a settlement
_SPARE = 18  # nearest fibre points whose line of sight is looked at

_EARTH_RADIUS_KM = 6371.0088  # mean radius of the GRS 80 ellipsoid, Moritz 2000


@dataclass(frozen=True, slots=True)
class RadioLinks:
    """Candidate links, each from a possible fibre point to the settlement it would serve.

    Parameters
    ----------
    source, target
        Rows of the settlements, shape (k,).
    distance_km
        Great-circle distance [km], shape (k,).
    clearance
        Least clearance in radii of the first Fresnel zone, shape (k,); missing where nobody
        looked.
    resolution_arcsec
        Resolution of the terrain it was looked at with [arcsec], shape (k,); 0 where nobody
        looked.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    distance_km: NDArray[np.float64]
    clearance: NDArray[np.float64]
    resolution_arcsec: NDArray[np.int64]


def reach_km(params: Params) -> dict[str, float]:
    """Give the longest link of each kind of radio [km]."""
    return {
        "microwave": params.value("microwave_range"),
        "fixed_wireless": params.value("wireless_range"),
    }


def candidate_hops(settlements: pd.DataFrame, params: Params) -> pd.DataFrame:
    """List the hops whose line of sight is worth looking at.

    Parameters
    ----------
    settlements
        The line's input.
    params
        The line's parameters; gives the ranges.

    Returns
    -------
    DataFrame
        ``hop_kind``, ``settlement_from`` (a possible fibre point), ``settlement_to`` (whom it
        would serve) and ``link_km``: the nearest 18 of each settlement within range.
    """
    in_plan = settlements["in_plan"].to_numpy(dtype=bool)
    fibre = settlements["has_fibre"].to_numpy(dtype=bool)
    lat, lon = (settlements[c].to_numpy(dtype=np.float64) for c in ("lat_deg", "lon_deg"))
    ids = settlements["settlement_id"].to_numpy(dtype=object)
    sources, targets = np.flatnonzero(in_plan | fibre), np.flatnonzero(in_plan & ~fibre)
    parts = []
    for kind in RADIO:
        links = find_links(lat, lon, targets, sources, reach_km(params)[kind], _SPARE)
        parts.append(
            pd.DataFrame(
                {
                    "hop_kind": kind,
                    "settlement_from": ids[links.source],
                    "settlement_to": ids[links.target],
                    "link_km": links.distance_km,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def links_of_hops(
    hops: pd.DataFrame,
    kind: str,
    settlement_id: NDArray[np.object_],
    targets: NDArray[np.int64],
    sources: NDArray[np.int64],
) -> RadioLinks:
    """Keep for each target the nearest sources that a table of hops finds in sight.

    Parameters
    ----------
    hops
        Fields of shape hop; a hop that is not ``clear`` is left out.
    kind
        ``microwave`` or ``fixed_wireless``.
    settlement_id
        Id of each settlement, shape (s,).
    targets, sources
        Rows that may be served and rows that may be a fibre point.

    Returns
    -------
    RadioLinks
        O(h log h) for h hops.
    """
    row = pd.Series(np.arange(len(settlement_id)), index=settlement_id)
    seen = hops[(hops["hop_kind"] == kind) & hops["clear"].fillna(value=False).astype(bool)]
    source = row.reindex(seen["settlement_from"]).fillna(-1).to_numpy(dtype=np.int64)
    target = row.reindex(seen["settlement_to"]).fillna(-1).to_numpy(dtype=np.int64)
    good = np.isin(source, sources) & np.isin(target, targets) & (source != target)
    far = seen["link_km"].to_numpy(dtype=np.float64)
    order = np.lexsort((source, far, target))
    order = order[good[order]]
    rank = np.arange(len(order)) - np.searchsorted(target[order], target[order])
    order = order[rank < _SOURCES]
    return RadioLinks(
        source[order],
        target[order],
        far[order],
        seen["clearance"].to_numpy(dtype=np.float64)[order],
        seen["resolution_arcsec"].fillna(0).to_numpy(dtype=np.int64)[order],
    )


def find_links(
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    targets: NDArray[np.int64],
    sources: NDArray[np.int64],
    range_km: float,
    most: int = _SOURCES,
) -> RadioLinks:
    """Find for each target the ``most`` nearest sources within range.

    Parameters
    ----------
    lat_deg, lon_deg
        Positions of all settlements [deg], shape (s,).
    targets, sources
        Rows that may be served and rows that may be a fibre point.
    range_km
        Longest link [km].
    most
        How many sources to keep for one target.

    Returns
    -------
    RadioLinks
        O(s log s) time, O(s · most) memory. The chord of the sphere bounds the search.
    """
    if len(targets) == 0 or len(sources) == 0:
        empty = np.empty(0, dtype=np.int64)
        return RadioLinks(empty, empty, np.empty(0), np.empty(0), empty)
    points = unit_vectors(lat_deg, lon_deg)
    chord = 2.0 * np.sin(0.5 * range_km / _EARTH_RADIUS_KM)
    near = min(most + 1, len(sources))
    nearest = cKDTree(points[sources]).query(
        points[targets], k=np.arange(1, near + 1), distance_upper_bound=chord
    )
    found, index = (np.asarray(part) for part in nearest)
    rows, ranks = np.nonzero(np.isfinite(found))
    source = sources[index[rows, ranks]]
    target = targets[rows]
    distance = 2.0 * _EARTH_RADIUS_KM * np.arcsin(np.clip(found[rows, ranks] / 2.0, 0.0, 1.0))
    other = source != target
    rank = np.cumsum(other) - 1
    first = np.maximum.accumulate(
        np.where(np.r_[True, target[1:] != target[:-1]], np.r_[0, np.cumsum(other)[:-1]], 0)
    )
    keep = other & (rank - first < most)
    unseen = np.full(int(keep.sum()), np.nan)
    return RadioLinks(
        source[keep], target[keep], distance[keep], unseen, np.zeros(len(unseen), dtype=np.int64)
    )
