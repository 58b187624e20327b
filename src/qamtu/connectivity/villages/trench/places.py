"""The points that want fibre or have it: settlements of the plan and existing fibre points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from qamtu.connectivity.villages.trench.plane import Plane
from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Findings, Severity

__all__ = ["Places", "name_places", "outside_findings", "read_places"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NAMES = ("name_en", "name_ru", "name_kk", "settlement_id")
_SHOWN = 20
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Places:
    """Settlements of the plan, then fibre points; p and f of them.

    Parameters
    ----------
    lat, lon
        [deg], float64[p + f].
    row
        Row in the table of settlements, int64[p].
    n_rows
        Rows of that table.
    name
        A name of each settlement of the plan, object[p].
    home
        Settlement (0 .. p - 1) that a fibre point says it belongs to, or -1, int64[f].
    """

    lat: Floats
    lon: Floats
    row: Ints
    n_rows: int
    name: NDArray[np.object_]
    home: Ints

    @property
    def n_settlements(self) -> int:
        """Settlements of the plan."""
        return len(self.row)

    def fibre_pairs(self, plane: Plane, snap_m: float) -> Ints:
        """Pair fibre points with the settlement they are in: the stated one, else the nearest.

        Parameters
        ----------
        plane
            Plane in which to seek.
        snap_m
            How far the nearest may be [m].

        Returns
        -------
        int64[k, 2]
            Settlement and fibre point, as nodes.
        """
        p = self.n_settlements
        points = np.arange(p, len(self.lat))
        if not len(points):
            return np.zeros((0, 2), dtype=np.int64)
        at = plane.project(self.lat, self.lon)
        distance, near = cKDTree(at[:p]).query(at[p:])
        home = np.where(self.home >= 0, self.home, np.where(distance <= snap_m, near, -1))
        return np.column_stack([home[home >= 0], points[home >= 0]]).astype(np.int64)


def read_places(settlements: pd.DataFrame, fibre_nodes: pd.DataFrame | None) -> Places:
    """Read the settlements with ``in_plan`` and the fibre points.

    Raises
    ------
    InputError
        If there is no settlement in the plan, or a coordinate is missing.
    """
    count = len(settlements)
    in_plan = np.ones(count, dtype=bool)
    if "in_plan" in settlements.columns:
        in_plan = settlements["in_plan"].to_numpy(dtype=bool, na_value=False)
    row = np.flatnonzero(in_plan)
    if not len(row):
        msg = "there is no settlement in the plan"
        raise InputError(msg)
    lat, lon = _coordinates(settlements.iloc[row], row, "settlements")
    home = np.zeros(0, dtype=np.int64)
    if fibre_nodes is not None and len(fibre_nodes):
        more = _coordinates(fibre_nodes, np.arange(len(fibre_nodes)), "fibre_nodes")
        lat, lon = np.concatenate([lat, more[0]]), np.concatenate([lon, more[1]])
        home = np.full(len(fibre_nodes), -1, dtype=np.int64)
        if "settlement_id" in fibre_nodes.columns:
            ids = pd.Index(settlements["settlement_id"].iloc[row])
            home = ids.get_indexer(fibre_nodes["settlement_id"]).astype(np.int64)
            home[fibre_nodes["settlement_id"].isna().to_numpy()] = -1
    return Places(lat, lon, row, count, _names(settlements).to_numpy(dtype=object)[row], home)


def _coordinates(table: pd.DataFrame, row: Ints, file: str) -> tuple[Floats, Floats]:
    lat = table["lat_deg"].to_numpy(dtype=np.float64, na_value=np.nan)
    lon = table["lon_deg"].to_numpy(dtype=np.float64, na_value=np.nan)
    bad = ~((np.abs(lat) <= 90) & (np.abs(lon) <= 180))
    if bad.any():
        found = [
            Finding(
                "coordinate-impossible",
                Severity.ERROR,
                f"latitude {lat[i]:g}, longitude {lon[i]:g}",
                "give degrees within ±90 and ±180",
                file,
                int(row[i]) + 2,
                "lat_deg",
            )
            for i in np.flatnonzero(bad)
        ]
        msg = f"{file} has places without coordinates"
        raise InputError(msg, found)
    return np.ascontiguousarray(lat), np.ascontiguousarray(lon)


def _names(settlements: pd.DataFrame) -> pd.Series[str]:
    """Take the first name that is there."""
    made = pd.Series([""] * len(settlements), index=settlements.index, dtype="str")
    for column in _NAMES:
        if column in settlements.columns:
            given = settlements[column].astype("str").fillna("")
            made = made.where(made != "", given)
    return made


def name_places(places: Places, chosen: Ints) -> str:
    """Name some settlements in a sentence: the first three and how many more."""
    named = ", ".join(str(n) for n in places.name[chosen[:_NAMED]])
    more = len(chosen) - _NAMED
    return f"{named} and {more:,} more" if more > 0 else named


def outside_findings(
    places: Places, flags: NDArray[np.bool_], rule: str, what: str, mend: str
) -> Findings:
    """Give a warning for each settlement that stands where it should not, twenty at most.

    Parameters
    ----------
    places
        The places.
    flags
        Which settlements, bool[p].
    rule, what, mend
        Id of the rule, what is wrong, how to mend it.
    """
    bad = np.flatnonzero(flags[: places.n_settlements])
    found = [
        Finding(rule, Severity.WARNING, f"{places.name[i]}: {what}", mend, "settlements",
                int(places.row[i]) + 2, "lat_deg")
        for i in bad[:_SHOWN]
    ]  # fmt: skip
    return Findings((*found, *_rest(rule, what, mend, len(bad) - _SHOWN)))


def _rest(rule: str, what: str, mend: str, count: int) -> Sequence[Finding]:
    if count <= 0:
        return ()
    return (
        Finding(rule, Severity.WARNING, f"{count:,} more settlements: {what}", mend, "settlements"),
    )
