"""The band on the plan's total when every uncertain parameter is drawn at once.

The plan stands as it is; only its price changes. Each parameter with a band that has a part in
the bill is drawn from the triangular distribution on low, value and high, independently of the
others. Routes drawn as straight lines grow with the detour factor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.villages.formulation import Choice, served_by
from qamtu.connectivity.villages.options import OPTIONS, economy_of, price_options
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.connectivity.villages.trench import EdgeKind, TrenchSettings
from qamtu.core.params import Params

__all__ = ["Band", "cost_band"]

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Band:
    """Quantiles of the plan's net present cost and capital.

    Parameters
    ----------
    draws
        Number of draws.
    npv, capex
        5, 25, 50, 75 and 95 % quantiles [currency].
    drawn
        Names of the parameters drawn.
    """

    draws: int
    npv: tuple[float, ...]
    capex: tuple[float, ...]
    drawn: tuple[str, ...]


def cost_band(prepared: Prepared, choice: Choice, params: Params, *, draws: int, seed: int) -> Band:
    """Price a fixed plan under drawn parameters. O(draws · (sizes + t)).

    Parameters
    ----------
    prepared, choice
        The plan.
    params
        Its parameters; those with ``low < high`` whose ends change the plan's bill are drawn.
    draws
        Number of draws, at least 1.
    seed
        Seed of the draws.
    """
    homes, counts = _census(prepared, choice)
    settings = TrenchSettings.from_params(params)

    def bill(values: dict[str, float]) -> tuple[float, float]:
        drawn = params.with_values(values, "Monte Carlo draw")
        return _price(prepared, choice, homes, counts, settings, drawn)

    plain = bill({})
    names = tuple(
        name
        for name in params
        if params[name].low < params[name].high
        and any(bill({name: end}) != plain for end in (params[name].low, params[name].high))
    )
    random = np.random.default_rng(seed)
    low, mode, high = (
        np.array([getattr(params[n], k) for n in names]) for k in ("low", "value", "high")
    )
    drawn = random.triangular(low, mode, high, size=(draws, len(names)))
    totals = np.array([bill(dict(zip(names, row, strict=True))) for row in drawn])
    npv, capex = (tuple(map(float, np.quantile(totals[:, i], _QUANTILES))) for i in (0, 1))
    return Band(draws, npv, capex, names)


def _price(
    prepared: Prepared,
    choice: Choice,
    homes: NDArray[np.int64],
    counts: NDArray[np.float64],
    settings: TrenchSettings,
    drawn: Params,
) -> tuple[float, float]:
    options = price_options(homes, drawn)
    npv = (counts * np.stack([options[o].npv for o in OPTIONS])).sum()
    capex = (counts * np.stack([options[o].capex for o in OPTIONS])).sum()
    route_capex, route_opex = _routes(prepared, choice, settings, drawn)
    annuity = economy_of(drawn).annuity
    return float(npv + route_capex + route_opex * annuity), float(capex + route_capex)


def _census(prepared: Prepared, choice: Choice) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count settlements by option and size: sizes (k,), counts (options, k).

    An option's price depends on a settlement's households alone, so each size is priced once.
    """
    used = served_by(prepared, choice)
    homes, size = np.unique(prepared.households, return_inverse=True)
    counts = np.zeros((len(OPTIONS), len(homes)))
    np.add.at(counts, (used, size), 1.0)
    return homes, counts


def _routes(
    prepared: Prepared, choice: Choice, settings: TrenchSettings, drawn: Params
) -> tuple[float, float]:
    """Scale each built edge by how the cost of its kind and ground moved, and its detour."""
    graph, edges = prepared.graph, choice.edges
    kind, terrain = graph.edge_kind[edges], graph.edge_terrain[edges]
    moved = TrenchSettings.from_params(drawn)
    before, after = settings.costs, moved.costs
    straight = np.isin(kind, (EdgeKind.SPUR, EdgeKind.BRIDGE))
    longer = np.where(straight, moved.detour / settings.detour, 1.0)
    base = before.capex_per_km[kind, terrain]
    factor = np.divide(
        after.capex_per_km[kind, terrain], base, out=np.ones(len(edges)), where=base > 0
    )
    running = before.opex_per_km[kind, terrain]
    opex_factor = np.divide(
        after.opex_per_km[kind, terrain], running, out=np.ones(len(edges)), where=running > 0
    )
    return (
        float((graph.edge_capex[edges] * factor * longer).sum()),
        float((graph.edge_opex_per_year[edges] * opex_factor * longer).sum()),
    )
