"""What a choice of sites, links and years amounts to: bills, served points, years of service."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.corridors.choice import Masts
from qamtu.connectivity.corridors.costs import Bill, Prices
from qamtu.connectivity.corridors.join import Joined, Links
from qamtu.connectivity.corridors.phasing import Phases, phase_sites
from qamtu.connectivity.corridors.places import Places
from qamtu.connectivity.corridors.posts import Posts
from qamtu.connectivity.corridors.samples import Samples
from qamtu.kernels.geodesy import haversine_m

__all__ = ["Outcome", "Plan", "work_out"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided, as the model holds it.

    Parameters
    ----------
    samples, places, masts
        Points of roads, places, candidates.
    chosen
        Chosen masts, the sites of today first to last among them, int64[c].
    posts, links, joined
        What may be joined, by what, and the tree; post ``i`` is the ``i``-th new site.
    """

    samples: Samples
    places: Places
    masts: Masts
    chosen: Ints
    posts: Posts
    links: Links
    joined: Joined

    @property
    def new(self) -> Ints:
        """Chosen masts that are to be built, in the order of their posts."""
        return self.chosen[self.masts.height[self.chosen] >= 0]

    @property
    def standing(self) -> Ints:
        """Masts that stand today."""
        return self.chosen[self.masts.height[self.chosen] < 0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the plan amounts to.

    Parameters
    ----------
    posts
        Posts that are built: sites and relays in the tree, then sites that nothing joins, (q,).
    bill
        Bill of each of them without its link, (q,).
    served_km
        Road that each serves and to which no other built site is nearer [km], (q,).
    year
        Year in which each is built, 0 where it is not within the years, (q,).
    sample_year
        Year in which each point of road is first served: 0 today, -1 never, a large number where
        its sites are not built within the years, int64[s].
    standing_km
        Road that each site of today serves as the nearest [km], in the order of ``Plan.standing``.
    phases
        The phasing.
    """

    posts: Ints
    bill: Bill
    served_km: Floats
    year: Ints
    sample_year: Ints
    standing_km: Floats
    phases: Phases


NOT_YET = 9999
"""Stands for a year after the last."""


def work_out(
    plan: Plan,
    prices: Prices,
    *,
    first_year: int,
    years: int,
    budget_per_year: float | None,
    time_limit_s: float,
    seed: int,
) -> Outcome:
    """Bill the sites, spread them over the years and tell when each point of road is served."""
    joined, posts, links = plan.joined, plan.posts, plan.links
    built = np.concatenate((joined.order, joined.lost))
    bill = _bill(plan, prices, built)
    post_of = np.full(plan.masts.count, -1, dtype=np.int64)
    post_of[plan.new] = np.arange(posts.sites)
    post_of[plan.standing] = posts.sites + posts.relays + _standing_rank(plan)
    live = plan.chosen[~np.isin(post_of[plan.chosen], joined.lost)]
    owner, sample = _served_pairs(plan.masts, live)
    nearest = _nearest_server(plan, owner, sample)
    km = np.zeros(posts.count)
    have = nearest >= 0
    np.add.at(km, post_of[nearest[have]], plan.samples.length_m[have] / 1000.0)
    item = np.full(posts.count, -1, dtype=np.int64)
    item[joined.order] = np.arange(len(joined.order))
    parent = np.where(
        joined.parent[joined.order] >= 0, item[np.maximum(joined.parent[joined.order], 0)], -1
    )
    capex = bill.capex[: len(joined.order)] + links.bill.capex[joined.link[joined.order]]
    phases = phase_sites(
        parent, capex, km[joined.order], first_year=first_year, years=years,
        budget_per_year=budget_per_year, time_limit_s=time_limit_s, seed=seed,
    )  # fmt: skip
    post_year = np.full(posts.count, NOT_YET, dtype=np.int64)
    post_year[posts.is_root] = 0
    post_year[joined.order] = np.where(phases.year > 0, phases.year, NOT_YET)
    sample_year = np.full(plan.samples.count, NOT_YET + 1, dtype=np.int64)
    np.minimum.at(sample_year, sample, post_year[post_of[owner]])
    sample_year[sample_year > NOT_YET] = -1
    return Outcome(
        posts=built, bill=bill, served_km=km[built],
        year=np.concatenate((phases.year, np.zeros(len(joined.lost), dtype=np.int64))),
        sample_year=sample_year, standing_km=km[post_of[plan.standing]], phases=phases,
    )  # fmt: skip


def _standing_rank(plan: Plan) -> Ints:
    """Give the standing masts their rank among all places where something stands."""
    stands = np.flatnonzero(plan.places.existing >= 0)
    return np.searchsorted(stands, plan.masts.place[plan.standing])


def _bill(plan: Plan, prices: Prices, built: Ints) -> Bill:
    posts = plan.posts
    relay = posts.is_relay[built]
    site, other = prices.site(plan.places), prices.relay(plan.places)
    place = posts.place[built]

    def pick(a: Floats, b: Floats) -> Floats:
        return np.where(relay, b[place], a[place])

    body = Bill(
        pick(site.capex, other.capex),
        pick(site.opex_per_year, other.opex_per_year),
        pick(site.npv, other.npv),
    )
    return body + prices.tower(plan.joined.tower_m[built])


def _served_pairs(masts: Masts, chosen: Ints) -> tuple[Ints, Ints]:
    """Give mast and point of every pair that a chosen mast serves."""
    sizes = masts.offset[chosen + 1] - masts.offset[chosen]
    owner = np.repeat(chosen, sizes)
    parts = [masts.sample[masts.offset[m] : masts.offset[m + 1]] for m in chosen]
    sample = np.concatenate(parts) if parts else np.zeros(0, np.int32)
    return owner, sample.astype(np.int64)


def _nearest_server(plan: Plan, owner: Ints, sample: Ints) -> Ints:
    """Give each point of road the nearest mast that serves it; -1 where none does."""
    place, samples = plan.masts.place[owner], plan.samples
    away = haversine_m(
        plan.places.lat_deg[place], plan.places.lon_deg[place],
        samples.lat_deg[sample], samples.lon_deg[sample],
    )  # fmt: skip
    order = np.lexsort((owner, away, sample))
    found = np.full(samples.count, -1, dtype=np.int64)
    ranked = sample[order]
    first = np.r_[True, ranked[1:] != ranked[:-1]][: len(ranked)]
    found[ranked[first]] = owner[order][first]
    return found
