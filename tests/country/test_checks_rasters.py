"""Rasters looked at before they are used."""

from __future__ import annotations

import numpy as np
import pytest
from tests.country.grids import hills, write_raster

from qamtu.country import check_raster, load_pack, read_surface

BOX = (76.5, 43.0, 77.5, 44.0)


def ids(findings):
    return {f.id for f in findings}


@pytest.fixture(scope="module")
def heights():
    """Heights of the pack around Almaty, finer than they are."""
    surface, _ = read_surface(load_pack("kz"), BOX, step_arcsec=7.5)
    return surface.height_m


def test_good_heights_have_no_finding_but_their_resolution(kz, heights, tmp_path) -> None:
    path = write_raster(tmp_path / "h.tif", heights, 76.5, 44.0, 1 / 480)
    assert ids(check_raster(path, "height", kz)) == {"terrain-coarse"}


def test_feet_turned_rows_and_missing_systems_are_told(kz, heights, tmp_path) -> None:
    feet = write_raster(tmp_path / "feet.tif", heights * 3.2808, 76.5, 44.0, 1 / 480)
    assert ids(check_raster(feet, "height", kz)) == {"heights-in-feet"}
    turned = write_raster(tmp_path / "turned.tif", heights[::-1], 76.5, 44.0, 1 / 480)
    assert ids(check_raster(turned, "height", kz)) == {"raster-upside-down"}
    nocrs = write_raster(tmp_path / "nocrs.tif", heights, 76.5, 44.0, 1 / 480, crs=None)
    assert ids(check_raster(nocrs, "height", kz)) == {"raster-crs-missing"}
    assert ids(check_raster(tmp_path / "none.tif", "height", kz)) == {"raster-unreadable"}


def test_land_cover_of_an_unknown_legend_is_told(kz, tmp_path) -> None:
    path = write_raster(tmp_path / "lc.tif", np.full((80, 80), 213, np.uint8), 76.5, 44.0, 1 / 80)
    assert "legend-unknown" in ids(check_raster(path, "land_cover", kz))


def test_a_raster_far_from_the_country_is_read_all_the_same(kz, tmp_path) -> None:
    path = write_raster(tmp_path / "far.tif", hills(90, 90), 5.0, 48.0, 1 / 90)
    found = check_raster(path, "height", kz)
    assert not found.errors
    assert "bounds-outside" in ids(found)


def test_the_command_line_checks_a_raster(qamtu, heights, tmp_path) -> None:
    feet = write_raster(tmp_path / "feet.tif", heights * 3.2808, 76.5, 44.0, 1 / 480)
    said = qamtu("country", "check", "kz", feet)
    assert said.code == 2
    assert "heights-in-feet" in said.text
