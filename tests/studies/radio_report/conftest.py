"""Made results of radio studies: small, with every kind of row, and names that would do harm."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, box
from tests.studies.browser import Opener

from qamtu.kernels.propagation.area import Frame
from qamtu.studies.output.cog import write_cog
from qamtu.studies.radio_report import (
    write_corridors_report,
    write_coverage_report,
    write_mobile_report,
)

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


@pytest.fixture(scope="session")
def mobile(tmp_path_factory) -> SimpleNamespace:
    """Two cities, one of them with a raster, four sites, one joined by a hop."""
    cities = gpd.GeoDataFrame(
        {
            "city_id": ["a", "b"], "settlement_id": ["p0", "p3"], "name_kk": ["Қала", "Көл"],
            "name_ru": ["Город", "Озеро"], "name_en": ["City", "Lake"],
            "status": ["republican", "regional_centre"], "region_id": ["R1", "R2"],
            "population": [200_000, 20_000], "area_date": ["2023", "2022"],
            "area_source": ["made", "made"], "area_verify": [True, False],
            "territory_source": ["polygon", "circle"], "area_km2": [40.0, 20.0],
            "sites_needed": [2, 1], "sites_existing": [1, 0], "sites_bound": [1.6, 1.0],
            "gap": [0.1, 0.0], "cost_bound": [9e7, 4e7], "npv": [1e8, 4e7],
            "territory_share": [0.76, 0.7], "people_share": [0.8, 0.75], "target_met": [True, False],
            "speed_down_mbps": [90.0, np.nan], "capex": [6e7, 3e7], "opex_per_year": [5e6, 2e6],
            "resolution_arcsec": [300, 1], "lat_deg": [50.5, 50.6], "lon_deg": [60.2, 61.5],
        }, geometry=[box(60.15, 50.47, 60.25, 50.53), Point(61.5, 50.6).buffer(0.03)], crs=4326,
    )  # fmt: skip
    sites = pd.DataFrame(
        {
            "site_id": ["a-1", "a-2", "a-3", "b-1"], "city_id": ["a", "a", "a", "b"],
            "lat_deg": [50.49, 50.5, 50.52, 50.6], "lon_deg": [60.18, 60.2, 60.22, 61.5],
            "ground_m": 300.0, "height_m": [25.0, 30.0, 25.0, 35.0],
            "site_kind": ["rooftop", "existing", "tower", "rooftop"],
            "existing": [False, True, False, False], "capex": [3e7, 0.0, 3e7, 3e7],
            "opex_per_year": 2e6, "npv": 5e7, "gain_km2": [9.0, np.nan, 7.0, 5.0],
            "backhaul": ["microwave", "fibre", "fibre", "none"],
            "backhaul_km": [1.5, 0.0, 0.3, np.nan], "backhaul_to": ["a-2", None, None, None],
            "backhaul_clearance": [1.4, np.nan, np.nan, np.nan],
            "year": pd.array([2026, None, 2027, 2026], dtype="Int64"), "resolution_arcsec": 300,
        }
    )  # fmt: skip
    sectors = pd.DataFrame(
        {
            "site_id": np.repeat(sites["site_id"].to_numpy(), 3), "azimuth_deg": [0.0, 120.0, 240.0] * 4,
            "tilt_deg": 3.0, "electrical_tilt_deg": 1.0, "beamwidth_deg": 65.0,
            "band": "3500 MHz", "eirp_dbm": 71.0,
        }
    )  # fmt: skip
    rasters = tmp_path_factory.mktemp("levels")
    levels = np.linspace(-130.0, -60.0, 30 * 50, dtype=np.float32).reshape(30, 50)
    write_cog(
        rasters / "a.tif", levels, Frame(50.53, 60.15, 0.002, 0.002, 30, 50),
        description="level", unit="dBm", tags={},
    )  # fmt: skip
    totals = {
        "cities": 2, "cities_met": 1, "area_km2": 60.0, "covered_km2": 44.4,
        "territory_share": 0.74, "people_share": 0.79, "sites_needed": 3, "sites_existing": 1,
        "sites_bound": 2.6, "capex": 9e7, "opex_per_year": 7e6, "npv": 1.4e8, "cost_bound": 1.3e8,
        "gap": 0.07, "overall_sites": 2, "overall_npv": 1.2e8,
    }  # fmt: skip
    summary = shared("mobile") | {
        "target": {"territory_share": 0.75, "people_share": 0.75},
        "requirement": {
            "band_mhz": 3500.0, "level_dbm": -105.0, "speed_down_mbps": None,
            "situation": "outdoor", "location_share": 0.9, "level_median_outdoor_dbm": -101.6,
            "model": "made",
        },
        "totals": totals,
        "by_year": [
            {"year": y, "sites_new": 2, "capex": 4e7, "gain_km2": 14.0} for y in (2026, 2027)
        ],
        "curve": [
            {"city_id": c, "share": s, "sites_new": round(4 * s), "bound": 3.0 * s,
             "cost": 1e8 * s, "cost_bound": 9e7 * s, "people_share": s, "chosen": chosen}
            for c in "ab" for s, chosen in ((0.6, False), (0.75, False), (0.75, True), (0.9, False))
        ],
        "site_kinds": {"rooftop": 2, "tower": 1, "existing": 1},
        "backhaul": {"fibre": 2, "microwave": 1, "none": 1},
    }  # fmt: skip
    tables = {"cities": cities, "sites": sites, "sectors": sectors}
    return SimpleNamespace(tables=tables, rasters=rasters, summary=summary)


@pytest.fixture(scope="session")
def coverage(tmp_path_factory) -> SimpleNamespace:
    """One site of two sectors and one all around, with rasters of level and server."""
    sectors = gpd.GeoDataFrame(
        {
            "sector_id": ["A-1", "A-2", "B-1"], "site_id": ["A", "A", "B"],
            "name": [HOSTILE, HOSTILE, None], "lat_deg": [50.5, 50.5, 50.55],
            "lon_deg": [60.2, 60.2, 60.25], "height_m": 30.0, "azimuth_deg": [0.0, 180.0, np.nan],
            "tilt_deg": 2.0, "technology": ["lte", "nr", "gsm"],
            "frequency_mhz": [1800.0, 3500.0, 900.0], "bandwidth_mhz": [20.0, 100.0, 0.2],
            "eirp_dbm": 60.0, "approximate": [False, False, True], "ground_m": 300.0,
            "resolution_arcsec": 300.0, "area_km2": [3.0, 2.0, 1.0],
        }
    )  # fmt: skip
    rasters = tmp_path_factory.mktemp("rasters")
    frame = Frame(50.6, 60.1, 0.005, 0.005, 40, 40)
    layers = {
        "best": np.linspace(-130.0, -60.0, 1600, dtype=np.float32).reshape(40, 40),
        "server": np.arange(1600, dtype=np.int32).reshape(40, 40) % 4 - 1,
    }
    for name, values in layers.items():
        write_cog(rasters / f"{name}.tif", values, frame, description=name, unit="", tags={},
                  nodata=-1 if name == "server" else None)  # fmt: skip
    statistics = {"mean_db": 1.0, "sd_db": 7.0, "points": 90}
    summary = shared("coverage") | {
        "settings": {
            "sites": "/somewhere/sites.csv", "indoor": False, "in_vehicle": True,
            "model_name": "made", "cell_m": 100.0, "terrain": [], "workers": 2,
        },
        "totals": {
            "sites": 2, "sectors": 3, "area_reached_km2": 50.0, "area_covered_km2": 20.0,
            "area_covered_share": 0.4, "settlements_reached": 2, "settlements_covered": 1,
            "people_reached": 200_900, "people_covered": 200_000,
        },
        "levels": [{"band": b, "level_dbm": -85.0 - 10 * i, "area_km2": 5.0 * (i + 1)}
                   for i, b in enumerate(("strong", "good", "fair", "weak"))],
        "by_region": [{"region_id": "R1", "area_covered_km2": 20.0, "area_reached_km2": 50.0,
                       "settlements_covered": 1, "settlements_reached": 2,
                       "people_covered": 200_000, "people_reached": 200_900}],
        "by_carrier": [{"technology": "lte", "frequency_mhz": 1800.0, "bandwidth_mhz": 20.0,
                        "sectors": 1, "area_km2": 3.0, "noise_dbm": -123.0,
                        "location_sigma_db": 2.0, "location_margin_db": 0.0, "entry_loss_db": 9.0}],
        "curve": [{"level_dbm": -115.0, "area_km2": 20.0}],
        "throughput": [{"throughput_mbps": 5.0, "area_km2": 15.0}],
        "resampling": {"p95_db": 0.9},
        "calibration": {"file": "drive.json", "before": statistics, "after": statistics,
                        "held_out": statistics},
    }  # fmt: skip
    return SimpleNamespace(sectors=sectors, rasters=rasters, summary=summary)


@pytest.fixture(scope="session")
def pages(corridors, mobile, coverage, country, tmp_path_factory) -> dict[str, Path]:
    """The three pages, written."""
    folder = tmp_path_factory.mktemp("pages")
    return {
        "corridors": write_corridors_report(
            folder / "corridors.html", corridors.tables, corridors.summary, country
        ),
        "mobile": write_mobile_report(
            folder / "mobile.html", mobile.tables, mobile.rasters, mobile.summary, country
        ),
        "coverage": write_coverage_report(
            folder / "coverage.html", coverage.sectors, coverage.rasters, coverage.summary, country
        ),
    }


@pytest.fixture
def open_radio(plain_browser, pages):
    """Open the page of a kind in a browser that cannot draw the map."""
    openers = []

    def opened(kind: str, query: str = "?lang=en", **options):
        openers.append(Opener(plain_browser, pages[kind]))
        return openers[-1](query, **options)

    yield opened
    for opener in openers:
        opener.close()
    assert [told for opener in openers for told in opener.complaints] == []
