"""A made country, Exampleland: 2 regions of 2 by 2 degrees, a few settlements, a road."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from qamtu.country import Pack, build_pack, load_pack

REPO = Path(__file__).parents[2]

SETTLEMENTS = """\
settlement_id;name_en;kind;region_id;lat;lon;population;has_fibre
a;Alpha;city;west;10.5;20.5;12000;yes
b;Beta;village;west;10.9;20.9;800;no
c;Gamma;village;;11.5;22.7;450;no
d;Delta;isolated;east;11.1;22.2;3;no
"""
REGIONS = """\
region_id,name_en,geometry
west,West,"POLYGON ((20 10, 22 10, 22 12, 20 12, 20 10))"
east,East,"POLYGON ((22 10, 24 10, 24 12, 22 12, 22 10))"
"""
ROADS = """\
road_id,road_class,geometry
r1,primary,"LINESTRING (20.5 10.5, 20.9 10.9)"
r2,primary,"LINESTRING (20.9 10.9, 22.7 11.5)"
"""


@pytest.fixture(scope="session")
def kz_sources() -> Path:
    folder = REPO / "packs" / "kz"
    if not (folder / "pack.toml").is_file():
        pytest.skip("packs/kz is only in the source tree")
    return folder


@pytest.fixture(scope="session")
def kz_built(kz_sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "kz"
    build_pack(kz_sources, out)
    return out


@pytest.fixture(scope="session")
def kz() -> Pack:
    return load_pack("kz")


@pytest.fixture
def exampleland(tmp_path: Path) -> Path:
    """Give a folder that a user filled."""
    folder = tmp_path / "exampleland"
    (folder / "params").mkdir(parents=True)
    (folder / "pack.toml").write_text(
        'code = "ex"\ntitle = "Exampleland (made)"\ncurrency = "EUR"\nprice_year = 2024\n'
    )
    (folder / "params" / "villages.toml").write_text(
        '[household_size]\nvalue = 4.0\nunit = "people a household"\ndate = "2024"\n'
        'source = "made"\nverify = true\ndescription = "made"\n'
    )
    (folder / "settlements.csv").write_text(SETTLEMENTS)
    (folder / "regions.csv").write_text(REGIONS)
    (folder / "roads.csv").write_text(ROADS)
    return folder


@pytest.fixture
def regions() -> gpd.GeoDataFrame:
    shapes = [shapely.box(20, 10, 22, 12), shapely.box(22, 10, 24, 12)]
    return gpd.GeoDataFrame(
        {
            "region_id": ["west", "east"],
            "name_en": ["West", "East"],
            "population": [12800, 453],
            "population_urban": [12000, 0],
            "population_rural": [800, 453],
        },
        geometry=shapes,
        crs=4326,
    )
