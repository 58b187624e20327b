"""Upper bound in closed form: each year's best fractional network under a mix of both limits.

Let ``B_t`` and ``K_t`` be the money and length available up to year ``t``. What stands at the end
of year ``t`` is a closed set (with every item its parent) that takes at most ``B_t`` and ``K_t``,
hence at most ``θ B_t / C + (1 - θ) K_t / L`` of the mixed resource ``θ c / C + (1 - θ) l / L`` for
every ``θ`` in [0, 1] (surrogate relaxation; F. Glover, "Surrogate constraint duality in
mathematical programming", Oper. Res. 23 (1975), 434-451). The best closed set under one resource is
found, if parts may be taken, by Sidney's blocks in their order, the last one in part. The sum over
the years, each with its best ``θ``, bounds the person-years of every schedule. Where one resource
binds, that is the value of the whole linear relaxation, since the sequence is the same for all
years. It also holds where nothing carries over, since those limits imply the summed ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.optimise.schedule.order import horn_sequence
from qamtu.optimise.schedule.problem import TreeSchedule

__all__ = ["Envelope", "envelope_bound", "mixed_resource"]

_GRID = (1.0, 0.0, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875)
_REFINEMENTS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """The closed-form bound and what it is made of.

    Attributes
    ----------
    bound : float
        Upper bound on the person-years [person-years].
    mix : float64[T]
        The ``θ`` of each year: 1 where money binds, 0 where length does.
    price_money : float64[T]
        Person-years that one more unit of money up to each year gives [person-years/currency].
    price_km : float64[T]
        The same for length [person-years/km].
    """

    bound: float
    mix: NDArray[np.float64]
    price_money: NDArray[np.float64]
    price_km: NDArray[np.float64]


def _scales(problem: TreeSchedule) -> tuple[float, float]:
    return float(problem.cost.sum()) or 1.0, float(problem.length_km.sum()) or 1.0


def mixed_resource(problem: TreeSchedule, mix: float) -> NDArray[np.float64]:
    """Mix cost and length into one resource.

    Parameters
    ----------
    problem : TreeSchedule
        The problem.
    mix : float
        ``θ`` in [0, 1]: the share of the cost.

    Returns
    -------
    float64[n]
        ``θ c / C + (1 - θ) l / L`` with the totals ``C`` and ``L`` [1].
    """
    money, km = _scales(problem)
    return mix * problem.cost / money + (1.0 - mix) * problem.length_km / km


def _fill(
    problem: TreeSchedule, mix: float, limit: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Value and marginal value of the fractional network for each year's limit."""
    resource = mixed_resource(problem, mix)
    _, block = horn_sequence(problem.parent, problem.weight, resource)
    weights = np.bincount(block, weights=problem.weight)
    sizes = np.bincount(block, weights=resource)
    value_up_to = np.concatenate(([0.0], np.cumsum(weights)))
    size_up_to = np.concatenate(([0.0], np.cumsum(sizes)))
    whole = np.searchsorted(size_up_to, limit, side="right") - 1
    value = value_up_to[whole]
    density = np.zeros(limit.size)
    part = np.flatnonzero(whole < sizes.size)
    nextone = whole[part]
    density[part] = weights[nextone] / sizes[nextone]
    value[part] += (limit[part] - size_up_to[nextone]) * density[part]
    return value, density


def _bracket(tried: list[float], best: float) -> tuple[float, float]:
    ordered = sorted(tried)
    place = ordered.index(best)
    return ordered[max(place - 1, 0)], ordered[min(place + 1, len(ordered) - 1)]


def envelope_bound(problem: TreeSchedule) -> Envelope:
    """Bound the person-years from above; O(k n log n) for ``k`` mixes tried.

    Parameters
    ----------
    problem : TreeSchedule
        The problem, valid.

    Returns
    -------
    Envelope
        The bound, and prices to start a finer relaxation with.
    """
    money, km = _scales(problem)
    money_share = np.minimum(np.cumsum(problem.budget) / money, 1.0)
    km_share = np.minimum(np.cumsum(problem.capacity_km) / km, 1.0)
    years = problem.n_years
    value = np.full(years, np.inf)
    mix = np.ones(years)
    density = np.zeros(years)

    def attempt(candidate: float) -> None:
        limit = candidate * money_share + (1.0 - candidate) * km_share
        reached, marginal = _fill(problem, candidate, limit)
        better = reached < value
        value[better] = reached[better]
        mix[better] = candidate
        density[better] = marginal[better]

    one_resource = bool(np.all(km_share >= 1.0)) or problem.length_km.sum() == 0
    tried = [1.0] if one_resource else list(_GRID)
    for candidate in tried:
        attempt(candidate)
    for _ in range(0 if one_resource else _REFINEMENTS):
        # The value is quasi-convex in the mix: halve the brackets of each year's best one.
        fresh = sorted(
            {
                0.5 * (best + side)
                for best in set(mix.tolist())
                for side in _bracket(tried, best)
                if side != best
            }
        )
        for candidate in fresh[: 2 * years]:
            attempt(candidate)
        tried += fresh
    worth = np.ones(years) if problem.discount is None else problem.discount
    return Envelope(
        bound=float(np.dot(worth, value)),
        mix=mix,
        price_money=worth * density * mix / money,
        price_km=worth * density * (1.0 - mix) / km,
    )
