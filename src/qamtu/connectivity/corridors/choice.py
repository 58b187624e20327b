"""Which masts are built: the cheapest that serve a share of the length and leave no long gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.connectivity.corridors.reach import Mapper, Reach
from qamtu.connectivity.corridors.samples import Samples
from qamtu.core.errors import Infeasible
from qamtu.core.findings import Finding, Severity
from qamtu.core.progress import Report, silent
from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.optimise.cover import CoverAnswer, CoverProblem
from qamtu.optimise.parted_cover import solve_parted_cover

__all__ = ["Ground", "Masts", "build_masts", "choose_masts"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_CELL_KM: Final = 300.0


@dataclass(frozen=True, slots=True)
class Ground:
    """Where masts may stand, and how far one serves.

    Parameters
    ----------
    lat_deg, lon_deg
        Places [deg], shape (p,).
    radius_m, gap_m
        Farthest point that a mast serves, and longest window [m].
    """

    lat_deg: Floats
    lon_deg: Floats
    radius_m: float
    gap_m: float

    def cell_km(self) -> float:
        """Side of cells of which two that do not touch serve no common point or window [km]."""
        return max(_CELL_KM, 1.1 * (2.0 * self.radius_m + self.gap_m) / 1000.0)


@dataclass(frozen=True, slots=True)
class Masts:
    """Candidates of the cover problem, m of them: a height at a place, or a site of today.

    Parameters
    ----------
    place, height
        Place and index of the height; -1 for the height of a site that stands today, shape (m,).
    cost
        Net present cost with the cheapest link there could be [currency]; 0 for what stands.
    offset, sample
        Points of roads that each serves: ``sample[offset[i]:offset[i + 1]]``, ascending.
    """

    place: Ints
    height: Ints
    cost: Floats
    offset: Ints
    sample: NDArray[np.int32]

    @property
    def count(self) -> int:
        """Number of candidates."""
        return len(self.place)

    def served(self, chosen: Ints, samples: int) -> Flags:
        """Tell which points the chosen masts serve, bool[s]."""
        made = np.zeros(samples, dtype=bool)
        for mast in chosen:
            made[self.sample[self.offset[mast] : self.offset[mast + 1]]] = True
        return made


def build_masts(reach: Reach, site_npv: Floats, tower_npv: Floats, standing: Reach) -> Masts:
    """List the candidates; a taller mast that serves nothing more than a lower one is left out.

    Parameters
    ----------
    reach
        What masts of each height serve from each place.
    site_npv
        Net present cost of a site at each place without its tower, its cheapest link included
        [currency], shape (p,).
    tower_npv
        Net present cost of a tower of each height, rising [currency].
    standing
        What the sites of today serve (any bit of the mask), places as in ``reach``.
    """
    place, height, sizes, sample = _split(reach.place, reach.sample, reach.mask, len(tower_npv))
    cost = site_npv[place] + tower_npv[height]
    stands, first = np.unique(standing.place, return_index=True)
    sizes = np.concatenate((sizes, np.diff(np.append(first, len(standing.place)))))
    return Masts(
        place=np.concatenate((place, stands)),
        height=np.concatenate((height, np.full(len(stands), -1, dtype=np.int64))),
        cost=np.concatenate((cost, np.zeros(len(stands)))),
        offset=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        sample=np.concatenate((sample, standing.sample.astype(np.int32))),
    )


@njit(cache=True)
def _adds(mask: NDArray[np.uint8], begin: int, end: int, height: int) -> bool:
    """Tell whether a height serves something that some lower one does not, for each lower one."""
    for lower in range(height):
        more = False
        for k in range(begin, end):
            more = more or ((mask[k] >> height) & 1 and not (mask[k] >> lower) & 1)
        if not more:
            return False
    return True


@njit(cache=True)
def _split(
    place: Ints, sample: Ints, mask: NDArray[np.uint8], heights: int
) -> tuple[Ints, Ints, Ints, NDArray[np.int32]]:
    """Turn bytes of heights into lists: place, height, number of points, and the points."""
    total = 0
    for k in range(mask.size):
        for h in range(heights):
            total += (mask[k] >> h) & 1
    points = np.empty(total, np.int32)
    owner, rung = np.empty(place.size * heights, np.int64), np.empty(place.size * heights, np.int64)
    count = np.empty(place.size * heights, np.int64)
    made = at = begin = 0
    while begin < place.size:
        end = begin + np.searchsorted(place[begin:], place[begin], side="right")
        for h in range(heights):
            if not _adds(mask, begin, end, h):
                continue
            start = at
            for k in range(begin, end):
                if (mask[k] >> h) & 1:
                    points[at] = sample[k]
                    at += 1
            if at > start:
                owner[made], rung[made], count[made] = place[begin], h, at - start
                made += 1
        begin = end
    return owner[:made].copy(), rung[:made].copy(), count[:made].copy(), points[:at].copy()


def choose_masts(
    masts: Masts,
    samples: Samples,
    windows: tuple[Ints, Ints],
    *,
    share: float,
    ground: Ground,
    mapper: Mapper,
    time_limit_s: float,
    gap_limit: float,
    seed: int,
    progress: Report = silent,
) -> tuple[CoverAnswer, Ints]:
    """Choose masts of least cost.

    Each window of road is one more demand that must be covered; a mast covers it when it serves
    any point in it. Windows that no mast serves are left out.

    Parameters
    ----------
    masts, samples
        Candidates and points.
    windows
        First and last point of each window (`samples.windows`).
    share
        Share of the length to be served [1].
    ground
        Where masts and points are, and how far one serves.
    mapper, time_limit_s, gap_limit, seed, progress
        As of `solve_parted_cover`.

    Returns
    -------
    answer
        Chosen masts, cost and bound.
    lost
        Windows that nothing serves.

    Raises
    ------
    Infeasible
        If the share cannot be reached; says the nearest that can.
    """
    total = float(samples.length_m.sum())
    reachable = masts.served(np.arange(masts.count), samples.count)
    most = float(samples.length_m[reachable].sum()) / total if total else 0.0
    if most < share:
        raise _too_much(share, most)
    first, last = windows
    offset, demand = _with_windows(masts.offset, masts.sample, first, last, samples.count)
    hit = np.zeros(samples.count + len(first), dtype=bool)
    hit[demand] = True
    must = np.r_[np.zeros(samples.count, dtype=bool), hit[samples.count :]]
    problem = CoverProblem(
        offset=offset,
        demand=demand,
        weight=np.concatenate((samples.length_m, np.zeros(len(first)))),
        cost=masts.cost,
        share=share,
        fixed=np.flatnonzero(masts.height < 0),
        group=np.where(masts.height < 0, -1, masts.place),
        must=must,
    )
    cell = ground.cell_km()
    parts = _cells(samples.lat_deg, samples.lon_deg, cell / 2.0, 0.0)
    _, part = np.unique(parts, axis=0, return_inverse=True)
    answer = solve_parted_cover(
        problem,
        np.concatenate((part, part[first])),
        _neighbourhoods(ground, masts, cell),
        mapper=mapper,
        time_limit_s=time_limit_s,
        gap_limit=gap_limit,
        seed=seed,
        progress=progress,
    )
    return answer, np.flatnonzero(~hit[samples.count :])


def _with_windows(
    offset: Ints, sample: NDArray[np.int32], first: Ints, last: Ints, samples: int
) -> tuple[Ints, NDArray[np.int32]]:
    """Append to each mast the windows that hold a point of it; both ends of windows rise."""
    point = np.arange(samples)
    low = np.searchsorted(last, point, side="left")  # windows low .. high - 1 hold the point
    high = np.searchsorted(first, point, side="right")
    sizes = _fill_windows(offset, sample, low, high, samples, np.zeros(0, np.int32))
    out = np.empty(int(sizes[-1]), np.int32)
    _fill_windows(offset, sample, low, high, samples, out)
    return sizes, out


@njit(cache=True)
def _fill_windows(
    offset: Ints, sample: NDArray[np.int32], low: Ints, high: Ints, samples: int,
    out: NDArray[np.int32],
) -> Ints:  # fmt: skip
    """Count what each mast's list will hold, and write it where ``out`` has room."""
    made = np.zeros(offset.size, np.int64)
    write = out.size > 0
    at = 0
    for mast in range(offset.size - 1):
        begin, end = offset[mast], offset[mast + 1]
        if write:
            out[at : at + end - begin] = sample[begin:end]
        at += end - begin
        done = 0
        for k in range(begin, end):
            start = max(low[sample[k]], done)
            for w in range(start, high[sample[k]]):
                if write:
                    out[at + w - start] = samples + w
            at += max(high[sample[k]] - start, 0)
            done = max(done, high[sample[k]])
        made[mast + 1] = at
    return made


