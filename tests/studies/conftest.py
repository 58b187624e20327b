"""A made plan of a made country: no number in it comes from the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from shapely import LineString, MultiPoint, Point, box, voronoi_polygons

OPTIONS = ("fibre", "microwave", "fixed_wireless", "leo_gateway", "leo_terminal", "geo")
HOSTILE = "</script><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://example.invalid","x")'


@dataclass(frozen=True)
class MadePlan:
    tables: dict[str, pd.DataFrame]
    summary: dict[str, Any]
    regions: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    water: gpd.GeoDataFrame


def make_plan(n: int = 240, seed: int = 7) -> MadePlan:
    rng = np.random.default_rng(seed)
    box_lon, box_lat = (50.0, 60.0), (44.0, 50.0)
    centres = rng.uniform((51, 45), (59, 49), size=(9, 2))
    xy = centres[rng.integers(0, 9, n)] + rng.normal(0, 0.7, (n, 2))
    xy[:, 0] = np.clip(xy[:, 0], box_lon[0] + 0.1, box_lon[1] - 0.1)
    xy[:, 1] = np.clip(xy[:, 1], box_lat[0] + 0.1, box_lat[1] - 0.1)
    regions = _regions(rng, box(box_lon[0], box_lat[0], box_lon[1], box_lat[1]))
    settlements = _settlements(rng, xy, regions)
    routes = _tree(settlements, rng)
    _finish(settlements, routes, rng)
    water = gpd.GeoDataFrame(
        {"resolution_arcsec": [180]}, geometry=[Point(52.2, 47.6).buffer(0.5)], crs=4326
    )
    districts = regions[["region_id", "name_kk", "name_ru", "name_en", "geometry"]].assign(
        district_id=lambda d: d["region_id"] + "-d1"
    )
    tables = {"settlements": settlements, "routes": routes, "regions": regions}
    return MadePlan(
        tables, _summary(settlements, routes, regions), regions, districts, _roads(), water
    )


def _regions(rng: np.random.Generator, land: Any) -> gpd.GeoDataFrame:
    seeds = MultiPoint(rng.uniform((50.5, 44.5), (59.5, 49.5), size=(4, 2)))
    cells = [cell.intersection(land) for cell in voronoi_polygons(seeds, extend_to=land).geoms]
    names = [
        ("Солтүстік өңірі", "Северная область", "North Region"),
        ("Шығыс өңірі", "Восточная область", "East Region"),
        ("Оңтүстік өңірі", "Южная область", "South Region"),
        ("Көл өңірі", "Озёрная область", "Lake Region"),
    ]
    table = {"region_id": [f"R{i}" for i in range(4)]}
    for place, column in enumerate(("name_kk", "name_ru", "name_en")):
        table[column] = [name[place] for name in names]
    return gpd.GeoDataFrame(table, geometry=cells, crs=4326)


def _settlements(
    rng: np.random.Generator, xy: np.ndarray, regions: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    n = len(xy)
    kind = np.where(np.arange(n) < 3, "city", np.where(np.arange(n) < 14, "town", "village"))
    kind = np.where(rng.random(n) < 0.35, np.where(kind == "village", "hamlet", kind), kind)
    scale = pd.Series(kind).map({"city": 200_000, "town": 14_000, "village": 900, "hamlet": 120})
    population = np.maximum(5, (scale * rng.lognormal(0, 0.7, n)).astype(int).to_numpy())
    points = gpd.GeoSeries(gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=4326)
    joined = gpd.sjoin(gpd.GeoDataFrame(geometry=points), regions, predicate="within")
    region = joined["region_id"].groupby(level=0).first().reindex(range(n)).fillna("R0")
    names = [f"Қоңыр-Әулие {i}" for i in range(n)]
    names[20], names[21] = HOSTILE, FORMULA
    return gpd.GeoDataFrame(
        {
            "settlement_id": [f"made:{i}" for i in range(n)],
            "name_kk": names,
            "name_ru": [f"Коныр-Аулие {i}" for i in range(n)],
            "name_en": [f"Qonyr-Aulie {i}" if i % 5 else None for i in range(n)],
            "kind": kind,
            "region_id": region.to_numpy(),
            "district_id": (region + "-d1").to_numpy(),
            "lat_deg": xy[:, 1],
            "lon_deg": xy[:, 0],
            "population": population,
            "population_source": rng.choice(["official", "osm", "estimated"], n),
            "households": np.maximum(1, population // 4),
            "node": np.arange(n),
        },
        geometry=points,
        crs=4326,
    )


def _tree(settlements: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    xy = settlements[["lon_deg", "lat_deg"]].to_numpy()
    n = len(xy)
    near, index = cKDTree(xy).query(xy, k=min(9, n))
    rows = np.repeat(np.arange(n), near.shape[1] - 1)
    graph = coo_matrix((near[:, 1:].ravel() + 1e-6, (rows, index[:, 1:].ravel())), shape=(n, n))
    served = np.flatnonzero(settlements["kind"].isin(["city", "town"]))
    _, parent, _ = dijkstra(
        graph.tocsr(), directed=False, indices=served, min_only=True, return_predecessors=True
    )
    wanted = settlements["population"].to_numpy() > 350
    kept: set[int] = set()
    for start in np.flatnonzero(wanted):
        node = int(start)
        while parent[node] >= 0 and node not in kept:
            kept.add(node)
            node = int(parent[node])
    rows_out = []
    for node in sorted(kept):
        up = int(parent[node])
        length = float(np.hypot(*(xy[node] - xy[up]))) * 95_000
        middle = (xy[node] + xy[up]) / 2 + rng.normal(0, 0.01, 2)
        rows_out.append(
            {
                "route_id": f"r{node}",
                "route_kind": "road" if node % 3 else "spur",
                "terrain_class": "flat" if node % 4 else "hilly",
                "method": "plough" if node % 4 else "trench",
                "length_m": length,
                "capex": length * 3500.0,
                "opex_per_year": length * 50.0,
                "year": 2026 + node % 4,
                "people_downstream": int(settlements["population"].iloc[node]),
                "settlements_downstream": 1,
                "is_ring": False,
                "node_near": up,
                "node_far": node,
                "parent_route": f"r{up}" if up in kept else None,
                "geometry": LineString([xy[node], middle, xy[up]]),
            }
        )
    if len(rows_out) > 6:
        ring = dict(rows_out[5])
        ring |= {
            "route_id": "ring1", "is_ring": True, "parent_route": None,
            "geometry": LineString([xy[ring["node_far"]], xy[rows_out[2]["node_far"]]]),
            "node_near": rows_out[2]["node_far"],
        }  # fmt: skip
        rows_out.append(ring)
    return gpd.GeoDataFrame(rows_out, geometry="geometry", crs=4326)


def _finish(s: gpd.GeoDataFrame, routes: gpd.GeoDataFrame, rng: np.random.Generator) -> None:
    n = len(s)
    in_tree = set(routes["node_far"])
    option = rng.choice(OPTIONS[1:], n, p=[0.2, 0.3, 0.2, 0.25, 0.05])
    option = np.where([i in in_tree for i in range(n)], "fibre", option)
    option = np.where(s["kind"].isin(["city", "town"]), "served", option)
    s["option"] = pd.Categorical(option, categories=["served", *OPTIONS])
    s["adequate"] = option != "geo"
    s["year"] = pd.array(np.where(option == "served", 0, 2026 + np.arange(n) % 4), dtype="Int64")
    per_home = s["households"].to_numpy()
    for place, name in enumerate(OPTIONS):
        s[f"npv_{name}"] = per_home * (250_000.0 + 90_000 * place) + 2e6 * (6 - place)
    s.loc[s.index % 7 == 0, "npv_microwave"] = np.nan
    s["capex"] = np.where(option == "served", 0.0, per_home * 210_000.0)
    s["opex_per_year"] = s["capex"] * 0.06
    s["npv"] = s["capex"] * 1.5
    s["route_own_npv"] = np.where(option == "fibre", 4e6, 0.0)
    s["speed_down_mbps"] = np.where(option == "geo", 30.0, 300.0)
    s["latency_ms"] = np.where(option == "geo", 600.0, 20.0)
    s["served_from"] = np.where(np.isin(option, ["microwave", "fixed_wireless"]), "made:1", None)
    s["link_km"] = np.where(np.isin(option, ["microwave", "fixed_wireless"]), 12.5, np.nan)
    s["link_clearance"] = np.where(option == "microwave", 1.34, np.nan)
    s["link_resolution_arcsec"] = np.where(option == "microwave", 15.0, np.nan)
    s["next_best"] = np.where(option == "served", None, "leo_terminal")
    s["next_best_npv"] = np.where(option == "served", np.nan, s["npv"] * 1.3)
    s["route_km"] = np.where(option == "fibre", 31.5, np.nan)


def _roads() -> gpd.GeoDataFrame:
    lines = [LineString([(50.2, lat), (55, lat + 0.2), (59.8, lat)]) for lat in (45.0, 47.0, 49.0)]
    lines += [LineString([(lon, 44.1), (lon, 49.9)]) for lon in (51.5, 54.5, 57.5)]
    return gpd.GeoDataFrame({"road_class": ["trunk"] * 6}, geometry=lines, crs=4326)


def _summary(s: gpd.GeoDataFrame, routes: gpd.GeoDataFrame, regions: Any) -> dict[str, Any]:
    new = s[s["option"] != "served"]
    capex = float(new["capex"].sum() + routes["capex"].sum())
    npv = capex * 1.4
    fast = float(s.loc[s["adequate"], "population"].sum() / s["population"].sum())
    fibre = int((s["option"] == "fibre").sum())
    by_option = [
        {
            "option": str(o), "settlements": len(g), "people": int(g["population"].sum()),
            "households": int(g["households"].sum()), "capex": float(g["capex"].sum()),
            "opex_per_year": float(g["opex_per_year"].sum()), "npv": float(g["npv"].sum()),
        }
        for o, g in s.groupby("option", observed=True)
    ]  # fmt: skip
    total = 0
    by_year = []
    for year in sorted({int(y) for y in new["year"]}):
        group, built = new[new["year"] == year], routes[routes["year"] == year]
        total += int(group["population"].sum())
        by_year.append(
            {
                "year": year, "km": float(built["length_m"].sum() / 1000),
                "capex": float(group["capex"].sum() + built["capex"].sum()),
                "settlements": len(group), "people": int(group["population"].sum()),
                "people_cumulative": total,
            }
        )  # fmt: skip
    curve = [
        {
            "villages": int(fibre * k), "people_fibre": int(5e5 * k), "people_share": 0.9,
            "npv": npv * (0.8 + 0.2 * k * k), "capex": capex * k, "bound": npv * (0.8 + 0.2 * k * k) * 0.994,
            "km": 100 * k, "price_village": 1e6 * max(k - 0.8, 0), "price_person": 0.0, "price_capital": 0.0,
            "chosen": k == 1.0,
        }
        for k in (0.4, 0.6, 0.8, 1.0, 1.2, 1.4)
    ]  # fmt: skip
    return {
        "title": {"en": "Plan of a made country", "ru": "План выдуманной страны", "kk": "Ойдан шығарылған елдің жоспары"},
        "pack": "made", "made": True, "made_at": "2026-01-02T03:04:05Z", "version": "0.1.0", "seed": 7,
        "currency": "KZT", "price_year": 2025, "exchange_rate": 510.0, "discount_rate": 0.1,
        "horizon_years": 20,
        "totals": {
            "settlements": len(s), "settlements_without_fibre_today": len(new), "people": int(s["population"].sum()),
            "villages_fibre": fibre, "people_fibre": int(s.loc[s["option"] == "fibre", "population"].sum()),
            "people_adequate": int(s.loc[s["adequate"], "population"].sum()),
            "people_high_speed_share": fast, "new_km": float(routes["length_m"].sum() / 1000),
            "capex": capex, "opex_per_year": capex * 0.05, "npv": npv, "bound": npv * 0.994, "gap": 0.006,
        },
        "targets": {
            "villages": {"target": fibre - 2, "reached": fibre, "met": True, "binding": True},
            "people_share": {"target": 0.999, "reached": 0.97, "met": False, "binding": False},
            "capex": {"target": None, "reached": capex, "met": None, "binding": False},
            "binding_cost": 2.5e9,
        },
        "by_option": by_option, "by_year": by_year, "curve": curve,
        "by_region": [{"region_id": r, "km": 100.0 + i, "capex_routes": 1e9 * (i + 1)} for i, r in enumerate(regions["region_id"])],
        "sensitivity": [
            {"name": "fibre_cost_per_km", "change": "−30 %", "npv": npv * 0.85, "difference": -npv * 0.15, "villages_fibre": fibre + 30},
            {"name": "fibre_cost_per_km", "change": "+30 %", "npv": npv * 1.12, "difference": npv * 0.12, "villages_fibre": fibre - 25},
            {"name": "discount_rate", "change": "0.05", "npv": npv * 1.07, "difference": npv * 0.07, "villages_fibre": fibre},
            {"name": "discount_rate", "change": "0.12", "npv": npv * 0.96, "difference": -npv * 0.04, "villages_fibre": fibre},
        ],
        "monte_carlo": {
            "p05": npv * 0.9, "p25": npv * 0.96, "p50": npv * 1.01, "p75": npv * 1.1, "p95": npv * 1.2, "n": 200,
            "capex": {"p05": capex * 0.9, "p50": capex, "p95": capex * 1.1}, "drawn": ["take_up"],
        },
        "resilience": {
            "worst_cuts": [{"route_ids": [str(r)], "people": 5000 - 100 * i, "km": 9.0 - i} for i, r in enumerate(routes["route_id"][:6])],
            "rings": [{"route_ids": ["ring1"], "km": 44.0, "capex": 1.5e8, "people_protected": 8200}],
            "edge_disjoint_people_share_before": 0.1, "edge_disjoint_people_share_after": 0.3,
        },
        "press_comparison": [{"name": "press_capex_per_km_2018", "plan": 4.1e6, "press": 3.5e6, "press_repriced": 6.8e6, "unit": "currency/km", "source": "made"}],
        "phasing": {"gap": 0.02, "bound": 1e6, "method": "highs"},
        "parameters": [
            {"name": "fibre_trench_flat", "value": 9800.0, "unit": "USD/km", "date": "2025-01-01", "source": "made", "verify": True, "low": 7000.0, "high": 13000.0, "description": "Price of a made trench"},
        ],
        "sources": [{"id": "made", "title": "Made data", "origin": "this test", "licence": "Apache-2.0", "date": "2026-01-02", "sha256": "", "note": ""}],
        "assumptions": ["Every town is served already"],
        "findings": [{"id": "made-finding", "severity": "warning", "what": HOSTILE, "mend": "nothing", "file": None, "row": None, "field": None, "gap": float("nan")}],
        "stages": [{"name": "tree", "seconds": 1.25}],
    }  # fmt: skip


@pytest.fixture(scope="session")
def made_plan() -> MadePlan:
    return make_plan()


@pytest.fixture(scope="session")
def large_plan() -> MadePlan:
    return make_plan(9_500)
