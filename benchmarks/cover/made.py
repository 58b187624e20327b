"""Made covering problems: sites on a plain that see a disc with shadows, from a seed, of any size."""

from __future__ import annotations

import numpy as np

from qamtu.optimise.cover import CoverProblem


def discs(side: int, sites: int, radius: float, seed: int, **goal) -> CoverProblem:
    """Cells of a square grid with uneven weight; each site sees the cells of its disc but for shadows.

    Parameters
    ----------
    side : int
        Cells along a side: side² demands.
    sites : int
        Candidates.
    radius : float
        Mean radius of a disc [cells].
    seed : int
        Seed of everything.
    goal
        Goal and rules of `CoverProblem`.
    """
    rng = np.random.default_rng(seed)
    centre = rng.random((sites, 2)) * side
    reach = radius * rng.uniform(0.6, 1.4, sites)
    height = rng.random((16, 16))
    lists = []
    for (x, y), r in zip(centre, reach, strict=True):
        low_x, high_x = max(int(x - r), 0), min(int(x + r) + 1, side)
        low_y, high_y = max(int(y - r), 0), min(int(y + r) + 1, side)
        gx, gy = np.meshgrid(np.arange(low_x, high_x), np.arange(low_y, high_y), indexing="ij")
        near = np.hypot(gx + 0.5 - x, gy + 0.5 - y) <= r
        angle = (np.arctan2(gy - y, gx - x) / (2 * np.pi) % 1.0 * 16).astype(int) % 16
        open_to = height[angle, int(x + y) % 16] > 0.15
        lists.append((gx * side + gy)[near & open_to].astype(np.int32))
    offset = np.append(0, np.cumsum([len(cells) for cells in lists])).astype(np.int64)
    towns = rng.random((20, 2)) * side
    grid = np.indices((side, side)).reshape(2, -1).T
    weight = 1.0 + sum(
        30.0 * np.exp(-np.square(grid - town).sum(axis=1) / (2 * (0.03 * side) ** 2))
        for town in towns
    )
    cost = np.round(rng.uniform(80.0, 160.0, sites))
    return CoverProblem(offset, np.concatenate(lists), np.round(weight, 3), cost, **goal)
