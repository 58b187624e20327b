"""The built tables of Kazakhstan: the same bytes twice, official sums, known facts."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import shapely

from qamtu.core.progress import Stage
from qamtu.core.provenance import file_sha256
from qamtu.country import TABLES, build_pack, catalogue, check_pack, contract_of, load_pack

BUILT = ("settlements", "regions", "districts", "cities", "roads", "railways", "stations", "terrain",
         "water", "power_plants", "organisations", "commitments", "claims", "ratios")  # fmt: skip


def test_building_twice_gives_the_same_bytes(kz_sources, kz_built, tmp_path) -> None:
    stages: list[Stage] = []
    build_pack(kz_sources, tmp_path / "again", report=stages.append)
    one = {p.relative_to(kz_built): p.read_bytes() for p in kz_built.rglob("*") if p.is_file()}
    other = {
        p.relative_to(tmp_path / "again"): p.read_bytes()
        for p in (tmp_path / "again").rglob("*")
        if p.is_file()
    }
    assert one == other
    shares = [stage.share for stage in stages]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_shipped_tables_are_those_of_the_sources(kz_built, kz) -> None:
    """Bytes may differ where another pyarrow or GEOS wrote them: the manifest names both."""
    manifest = json.loads((kz_built / "manifest.json").read_text())
    if manifest["software"] == kz.manifest["software"]:
        assert manifest["tables"] == kz.manifest["tables"]
        assert manifest["findings"] == kz.manifest["findings"]
    assert manifest["counts"] == kz.manifest["counts"]


def test_the_pack_ships() -> None:
    assert "kz" in catalogue()
    assert set(load_pack("kz").tables) == set(BUILT)
    assert set(BUILT) <= set(TABLES)


def test_the_shipped_files_are_as_built(kz) -> None:
    assert kz.folder is not None
    for name, sha256 in kz.checksums.items():
        assert file_sha256(kz.folder / name) == sha256, name


@pytest.mark.parametrize("name", BUILT)
def test_a_built_table_holds_its_contract(kz, name) -> None:
    table = kz.tables[name]
    assert len(table)
    assert set(table.columns) == set(contract_of(name))
    _, found = contract_of(name).validate(table, TABLES[name].shape, name)
    assert not found.errors


def test_check_finds_no_error(kz) -> None:
    assert check_pack(kz).errors == ()


def test_official_sums_hold_in_every_region(kz) -> None:
    places, regions = kz.tables["settlements"], kz.tables["regions"].set_index("region_id")
    sums = places.pivot_table(
        index="region_id", columns="urban", values="population", aggfunc="sum", fill_value=0
    )
    assert len(regions) == 20
    assert (sums[True] == regions["population_urban"]).all()
    assert (sums[False] == regions["population_rural"]).all()
    # Bureau of National Statistics, 2023-01-01
    assert places["population"].sum() == 19_765_004
    assert places.loc[~places["urban"], "population"].sum() == 7_556_745


def test_official_sums_hold_in_districts_that_have_places(kz) -> None:
    """All but the units whose rural people no place could take."""
    places, units = kz.tables["settlements"], kz.tables["districts"]
    sums = places.groupby("district_id")["population"].sum()
    units = units[units["unit_kind"] != "city_district"].set_index("district_id")
    off = units["population"] - sums.reindex(units.index).fillna(0)
    assert off.abs().sum() <= 2 * kz.manifest["counts"]["people_estimated_in_region"]
    assert kz.manifest["counts"]["people_estimated_in_region"] < 2_000


@pytest.mark.parametrize(
    ("name", "region", "population"),
    [
        ("Семей", "Abai Region", 308_126),
        ("Сарқант", "Jetisu Region", 18_014),  # GeoNames gives 76,919
        ("Қызылорда", "Kyzylorda Region", 278_581),
        ("Айет", "Kostanay Region", 4_005),
        ("Атамекен", "Pavlodar Region", 9_404),
        ("Ұзынағаш", "Almaty Region", 47_820),
    ],
)
def test_official_numbers_reach_their_places(kz, name, region, population) -> None:
    regions = kz.tables["regions"].set_index("name_en")["region_id"]
    places = kz.tables["settlements"]
    row = places[
        (places["name_kk"] == name)
        & (places["region_id"] == regions[region])
        & (places["population_source"] == "official")
    ]
    assert row["population"].tolist() == [population]
    assert row["has_fibre"].all()
    assert row["fibre_source"].str.startswith("assumed in ").all()


def test_every_official_place_was_found(kz) -> None:
    ids = {f.id for f in kz.findings}
    assert "official-place-unmatched" not in ids
    assert "official-place-twice" not in ids
    assert kz.manifest["counts"]["official_places_matched"] == 242


def test_the_plan_leaves_out_what_it_says(kz) -> None:
    places = kz.tables["settlements"]
    out = places[~places["in_plan"]]
    assert out["note"].notna().all()
    assert not (places["in_plan"] & (places["kind"] == "isolated")).any()
    assert (places.loc[places["in_plan"], "population"] > 0).all()
    counts = kz.manifest["counts"]
    assert counts["isolated_dwellings"] == (places["kind"] == "isolated").sum() == 2_293
    assert counts["settlements_in_plan"] == places["in_plan"].sum()
    named = places.loc[places["in_plan"], ["name_kk", "name_ru", "name_en"]].notna().any(axis=1)
    assert (~named).sum() <= 5


def test_households_are_people_over_their_mean_size_rounded_up(kz) -> None:
    places = kz.tables["settlements"]
    size = kz.params["villages"].value("household_size")
    assert (places["households"] == np.ceil(places["population"] / size)).all()


def test_every_district_but_one_has_a_place_with_fibre(kz) -> None:
    """The centre of the district of Pavlodar is the city of Pavlodar, another unit."""
    assert kz.manifest["counts"]["districts_without_fibre_place"] == 1
    found = [f.what for f in kz.findings if f.id == "district-centre-unknown"]
    assert len(found) == 1
    assert "Павлодар ауданы" in found[0]


def test_roads_are_a_network_with_stated_lengths(kz) -> None:
    roads = kz.tables["roads"]
    assert (roads["length_source"] == "stated").all()
    assert 25_000 < roads["length_m"].sum() / 1000 < 35_000
    assert roads["road_id"].is_unique


def test_terrain_knows_mountains_steppe_and_sea(kz) -> None:
    cells = kz.tables["terrain"]

    def at(lat: float, lon: float) -> pd.Series:
        return cells.loc[((cells["lat_deg"] - lat) ** 2 + (cells["lon_deg"] - lon) ** 2).idxmin()]

    assert at(42.2, 80.1)["slope_deg"] > 15  # by Khan Tengri
    assert at(42.2, 80.1)["resolution_arcsec"] == 15
    assert at(53.2, 63.6)["slope_deg"] < 2  # Kostanay
    assert at(44.5, 50.0)["water_share"] == 1  # the Caspian
    assert (cells["resolution_arcsec"].isin([15, 300])).all()


def test_water_has_the_great_lakes(kz) -> None:
    water = kz.tables["water"]
    points = [("Caspian", 50.0, 44.5), ("Balkhash", 74.2, 46.2), ("Zaysan", 84.0, 48.0),
              ("Alakol", 81.75, 46.1)]  # fmt: skip
    shapes = water.geometry
    for name, lon, lat in points:
        assert shapes.contains(shapely.Point(lon, lat)).any(), name


def test_regions_cover_the_country(kz) -> None:
    regions = kz.tables["regions"]
    assert regions.geometry.is_valid.all()
    # 2,724,302 km2 in the source, 2,724,902 km2 officially
    assert regions["area_km2"].sum() == pytest.approx(2_724_902, rel=0.002)
    assert regions.geometry.count_coordinates().sum() < 20_000


def test_parameters_are_dated_sourced_and_flagged(kz) -> None:
    params = kz.params["villages"]
    for name in ("exchange_rate", "price_year", "household_size", "discount_rate",
                 "press_capex_per_km_2018", "press_capex_per_village_2018",
                 "press_km_per_village", "consumer_price_factor_2018_2025"):  # fmt: skip
        assert params[name].source
        assert params[name].date
    assert params["exchange_rate"].verify
    assert kz.currency == "KZT"
    assert kz.price_year == 2025 == params.value("price_year")


def test_the_price_factor_is_the_product_of_the_published_rates(kz, kz_sources) -> None:
    rates = pd.read_csv(kz_sources / "sources" / "wdi_kaz_prices.csv")
    rates = rates[(rates["indicator"] == "FP.CPI.TOTL.ZG") & rates["Year"].between(2019, 2025)]
    assert len(rates) == 7
    factor = float(np.prod(1 + rates["Value"] / 100))
    value = kz.params["villages"].value("consumer_price_factor_2018_2025")
    assert value == pytest.approx(factor, abs=5e-4)


def test_press_figures_are_those_of_the_catalogue(kz, kz_sources) -> None:
    costs = json.loads((kz_sources / "sources" / "costs.json").read_text())
    params = kz.params["villages"]
    ppp = costs["kz_fibre_ppp_2018"]
    assert params.value("press_capex_per_km_2018") == ppp["derived_mn_kzt_per_km_2018"] * 1e6
    assert params.value("press_capex_per_village_2018") == ppp["mean_mn_kzt_per_village"] * 1e6
    assert params.value("exchange_rate") == costs["kzt_per_usd"]["2025"]
    assert params.value("press_km_per_village") == costs["kz_kostanay_example"]["km_per_village"]


def test_open_database_data_is_marked(kz) -> None:
    assert kz.folder is not None
    text = (kz.folder / "LICENSES.md").read_text()
    for name in BUILT:
        assert f"{name}.parquet" in text
    assert "ODbL" in text
