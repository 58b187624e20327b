import base64
import gzip
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, MultiPolygon, Polygon, box

from qamtu.studies.report.encode import (
    encode_column,
    encode_lines,
    encode_polygons,
    encode_steps,
    packed,
)

coordinates = st.lists(st.floats(-180, 180), min_size=1, max_size=40)


def decode(column):
    if "l" in column:
        return [None if code < 0 else column["l"][code] for code in column["c"]]
    return column["v"]


@given(coordinates)
def test_steps_come_back_within_half_a_step(degrees):
    back = np.cumsum(encode_steps(degrees)) / 100_000
    assert np.abs(back - degrees).max() <= 0.5e-5 + 1e-9


@given(st.lists(st.none() | st.text(max_size=8), min_size=1, max_size=60))
def test_text_comes_back(values):
    column = pd.Series(values, dtype=object)
    assert decode(encode_column(column)) == values


@given(st.lists(st.none() | st.floats(-1e12, 1e12), min_size=1, max_size=40))
def test_numbers_keep_six_digits(values):
    back = decode(encode_column(pd.Series(values, dtype="Float64")))
    for value, made in zip(values, back, strict=True):
        assert (value is None) == (made is None)
        assert value is None or made == pytest.approx(value, rel=1e-5)


def test_a_number_that_is_none_is_null():
    assert encode_column(pd.Series([np.nan, np.inf, 2.0])) == {"v": [None, None, 2]}
    assert encode_column(pd.Series([True, False])) == {"v": [1, 0]}
    assert encode_column(pd.Series([True, None], dtype="boolean")) == {"v": [1, None]}


def test_lines_of_one_and_more_parts_and_none():
    lines = gpd.GeoSeries(
        [
            LineString([(0, 0), (1, 1)]),
            MultiLineString([[(2, 2), (3, 3)], [(4, 4), (5, 5), (6, 6)]]),
            None,
        ]
    )
    made = encode_lines(lines)
    assert made["p"] == [[2], [2, 3], []]
    assert np.cumsum(made["x"]).tolist() == [0, 1e5, 2e5, 3e5, 4e5, 5e5, 6e5]


def test_neighbours_keep_their_common_border_when_simplified():
    wiggle = [(1, 0), (1.001, 0.25), (1, 0.5), (0.999, 0.75), (1, 1)]
    left, right = Polygon([(0, 0), *wiggle, (0, 1)]), Polygon([*wiggle, (2, 1), (2, 0)])
    made = encode_polygons(gpd.GeoSeries([left, right]), 0.05)
    assert [sum(map(sum, feature)) for feature in made["p"]] == [5, 5]


def test_polygons_keep_parts_and_holes():
    holed = Polygon(box(0, 0, 3, 3).exterior, [box(1, 1, 2, 2).exterior])
    made = encode_polygons(gpd.GeoSeries([MultiPolygon([holed, box(5, 5, 6, 6)])]))
    assert made["p"] == [[[5, 5], [5]]]


def test_packing_is_repeatable_and_opens():
    value = {"b": ["Қ", None, 1.5], "a": {}}
    assert packed(value) == packed(value)
    assert json.loads(gzip.decompress(base64.b64decode(packed(value)))) == value
