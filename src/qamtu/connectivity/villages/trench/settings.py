"""The parameters of the trench graph, read once into frozen numbers in SI units."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.villages.trench.graph import EdgeKind, Method, Terrain
from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.core.params import Params, load_params

__all__ = ["CostTable", "TrenchSettings", "load_trench_params"]

_KM = 1000.0


def load_trench_params() -> Params:
    """Load the line's own parameters of the trench graph (without the exchange rate)."""
    return load_params(
        files("qamtu.connectivity.villages").joinpath("params").joinpath("trench.toml")
    )


@dataclass(frozen=True, slots=True)
class CostTable:
    """What a kilometre costs, by edge kind and terrain, shape (5, 4) each.

    Parameters
    ----------
    method
        Cheapest permitted `Method`.
    capex_per_km
        [currency/km].
    opex_per_km
        [currency/km/year].
    """

    method: NDArray[np.int8]
    capex_per_km: NDArray[np.float64]
    opex_per_km: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrenchSettings:
    """Settings of the trench graph; lengths in metres, slopes in degrees.

    Parameters
    ----------
    detour, spur_max_m, neighbours
        Factor on straight spurs, their greatest straight length [m], nearest settlements.
    road_join_m, road_join_count, railway_join_m
        How far and to how many lines a settlement is joined.
    course_m, course_slack, course_slack_water
        Uncertainty [m] above which a line's drawn course is not believed, and how much longer
        than the stated length its course through settlements may be, on land and where it is
        drawn across water.
    merge_m, snap_m, border_m, shore_m
        Tolerances [m]: junctions of one line, existing fibre, the border, the shore.
    prune
        Whether dominated spurs are left out.
    slope_hilly, slope_mountain
        Thresholds of the terrain classes [degree of slope].
    water_factor
        Factor on the cost of a bridge across water.
    costs
        Cost of a kilometre by kind and terrain.
    """

    detour: float
    spur_max_m: float
    neighbours: int
    road_join_m: float
    road_join_count: int
    railway_join_m: float
    course_m: float
    course_slack: float
    course_slack_water: float
    merge_m: float
    snap_m: float
    border_m: float
    shore_m: float
    prune: bool
    slope_hilly: float
    slope_mountain: float
    water_factor: float
    costs: CostTable

    @classmethod
    def from_params(cls, params: Params) -> TrenchSettings:
        """Read the settings out of the merged parameters of line and pack.

        Raises
        ------
        InputError
            If a parameter is missing, or a distance or factor is out of its range.
        """
        needed = (*load_trench_params(), "exchange_rate")
        missing = [n for n in needed if n not in params]
        if missing:
            msg = f"parameters of the trench graph are missing: {', '.join(missing)}"
            raise InputError(msg)
        _refuse_nonsense(params, needed)
        value = params.value
        return cls(
            detour=value("spur_detour_factor"),
            spur_max_m=value("spur_length_max") * _KM,
            neighbours=int(value("spur_neighbours")),
            road_join_m=value("road_join_distance_max") * _KM,
            road_join_count=int(value("road_join_count")),
            railway_join_m=value("railway_join_distance_max") * _KM,
            course_m=value("line_course_tolerance") * _KM,
            course_slack=value("line_course_slack"),
            course_slack_water=value("line_course_slack_water"),
            merge_m=value("junction_merge_distance") * _KM,
            snap_m=value("existing_snap_distance") * _KM,
            border_m=value("border_tolerance") * _KM,
            shore_m=value("shore_tolerance") * _KM,
            prune=bool(value("prune_dominated")),
            slope_hilly=value("slope_hilly"),
            slope_mountain=value("slope_mountain"),
            water_factor=value("water_crossing_factor"),
            costs=_cost_table(params),
        )


_LEAST = {
    "spur_detour_factor": 1.0,
    "spur_length_max": 0.0,
    "line_course_slack": 1.0,
    "junction_merge_distance": 0.001,
    "fibre_plough": 0.01,
    "fibre_trench": 0.01,
    "fibre_aerial": 0.01,
    "offroad_factor": 0.01,
    "water_crossing_factor": 0.01,
    "exchange_rate": 1e-9,
}


def _refuse_nonsense(params: Params, needed: tuple[str, ...]) -> None:
    found = [
        Finding(
            "parameter-too-small",
            Severity.ERROR,
            f"{params.value(name):g} is less than {_LEAST.get(name, 0.0):g}",
            "give a greater value",
            None,
            None,
            name,
        )
        for name in needed
        if params.value(name) < _LEAST.get(name, 0.0)
    ]
    if found:
        msg = "parameters of the trench graph are out of range"
        raise InputError(msg, found)


def _cost_table(params: Params) -> CostTable:
    """Take the cheapest permitted method for every kind of edge and class of terrain."""
    capex = np.full((len(EdgeKind), len(Terrain), len(Method)), np.inf)
    for kind in EdgeKind:
        for terrain in Terrain:
            for method in Method:
                if _permitted(params, kind, terrain, method):
                    capex[kind, terrain, method] = _capex_per_km(params, kind, terrain, method)
    best = capex.argmin(axis=2)
    least = capex.min(axis=2)
    share = np.full(len(Method), params.value("buried_opex_share"))
    share[Method.AERIAL] = params.value("aerial_opex_share")
    return CostTable(best.astype(np.int8), least, least * share[best])


def _permitted(params: Params, kind: EdgeKind, terrain: Terrain, method: Method) -> bool:
    """Tell whether a method may be used; a trench always may."""
    hard = terrain in {Terrain.MOUNTAIN, Terrain.WETLAND}
    if method is Method.TRENCH:
        return True
    if method is Method.PLOUGH:
        return not hard and kind is not EdgeKind.RAILWAY
    if kind is EdgeKind.RAILWAY:
        return params.value("aerial_permitted_railway") > 0
    name = "aerial_permitted_mountain" if hard else "aerial_permitted_open"
    return params.value(name) > 0


def _capex_per_km(params: Params, kind: EdgeKind, terrain: Terrain, method: Method) -> float:
    if kind is EdgeKind.EXISTING:
        return 0.0
    verb = method.name.lower()
    cost = params.value(f"fibre_{verb}") * params.value("exchange_rate")
    if terrain is not Terrain.FLAT:
        cost *= params.value(f"{verb}_factor_{terrain.name.lower()}")
    if kind in {EdgeKind.SPUR, EdgeKind.BRIDGE}:
        cost *= params.value("offroad_factor")
    return cost