def _cells(lat_deg: Floats, lon_deg: Floats, cell_km: float, shift: float) -> Ints:
    """Row and column of each place in a grid of cells of about equal sides, int64[k, 2].

    Columns are as wide as rows are high at the middle of each row, so that places in two cells
    with one between them, along a row or a column, are a cell's side apart at least.
    """
    height = np.degrees(1000.0 * cell_km / EARTH_RADIUS_M)
    row = np.floor(lat_deg / height + shift)
    low, high = (row - shift) * height, (row + 1.0 - shift) * height
    across = np.cos(np.radians(np.minimum(np.maximum(np.abs(low), np.abs(high)), 89.0)))
    col = np.floor(lon_deg * across / height + shift)
    return np.column_stack((row, col)).astype(np.int64)


def _neighbourhoods(ground: Ground, masts: Masts, cell_km: float) -> list[Ints]:
    """Label the masts to be built by cells of two grids in four colours each.

    Cells of one colour do not touch, so their masts serve no common point.
    """
    made = []
    for shift in (0.0, 0.5):
        place = _cells(ground.lat_deg, ground.lon_deg, cell_km, shift)[masts.place]
        _, number = np.unique(place, axis=0, return_inverse=True)
        colour = place[:, 0] % 2 + 2 * (place[:, 1] % 2)
        made += [
            np.where((colour == one) & (masts.height >= 0), number, -1).astype(np.int64)
            for one in range(4)
        ]
    return made


def _too_much(share: float, most: float) -> Infeasible:
    finding = Finding(
        "share-out-of-reach", Severity.ERROR,
        f"{share:.1%} of the length was asked for, and masts at all places of all heights serve "
        f"{most:.1%}",
        f"ask for {np.floor(most * 1000.0) / 1000.0:.3f} or less, allow taller masts, a lower "
        "frequency or more places", "settings", None, "share",
    )  # fmt: skip
    return Infeasible("the share of the length cannot be reached", [finding])
