"""All figures of a plan in one document that can be followed to sources and parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from qamtu import __version__
from qamtu.connectivity.villages import Inputs, Results
from qamtu.core.params import Params
from qamtu.core.provenance import Source
from qamtu.studies.measures import villages_measures
from qamtu.studies.monte_carlo import Band

__all__ = ["build_summary", "by_option", "by_region"]

_NAMES = ("name_kk", "name_ru", "name_en")


def build_summary(
    *,
    title: str,
    pack: str,
    currency: str,
    made_at: str,
    inputs: Inputs,
    results: Results,
    sensitivity: pd.DataFrame,
    band: Band | None,
    sources: Sequence[Source],
    checksums: Mapping[str, str],
    assumptions: Iterable[str],
    region: str | None,
) -> dict[str, Any]:
    """Put a plan's figures together; every list is a table of plain rows.

    Parameters
    ----------
    title, pack, currency, region
        What was planned.
    made_at
        When, ISO 8601 in UTC.
    inputs, results, sensitivity, band
        The plan and its studies.
    sources, checksums
        Where the data comes from, and the checksum of each table used.
    assumptions
        Sentences that a reader must know.
    """
    params = inputs.params
    provenance = (f"pack {pack}", f"qamtu {__version__}", f"run {made_at}")
    return {
        "title": title,
        "pack": pack,
        "kind": "villages",
        "region": region,
        "made_at": made_at,
        "version": __version__,
        "seed": inputs.seed,
        "currency": currency,
        "price_year": int(params.value("price_year")),
        "exchange_rate": params.value("exchange_rate"),
        "discount_rate": params.value("discount_rate"),
        "horizon_years": int(params.value("horizon")),
        "service_level": {
            "speed_down_mbps": inputs.speed_down_mbps_min,
            "latency_ms": inputs.latency_ms_max,
        },
        "options": [
            {
                "option": name,
                "speed_down_mbps": option.speed_down_mbps,
                "latency_ms": option.latency_ms,
                "adequate": results.prepared.adequate[name],
            }
            for name, option in results.prepared.options.items()
        ],
        "targets": _targets(inputs, results),
        "totals": _totals(results),
        "by_option": by_option(results.settlements, results.routes),
        "by_region": by_region(results.settlements, results.routes, inputs.regions),
        "by_year": results.years.to_dict("records"),
        "by_year_region": _by_year_region(results),
        "curve": results.curve.to_dict("records"),
        "sensitivity": sensitivity.to_dict("records"),
        "monte_carlo": _band(band),
        "resilience": {
            "worst_cuts": results.cuts.to_dict("records"),
            "rings": results.rings.to_dict("records"),
            "edge_disjoint_people_share_before": results.edge_disjoint_share[0],
            "edge_disjoint_people_share_after": results.edge_disjoint_share[1],
        },
        "phasing": {
            "first_year": inputs.first_year,
            "years": inputs.years,
            "person_years": results.phasing.schedule.person_years,
            "bound": results.phasing.schedule.bound,
            "gap": results.phasing.schedule.gap,
            "method": results.phasing.schedule.method,
        },
        "press_comparison": press_comparison(params, results),
        "measures": villages_measures(inputs, results, made_at[:10], provenance, region=region),
        "parameters": [asdict(params[name]) for name in params],
        "sources": [asdict(source) for source in sources],
        "checksums": dict(checksums),
        "assumptions": list(assumptions),
        "findings": [
            asdict(f) | {"severity": f.severity.value, "where": f.where} for f in results.findings
        ],
        "stages": [{"name": name, "seconds": seconds} for name, seconds in results.stages],
    }


def by_option(settlements: pd.DataFrame, routes: pd.DataFrame) -> list[dict[str, Any]]:
    """Sum settlements, people and money by option; the routes stand in a row of their own."""
    rows: list[dict[str, Any]] = []
    for option, part in settlements.groupby("option", sort=True):
        rows.append(
            {
                "option": option,
                "settlements": len(part),
                "people": int(part["population"].sum()),
                "households": int(part["households"].sum()),
                "capex": float(part["capex"].sum()),
                "opex_per_year": float(part["opex_per_year"].sum()),
                "npv": float(part["npv"].sum()),
            }
        )
    plan = routes[~routes["is_ring"].astype(bool)]
    rows.append(
        {
            "option": "routes",
            "settlements": 0,
            "people": 0,
            "households": 0,
            "capex": float(plan["capex"].sum()),
            "opex_per_year": float(plan["opex_per_year"].sum()),
            "npv": None,
        }
    )
    return rows


def by_region(
    settlements: pd.DataFrame, routes: pd.DataFrame, regions: pd.DataFrame
) -> list[dict[str, Any]]:
    """Sum settlements, people, route and money by region.

    A route belongs to the region of the settlement nearest to its far end.
    """
    region_of = route_regions(settlements, routes)
    rows = []
    for _, region in regions.sort_values("region_id").iterrows():
        code = region["region_id"]
        part = settlements[settlements["region_id"] == code]
        if part.empty:
            continue
        ways = routes[(region_of == code) & ~routes["is_ring"].to_numpy(dtype=bool)]
        options = part["option"].value_counts()
        adequate = part.loc[part["adequate"].astype(bool), "population"].sum()
        new = ways[ways["route_kind"] != "existing"]
        rows.append(
            {
                "region_id": code,
                **{name: _text(region.get(name)) for name in _NAMES},
                "settlements": len(part),
                "people": int(part["population"].sum()),
                "people_adequate": int(adequate),
                **{f"settlements_{name}": int(count) for name, count in options.items()},
                "km": float(new["length_m"].sum()) / 1000.0,
                "capex_local": float(part["capex"].sum()),
                "capex_routes": float(ways["capex"].sum()),
                "capex": float(part["capex"].sum() + ways["capex"].sum()),
                "opex_per_year": float(part["opex_per_year"].sum() + ways["opex_per_year"].sum()),
            }
        )
    return rows


def route_regions(settlements: pd.DataFrame, routes: pd.DataFrame) -> np.ndarray:
    """Give each route the region of the first settlement met on the way outwards."""
    known = settlements.loc[settlements["node"] >= 0, ["node", "region_id"]]
    by_node = dict(zip(known["node"].to_numpy(), known["region_id"].to_numpy(), strict=True))
    far, near = routes["node_far"].to_numpy(), routes["node_near"].to_numpy()
    ring = routes["is_ring"].to_numpy(dtype=bool)
    for start, stop, closes in zip(near[::-1], far[::-1], ring[::-1], strict=True):
        if not closes and stop in by_node and start not in by_node:  # outermost first
            by_node[start] = by_node[stop]
    return np.array([by_node.get(f, by_node.get(n)) for f, n in zip(far, near, strict=True)])


def press_comparison(params: Params, results: Results) -> list[dict[str, Any]]:
    """Hold the plan's cost of a village and of a kilometre against the pack's press figures.

    The press figures are of an earlier year; ``press_repriced`` carries them to the plan's
    prices with the pack's consumer price factor, where it has one.
    """
    fibre = results.settlements[results.settlements["option"] == "fibre"]
    ways = results.routes[~results.routes["is_ring"].astype(bool)]
    built = ways[ways["route_kind"] != "existing"]
    villages, km = len(fibre), float(built["length_m"].sum()) / 1000.0
    if not villages or not km:
        return []
    route, local = float(built["capex"].sum()), float(fibre["capex"].sum())
    factor = next((params.value(n) for n in params if n.startswith("consumer_price_factor")), None)
    compared = (
        ("press_capex_per_km", route / km, factor),
        ("press_capex_per_village", (route + local) / villages, factor),
        ("press_km_per_village", km / villages, 1.0),
    )
    return [
        {
            "name": name,
            "plan": value,
            "press": params.value(name),
            "press_repriced": params.value(name) * scale if scale else None,
            "unit": params[name].unit,
            "source": params[name].source,
        }
        for stem, value, scale in compared
        for name in params
        if name.startswith(stem)
    ]


def _targets(inputs: Inputs, results: Results) -> dict[str, Any]:
    choice = results.choice
    share = choice.adequate_people / results.prepared.people if results.prepared.people else 0.0
    asked = {
        "villages": (inputs.villages_target, choice.villages, "village"),
        "people_share": (inputs.people_share_target, share, "person"),
        "capex": (inputs.capex_limit, choice.capex, "capital"),
    }
    return {
        name: {
            "target": target,
            "reached": reached,
            "met": None if target is None else True,
            "binding": key in results.binding,
        }
        for name, (target, reached, key) in asked.items()
    } | {
        "binding_cost": results.binding_cost,
        "binding_cost_most": results.binding_cost_most,
    }


def _totals(results: Results) -> dict[str, Any]:
    totals = asdict(results.totals)
    totals["people_high_speed_share"] = (
        totals["people_adequate"] / totals["people"] if totals["people"] else 0.0
    )
    table = results.settlements
    totals["settlements"] = len(table)
    totals["settlements_without_fibre_today"] = int((table["option"] != "served").sum())
    totals["people_without_fibre_today"] = int(
        table.loc[table["option"] != "served", "population"].sum()
    )
    totals["people_estimated"] = int(
        table.loc[table["population_source"] == "estimated", "population"].sum()
    )
    return totals


def _by_year_region(results: Results) -> list[dict[str, Any]]:
    """Capital by year and region, local works and routes together."""
    routes, settlements = results.routes, results.settlements
    ways = routes.assign(region_id=route_regions(settlements, routes))
    ways = ways[~ways["is_ring"].astype(bool)]
    both = pd.concat([t[["year", "region_id", "capex"]] for t in (ways, settlements)])
    both = both.dropna(subset=["year", "region_id"])
    summed = both.groupby(["year", "region_id"], sort=True)["capex"].sum().reset_index()
    return [
        {"year": int(r.year), "region_id": str(r.region_id), "capex": float(r.capex)}
        for r in summed.itertuples()
    ]


def _band(band: Band | None) -> dict[str, Any] | None:
    if band is None:
        return None
    names = ("p05", "p25", "p50", "p75", "p95")
    return {
        "n": band.draws,
        **dict(zip(names, band.npv, strict=True)),
        "capex": dict(zip(names, band.capex, strict=True)),
        "drawn": list(band.drawn),
    }


def _text(value: object) -> str | None:
    return None if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124
