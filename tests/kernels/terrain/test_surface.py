"""The grid itself: edges, windows, buildings, steepness."""

import numpy as np
import pytest

from qamtu.core.errors import InputError
from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.terrain import (
    ClutterClass,
    Surface,
    burn,
    crop,
    ground_height,
    inside,
    make_surface,
    slope,
    void_share,
)


def _surface(height):
    return make_surface(50.0, 70.0, 0.5, 0.25, height)


def test_edges_are_half_a_cell_beyond_the_centres():
    surface = _surface(np.zeros((4, 8)))
    assert surface.bounds == (69.875, 48.25, 71.875, 50.25)
    assert surface.shape == (4, 8)
    assert inside(surface, [48.3, 48.2, 49.0], [70.0, 70.0, 72.0]).tolist() == [True, False, False]


def test_arrays_become_the_types_that_kernels_were_compiled_for():
    surface = _surface(np.arange(12).reshape(3, 4)[:, ::-1])
    assert surface.height_m.dtype == np.float32
    assert surface.height_m.flags.c_contiguous
    assert surface.clutter_class.dtype == np.uint8


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((50.0, 70.0, 0.0, 0.1, np.zeros((2, 2))), "positive"),
        ((np.nan, 70.0, 0.1, 0.1, np.zeros((2, 2))), "finite"),
        ((50.0, 70.0, 0.1, 0.1, np.zeros(3)), "dimensions"),
        ((50.0, 70.0, 0.1, 0.1, np.zeros((0, 3))), "dimensions"),
    ],
)
def test_what_is_no_grid_is_refused(arguments, word):
    with pytest.raises(InputError, match=word):
        make_surface(*arguments)


def test_grids_of_two_shapes_are_refused():
    with pytest.raises(InputError, match="fit together"):
        make_surface(50.0, 70.0, 0.1, 0.1, np.zeros((2, 2)), clutter_m=np.zeros((3, 3)))
    whole = _surface(np.zeros((2, 2)))
    with pytest.raises(InputError, match="zone"):
        Surface(
            50.0, 70.0, 0.1, 0.1, whole.height_m, whole.clutter_m, whole.clutter_class,
            np.zeros((3, 2), np.uint8), whole.resolution_arcsec,
        )  # fmt: skip


def test_a_window_reads_as_the_whole_does():
    surface = _surface(np.random.default_rng(1).normal(size=(20, 30)))
    part = crop(surface, 71.1, 45.0, 73.3, 48.1)
    assert part.bounds[0] <= 71.1 <= part.bounds[0] + 0.25
    assert part.height_m.size < surface.height_m.size
    lat, lon = [46.0, 47.7], [72.0, 72.9]
    assert ground_height(part, lat, lon) == pytest.approx(ground_height(surface, lat, lon))
    with pytest.raises(InputError, match="does not touch"):
        crop(surface, 10.0, 10.0, 11.0, 11.0)


def test_buildings_stand_for_a_cell_that_they_fill():
    surface = make_surface(50.0, 70.0, 0.5, 0.25, np.zeros((1, 4)), clutter_m=2.0, clutter_class=2)
    share = np.array([[0.1, 0.6, 0.6, 0.6]], np.float32)
    height = np.array([[30.0, 30.0, 12.0, 5.0]], np.float32)
    burned = burn(surface, share, height, share_min=0.25, dense_height_m=20.0)
    assert burned.clutter_m.tolist() == [[2.0, 30.0, 12.0, 5.0]]
    assert burned.clutter_class.tolist() == [
        [
            ClutterClass.OPEN,
            ClutterClass.DENSE_URBAN,
            ClutterClass.URBAN_OR_TREES,
            ClutterClass.SUBURBAN,
        ]
    ]
    assert surface.clutter_m.max() == 2.0


def test_steepness_of_a_plane():
    run = 0.5 * np.pi / 180 * EARTH_RADIUS_M
    surface = _surface(np.arange(5)[:, None] * run * 0.3 + np.zeros((1, 4)))
    assert slope(surface) == pytest.approx(0.3, rel=1e-5)
    assert (slope(_surface([[5.0]])) == 0).all()


def test_voids_are_a_share():
    assert void_share(_surface([[1.0, np.nan], [2.0, 3.0]])) == 0.25
