"""Made results of radio studies: small, with every kind of row, and names that would do harm."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, box

HOSTILE = "</script><img src=x onerror=alert(1)>"
WEST, SOUTH = 60.0, 50.0


@pytest.fixture
def hostile() -> str:
    """A name that would run as a script if it became markup."""
    return HOSTILE


@pytest.fixture(scope="session")
def country() -> dict[str, pd.DataFrame]:
    """Two regions side by side with five settlements, a road and a lake."""
    regions = gpd.GeoDataFrame(
        {
            "region_id": ["R1", "R2"],
            "name_kk": ["Бірінші", "Екінші"],
            "name_ru": ["Первая", "Вторая"],
            "name_en": ["First", "Second"],
        },
        geometry=[box(60, 50, 61, 51), box(61, 50, 62, 51)],
        crs=4326,
    )
    settlements = pd.DataFrame(
        {
            "settlement_id": [f"p{i}" for i in range(5)],
            "name_kk": ["Қала", "Ауыл", HOSTILE, "Көл", "Тау"],
            "name_ru": ["Город", "Село", "Беда", "Озеро", "Гора"],
            "name_en": ["City", "Village", "Woe", "Lake", "Mount"],
            "kind": ["city", "village", "village", "town", "hamlet"],
            "population": [200_000, 900, 40, 20_000, 7],
            "region_id": ["R1", "R1", "R2", "R2", "R2"],
            "lat_deg": [50.5, 50.52, 50.55, 50.6, 50.7],
            "lon_deg": [60.2, 60.6, 61.1, 61.5, 61.8],
        }
    )
    roads = gpd.GeoDataFrame(
        {"road_id": ["w"], "road_class": ["trunk"]},
        geometry=[LineString([(60.1, 50.5), (61.9, 50.6)])],
        crs=4326,
    )
    water = gpd.GeoDataFrame(geometry=[box(61.4, 50.2, 61.6, 50.3)], crs=4326)
    return {"regions": regions, "settlements": settlements, "roads": roads, "water": water}


def shared(kind: str) -> dict[str, object]:
    return {
        "title": f"made {kind}", "kind": kind, "pack": "made", "made": True,
        "made_at": "2026-11-01T00:00:00+00:00", "version": "0", "seed": 1, "currency": "KZT",
        "price_year": 2025, "exchange_rate": 510.0, "discount_rate": 0.08, "horizon_years": 20,
        "parameters": [
            {"name": "mast", "value": 1.5, "unit": "KZT", "date": "2026", "source": "made",
             "verify": True, "description": "Cost of a made mast", "low": 1.0, "high": 2.0},
        ],
        "sources": [{"id": "made", "title": "Made source", "licence": "none", "date": "2026"}],
        "assumptions": ["A made assumption."],
        "findings": [
            {"id": "terrain-coarse", "severity": "warning", "what": "coarse", "mend": "finer",
             "file": None, "row": None, "field": None},
        ],
        "terrain": {"resolution_arcsec": {"300": 0.75, "1": 0.25}, "coarse": True},
        "stages": [{"name": "made", "seconds": 1.0}],
    }  # fmt: skip


@pytest.fixture(scope="session")
def corridors() -> SimpleNamespace:
    """Three sites, a chain of two hops and four stretches of two roads."""
    line = [LineString([(60.1 + 0.4 * i, 50.5), (60.5 + 0.4 * i, 50.52)]) for i in range(4)]
    stretches = gpd.GeoDataFrame(
        {
            "stretch_id": list("abcd"), "road_id": ["w", "w", "v", "v"],
            "region_id": ["R1", "R1", "R2", "R2"], "served": [True, False, True, False],
            "length_m": [30e3, 2e3, 25e3, 3e3], "reason": [None, "left_out", None, "out_of_reach"],
            "year": pd.array([2026, None, 2027, None], dtype="Int64"),
        }, geometry=line, crs=4326,
    )  # fmt: skip
    sites = gpd.GeoDataFrame(
        {
            "site_id": ["s1", "s2", "s3"], "role": ["coverage", "relay", "existing"],
            "place_kind": ["settlement", "road", "existing"], "settlement_id": ["p1", "p2", "p0"],
            "settlement_km": [0.0, 4.0, 1.0], "region_id": ["R1", "R2", "R1"],
            "road_id": ["w", "v", "w"], "lat_deg": [50.5, 50.55, 50.5],
            "lon_deg": [60.6, 61.0, 60.2], "ground_m": [300.0, 310.0, 290.0],
            "height_m": [30.0, 70.0, 45.0], "existing": [False, False, True],
            "azimuth_first_deg": [90.0, np.nan, np.nan], "azimuth_second_deg": [270.0, np.nan, np.nan],
            "frequency_mhz": 800.0, "power": ["grid", "solar_diesel", "none"],
            "backhaul": ["microwave", "microwave", "own"], "backhaul_km": [70.0, 30.0, 0.0],
            "backhaul_clearance": [1.2, 2.0, np.nan], "hop_count": [2, 1, 0],
            "served_from": ["p3", "p3", None], "served_km": [30.0, 0.0, 20.0],
            "capex": [4e7, 6e7, 0.0], "opex_per_year": [2e6, 3e6, 0.0], "npv": [6e7, 9e7, 0.0],
            "year": pd.array([2027, 2026, None], dtype="Int64"), "resolution_arcsec": [300, 300, 1],
        },
    )  # fmt: skip
    sites = sites.set_geometry(gpd.points_from_xy(sites["lon_deg"], sites["lat_deg"]), crs=4326)
    hops = gpd.GeoDataFrame(
        {
            "hop_id": ["h1", "h2"], "site_from": ["s1", "s2"], "site_to": ["s2", "p3"],
            "hop_kind": ["microwave", "fibre"], "length_m": [40e3, 30e3],
            "height_from_m": [30.0, np.nan], "height_to_m": [70.0, np.nan],
            "clearance": [1.2, np.nan], "clearance_low": [0.7, np.nan], "capex": [1e7, 2e7],
            "opex_per_year": [1e5, 2e5], "year": pd.array([2027, 2026], dtype="Int64"),
        },
        geometry=[LineString([(60.6, 50.5), (61.0, 50.55)]), LineString([(61.0, 50.55), (61.5, 50.6)])],
        crs=4326,
    )  # fmt: skip
    roads = gpd.GeoDataFrame(
        {
            "road_id": ["w", "v"], "road_class": ["trunk", "primary"],
            "place_from": ["City", "Woe"], "place_to": ["Village", "Mount"], "edges": [2, 2],
            "length_m": [32e3, 28e3], "served_m": [30e3, 25e3], "gap_m": [2e3, 3e3],
            "sites_new": [1, 1],
        }, geometry=[line[0].union(line[1]), line[2]], crs=4326,
    )  # fmt: skip
    summary = shared("corridors") | {
        "requirement": {"service": "voice", "share": 0.9, "gap_km_max": 5.0, "model": "made"},
        "target": {"target_km": 100.0, "reached_km": 55.0, "considered_km": 60.0},
        "totals": {
            "length_km": 60.0, "served_km": 55.0, "served_today_km": 20.0, "share": 55 / 60,
            "gap_km": 3.0, "sites_new": 2, "sites_relay": 1, "sites_existing": 1, "hops": 1,
            "hop_km": 40.0, "fibre_km": 30.0, "capex": 1.3e8, "opex_per_year": 5e6, "npv": 2e8,
            "bound": 1.8e8, "gap": 0.1, "sites_npv": 1.9e8, "sites_bound": 1.8e8,
            "sites_gap": 0.05, "backhaul_npv": 5e7, "backhaul_bound": 5e7, "backhaul_gap": 0.0,
        },
        "budget": [{"name": "loss_db", "unit": "dB", "value": 130.8}],
        "by_region": [
            {"region_id": r, "length_km": 30.0, "served_km": 27.0, "share": 0.9, "sites_new": 1,
             "hops": 1, "capex": 6e7, "opex_per_year": 2e6, "npv": 9e7} for r in ("R1", "R2")
        ],
        "by_year": [
            {"year": y, "sites": 1, "hops": 1, "served_km": 27.0,
             "served_km_cumulative": 27.0 * (y - 2025), "capex": 6e7} for y in (2026, 2027)
        ],
        "towers": {"30": 1, "70": 1}, "backhaul": {"microwave": 2, "own": 1}, "curve": [],
        "phasing": {"gap": 0.01},
    }  # fmt: skip
    tables = {"sites": sites, "stretches": stretches, "hops": hops, "roads": roads}
    return SimpleNamespace(tables=tables, summary=summary)
