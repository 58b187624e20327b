"""Made forests: problems of the shape of a national network, from a seed, of any size."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from qamtu.optimise.schedule import TreeSchedule

YEARS = 8


def scattered(n_items: int, seed: int) -> TreeSchedule:
    """Villages in a square, each joined to the nearest that stands; 2 % hang on the old network."""
    rng = np.random.default_rng(seed)
    place = rng.random((n_items, 2)) * np.sqrt(n_items) * 15.0
    parent = np.full(n_items, -1, np.int32)
    length_km = rng.uniform(2.0, 20.0, n_items)
    done = max(1, n_items // 50)
    while done < n_items:
        until = min(2 * done, n_items)
        distance, nearest = cKDTree(place[:done]).query(place[done:until])
        parent[done:until] = nearest
        length_km[done:until] = np.maximum(distance, 0.5)
        done = until
    people = np.round(rng.lognormal(6.0, 1.2, n_items)) * (rng.random(n_items) < 0.6)
    cost = length_km * rng.uniform(2.0, 6.0, n_items) + (10.0 + 0.02 * people) * (people > 0)
    # Money grows, construction capacity shrinks: first the one binds, then the other.
    budget = np.linspace(0.7, 1.1, YEARS) * cost.sum() / YEARS
    capacity_km = np.linspace(1.1, 0.7, YEARS) * length_km.sum() / YEARS
    return TreeSchedule(parent, cost, length_km, people, budget, capacity_km)


def trunks(n_items: int, seed: int) -> TreeSchedule:
    """Long trunks without people, behind each a bush of 150 villages; costs differ by trunk."""
    rng = np.random.default_rng(seed)
    parent = np.full(n_items, -1, np.int32)
    length_km = rng.exponential(4.0, n_items) + 0.2
    people = np.round(rng.lognormal(5.0, 1.5, n_items))
    dearness = rng.uniform(2.0, 5.0, n_items)
    for first in range(0, n_items, 150):
        last = min(first + 150, n_items)
        depth = min(int(rng.integers(1, 6)), last - first)
        trunk = slice(first, first + depth)
        parent[first + 1 : first + depth] = np.arange(first, first + depth - 1)
        length_km[trunk] = rng.uniform(20.0, 120.0, depth)
        people[trunk] = 0.0
        for i in range(first + depth, last):
            parent[i] = rng.integers(first + depth - 1, i)
        dearness[first:last] *= rng.uniform(0.3, 3.0)
    cost = length_km * dearness
    budget = np.full(YEARS, 0.9 * cost.sum() / YEARS)
    capacity_km = np.full(YEARS, 0.9 * length_km.sum() / YEARS)
    return TreeSchedule(parent, cost, length_km, people, budget, capacity_km)


def trunks_yearly(n_items: int, seed: int) -> TreeSchedule:
    """As `trunks`, but what a year leaves is lost."""
    made = trunks(n_items, seed)
    return TreeSchedule(
        made.parent,
        made.cost,
        made.length_km,
        made.weight,
        made.budget,
        made.capacity_km,
        carry_over=False,
    )


CASES = {"scattered": scattered, "trunks": trunks, "trunks-yearly": trunks_yearly}
