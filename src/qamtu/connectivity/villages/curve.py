"""The trade-off between villages on fibre and cost: prices to try, and the table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from qamtu.connectivity.villages.formulation import Weights
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.connectivity.villages.targets import Point, price_scale

__all__ = ["curve_table", "curve_weights", "exchange_choices"]

_STEPS = (0.5, -0.5, 2.0, -1.5, 6.0, -4.0, 20.0, 1.0, -1.0, 4.0, -8.0, 60.0)


def curve_weights(prepared: Prepared, points: int) -> list[Weights]:
    """Give the prices of ``points`` further trees, on both sides of the least-cost plan.

    A positive price rewards a village on fibre, a negative one charges for it. The steps are
    multiples of `price_scale`.
    """
    scale = price_scale(prepared, "village")
    return [Weights(village=scale * step) for step in _STEPS[:points]]


def exchange_choices(points: list[Point]) -> list[Point]:
    """Give each set of prices the best choice that any tree of the list found for it.

    A tree found at other prices may be better at these; the bounds stay where they were proven.
    """
    made = []
    for point in points:
        weights = point.weights
        if weights.person or weights.capital:
            made.append(point)
            continue
        others = [p.choice for p in points if not (p.weights.person or p.weights.capital)]
        best = min(others, key=lambda c: c.npv - weights.village * c.villages)
        priced = best.npv - weights.village * best.villages
        if priced < point.choice.priced:
            bound = min(point.choice.bound, priced)
            made.append(Point(weights, replace(best, priced=priced, bound=bound)))
        else:
            made.append(point)
    return made


def curve_table(prepared: Prepared, points: list[Point], chosen: Point) -> pd.DataFrame:
    """Tabulate villages, people and cost of every tree, with the bound for so many villages.

    The bound at V villages is the largest of ``bound(λ) + λ·V`` over all trees that were
    priced by villages alone: no plan with just V villages on fibre can cost less.
    """
    priced = [p for p in points if p.weights.person == 0 and p.weights.capital == 0]
    prices = np.array([p.weights.village for p in priced])
    bounds = np.array([p.choice.bound for p in priced])
    rows = []
    for point in [*points, chosen]:
        choice = point.choice
        fibre = (choice.leaf >= 0) & (prepared.leaves.kind[choice.leaf] == 0)
        rows.append(
            {
                "villages": choice.villages,
                "people_fibre": prepared.served_people + float(prepared.population[fibre].sum()),
                "people_share": choice.adequate_people / prepared.people
                if prepared.people
                else 0.0,
                "npv": choice.npv,
                "capex": choice.capex,
                "bound": min(float((bounds + prices * choice.villages).max()), choice.npv),
                "km": float(prepared.graph.edge_length_m[choice.edges].sum()) / 1000.0,
                "price_village": point.weights.village,
                "price_person": point.weights.person,
                "price_capital": point.weights.capital,
                "chosen": choice is chosen.choice,
            }
        )
    table = pd.DataFrame(rows)
    table = table.sort_values(["villages", "npv", "chosen"], ascending=[True, True, False])
    return table.drop_duplicates(["villages", "npv"]).reset_index(drop=True)
