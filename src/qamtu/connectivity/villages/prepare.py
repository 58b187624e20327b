"""Everything a plan needs before a network is drawn: customers, options, links, graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.villages.divide import label_nodes
from qamtu.connectivity.villages.links import find_links, links_of_hops, reach_km
from qamtu.connectivity.villages.options import (
    RADIO,
    STANDALONE,
    Economy,
    Option,
    economy_of,
    price_options,
)
from qamtu.connectivity.villages.trench import NodeKind, TrenchGraph
from qamtu.core.params import Params

__all__ = ["VILLAGE_KINDS", "Alternatives", "LeafEdges", "Prepared", "prepare"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

VILLAGE_KINDS = frozenset({"village", "hamlet"})


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The cheapest option of each customer that needs no network, shape (c,) each.

    An option that meets the service level is preferred to one that does not, whatever it
    costs; where none does, the cheapest of the others stands with ``adequate`` false.
    """

    option: NDArray[np.int8]
    npv: Floats
    capex: Floats
    adequate: Flags


@dataclass(frozen=True, slots=True)
class LeafEdges:
    """Links that serve a customer: its own fibre or radio from a fibre point, shape (k,).

    Parameters
    ----------
    customer
        Position in the customers.
    node
        Node of the trench graph that must have fibre.
    kind
        0 fibre, 1 microwave, 2 fixed wireless.
    npv, capex
        What serving the customer over it costs, route excluded [currency].
    distance_km
        Length of the radio link [km]; 0 for fibre.
    clearance, resolution_arcsec
        Of the radio link, as in `qamtu.connectivity.villages.links.RadioLinks`.
    """

    customer: Ints
    node: Ints
    kind: NDArray[np.int8]
    npv: Floats
    capex: Floats
    distance_km: Floats
    clearance: Floats
    resolution_arcsec: Ints


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that stays the same while weights and targets change.

    Parameters
    ----------
    graph
        The trench graph.
    customers
        Rows of the settlements that the plan must serve, shape (c,).
    population, households
        Of each customer, shape (c,).
    is_village
        Whether a customer counts as a village of the target, shape (c,).
    options
        Prices of each option at each customer.
    adequate
        Whether an option meets the service level.
    alternatives, leaves
        See `Alternatives` and `LeafEdges`.
    edge_npv
        Net present cost of each edge of the graph [currency], shape (m,).
    roots
        Nodes with fibre today.
    served_people, people
        People of settlements with fibre today, and of all settlements in the plan.
    economy
        Discounting and exchange.
    leo_cell_homes
        Households that the low-orbit capacity of one cell carries [households].
    part
        Region of each node of the graph, then of each customer, as a number, shape (n + c,).
    """

    graph: TrenchGraph
    customers: Ints
    population: Floats
    households: Ints
    is_village: Flags
    options: dict[str, Option]
    adequate: dict[str, bool]
    alternatives: Alternatives
    leaves: LeafEdges
    edge_npv: Floats
    roots: Ints
    served_people: float
    people: float
    economy: Economy
    leo_cell_homes: float
    part: Ints


def prepare(
    settlements: pd.DataFrame,
    graph: TrenchGraph,
    params: Params,
    *,
    speed_down_mbps: float,
    latency_ms: float,
    hops: pd.DataFrame | None = None,
) -> Prepared:
    """Price options and links of every settlement that has no fibre yet.

    Parameters
    ----------
    settlements
        Table of the contract, one row a settlement.
    graph
        Trench graph of the same settlements.
    params
        Parameters of line and pack together.
    speed_down_mbps, latency_ms
        The service level: least speed [Mbit/s] and most latency [ms] that count.
    hops
        Radio links whose line of sight was looked at; None offers every link within range.
    """
    economy = economy_of(params)
    in_plan = settlements["in_plan"].to_numpy(dtype=bool)
    fibre = settlements["has_fibre"].to_numpy(dtype=bool)
    node = graph.settlement_node.astype(np.int64)
    customers = np.flatnonzero(in_plan & ~fibre & (node >= 0))
    people = settlements["population"].to_numpy(dtype=np.float64)
    households = settlements["households"].to_numpy(dtype=np.int64)
    options = price_options(households[customers], params)
    adequate = {
        name: option.speed_down_mbps >= speed_down_mbps and option.latency_ms <= latency_ms
        for name, option in options.items()
    }
    alternatives = _alternatives(options, adequate)
    kinds = settlements["kind"].to_numpy(dtype=object)
    existing = np.flatnonzero(graph.node_kind == NodeKind.FIBRE)
    region = pd.factorize(settlements["region_id"], sort=True)[0].astype(np.int64)
    nearest = label_nodes(graph.node_lat_deg, graph.node_lon_deg, node, region)
    roots = np.union1d(node[fibre & (node >= 0)], existing)
    return Prepared(
        graph=graph,
        customers=customers,
        population=people[customers],
        households=households[customers],
        is_village=np.isin(kinds[customers].astype(str), list(VILLAGE_KINDS)),
        options=options,
        adequate=adequate,
        alternatives=alternatives,
        leaves=_leaf_edges(
            settlements, customers, node, options, adequate, alternatives, params, hops
        ),
        edge_npv=graph.edge_capex + graph.edge_opex_per_year * economy.annuity,
        roots=roots,
        served_people=float(people[in_plan & fibre].sum()),
        people=float(people[in_plan].sum()),
        economy=economy,
        leo_cell_homes=1000.0
        * params.value("leo_cell_capacity")
        / (params.value("take_up") * params.value("busy_hour_demand")),
        part=np.concatenate((nearest, region[customers])),
    )


def _alternatives(options: dict[str, Option], adequate: dict[str, bool]) -> Alternatives:
    npv = np.stack([np.where(options[o].feasible, options[o].npv, np.inf) for o in STANDALONE])
    capex = np.stack([options[o].capex for o in STANDALONE])
    good = np.array([adequate[o] for o in STANDALONE])
    best_good = np.where(good[:, None], npv, np.inf)
    has_good = np.isfinite(best_good.min(axis=0))
    option = np.where(has_good, best_good.argmin(axis=0), npv.argmin(axis=0))
    rows = np.arange(npv.shape[1])
    return Alternatives(
        option=option.astype(np.int8),
        npv=npv[option, rows],
        capex=capex[option, rows],
        adequate=has_good,
    )


def _leaf_edges(
    settlements: pd.DataFrame,
    customers: Ints,
    node: Ints,
    options: dict[str, Option],
    adequate: dict[str, bool],
    alternatives: Alternatives,
    params: Params,
    hops: pd.DataFrame | None,
) -> LeafEdges:
    """Own fibre for every customer; radio where it is adequate, in range and worth it."""
    position = np.full(len(settlements), -1, dtype=np.int64)
    position[customers] = np.arange(len(customers))
    lat = settlements["lat_deg"].to_numpy(dtype=np.float64)
    lon = settlements["lon_deg"].to_numpy(dtype=np.float64)
    fibre = options["fibre"]
    every = np.arange(len(customers))
    none = (np.full(len(customers), np.nan), np.zeros(len(customers), dtype=np.int64))
    zero = np.zeros(len(customers))
    parts = [(every, node[customers], 0, fibre.npv, fibre.capex, zero, *none)]
    sources = np.flatnonzero(node >= 0)
    ids = settlements["settlement_id"].to_numpy(dtype=object)
    for kind, name in enumerate(RADIO, start=1):
        option = options[name]
        worth = option.feasible & ((option.npv < alternatives.npv) | ~alternatives.adequate)
        if not adequate[name] or not worth.any():
            continue
        if hops is None:
            links = find_links(lat, lon, customers[worth], sources, reach_km(params)[name])
        else:
            links = links_of_hops(hops, name, ids, customers[worth], sources)
        at = position[links.target]
        parts.append(
            (
                at, node[links.source], kind, option.npv[at], option.capex[at],
                links.distance_km, links.clearance, links.resolution_arcsec,
            )
        )  # fmt: skip
        if name == "fixed_wireless":  # a base station at its own place, where a cable passes
            own = np.flatnonzero(worth)
            parts.append(
                (
                    own, node[customers[own]], kind, option.npv[own], option.capex[own],
                    zero[own], none[0][own], none[1][own],
                )
            )  # fmt: skip
    return LeafEdges(
        customer=np.concatenate([p[0] for p in parts]),
        node=np.concatenate([p[1] for p in parts]),
        kind=np.concatenate([np.full(len(p[0]), p[2], dtype=np.int8) for p in parts]),
        npv=np.concatenate([p[3] for p in parts]),
        capex=np.concatenate([p[4] for p in parts]),
        distance_km=np.concatenate([p[5] for p in parts]),
        clearance=np.concatenate([p[6] for p in parts]),
        resolution_arcsec=np.concatenate([p[7] for p in parts]),
    )
