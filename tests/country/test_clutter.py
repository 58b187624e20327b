"""Clutter tables and the estimate of built-up ground."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from qamtu.core.errors import InputError
from qamtu.country.clutter import (
    built_up_clutter,
    default_tables,
    guess_legend,
    read_clutter_table,
    terrain_params,
)
from qamtu.kernels.terrain import ClutterClass, make_surface

PARAMS = terrain_params()


def test_default_tables_have_the_heights_of_the_recommendation():
    tables = default_tables()
    assert set(tables) == {"igbp", "worldcover", "p1812"}
    p1812 = tables["p1812"]
    assert p1812.clutter_m[:7].tolist() == [0, 0, 0, 10, 15, 20, 15]
    assert p1812.clutter_class[:7].tolist() == list(range(7))
    assert tables["igbp"].clutter_class[13] == ClutterClass.URBAN_OR_TREES
    assert tables["worldcover"].clutter_class[80] == ClutterClass.WATER


@pytest.mark.parametrize(
    ("codes", "arcsec", "legend"),
    [
        ([10, 50, 80], 0.3, "worldcover"), ([10], 0.3, "worldcover"), ([10, 50], 180, "worldcover"),
        ([0, 7, 16], 15, "igbp"), ([10], 15, "igbp"), ([1, 17], 0.3, "igbp"), ([211], 1, None),
        ([], 1, None),
    ],
)  # fmt: skip
def test_a_legend_is_known_by_its_codes_and_cells(codes, arcsec, legend):
    held = np.array([*codes, np.nan], np.float32)
    assert guess_legend(held, default_tables(), arcsec) == legend


def test_every_bad_row_of_a_table_is_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "code,clutter_class,clutter_m\n1,open,0\n1,trees,5\nx,forest,-3\n300,urban,tall\n"
    )
    with pytest.raises(InputError) as caught:
        read_clutter_table(path)
    told = [(f.row, f.field) for f in caught.value.findings]
    assert told == [
        (3, "code"), (4, "code"), (4, "clutter_class"), (4, "clutter_m"),
        (5, "code"), (5, "clutter_class"), (5, "clutter_m"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "code,class\n1,2\n"])
def test_a_table_without_its_columns_is_refused(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(InputError, match="clutter-table-columns"):
        read_clutter_table(path)


def test_a_town_is_a_disc_of_its_people_with_a_core():
    step = 1 / 240
    surface = make_surface(50.2, 70.0, step, step, np.zeros((97, 97)), clutter_class=2)
    towns = pd.DataFrame({"lat_deg": [50.0], "lon_deg": [70.2], "population": [60_000.0]})
    made, found = built_up_clutter(surface, towns, PARAMS)
    km = np.radians(step) * 6371.0
    cell_km2 = km * km * np.cos(np.radians(50.0))
    built = made.clutter_class > ClutterClass.OPEN
    assert built.sum() * cell_km2 == pytest.approx(20.0, rel=0.05)
    core = made.clutter_class == ClutterClass.URBAN_OR_TREES
    assert core.sum() / built.sum() == pytest.approx(0.25, abs=0.04)
    assert set(np.unique(made.clutter_m)) == {0.0, 10.0, 15.0}
    assert found[0].id == "built-up-estimated"


def test_water_trees_small_and_distant_places_stay():
    surface = make_surface(
        50.2,
        70.0,
        0.01,
        0.01,
        np.zeros((40, 40)),
        clutter_class=np.repeat([[1] * 20 + [6] * 20], 40, 0),
    )
    towns = pd.DataFrame(
        {"lat_deg": [50.0, 50.0, 10.0], "lon_deg": [70.2, 70.1, 10.0], "population": [9e5, 90, 9e5]}
    )
    made, found = built_up_clutter(surface, towns, PARAMS)
    assert (made.clutter_class == surface.clutter_class).all()
    assert len(found) == 0


def test_steep_ground_is_not_built_up():
    step = 1 / 240
    height = np.zeros((97, 97))
    height[:, 48:] = 100.0 * np.arange(49)  # 100 m in about 300 m
    surface = make_surface(50.2, 70.0, step, step, height, clutter_class=2)
    towns = pd.DataFrame({"lat_deg": [50.0], "lon_deg": [70.2], "population": [60_000.0]})
    made, _ = built_up_clutter(surface, towns, PARAMS)
    assert (made.clutter_class[:, 50:] == ClutterClass.OPEN).all()
    assert (made.clutter_class[:, :47] > ClutterClass.OPEN).any()


def test_every_parameter_of_terrain_names_its_source():
    assert all(one.source and one.low <= one.value <= one.high for one in PARAMS.values())


def test_a_town_whose_core_alone_changes_is_counted():
    """Land cover that shows a suburb already: only its denser middle is estimated."""
    kind = np.full((60, 60), ClutterClass.SUBURBAN, np.uint8)
    surface = make_surface(
        43.25, 76.75, 1 / 240, 1 / 240, np.zeros((60, 60), np.float32), clutter_class=kind,
        clutter_m=np.full((60, 60), 10.0, np.float32),
    )  # fmt: skip
    towns = pd.DataFrame({"lat_deg": [43.13], "lon_deg": [76.87], "population": [400_000]})
    made, found = built_up_clutter(surface, towns, PARAMS)
    assert (made.clutter_class > ClutterClass.SUBURBAN).any()
    assert [f.id for f in found] == ["built-up-estimated"]
    assert "around 1 settlement (" in found[0].what
