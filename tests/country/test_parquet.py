"""GeoParquet with the same bytes for the same table."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from qamtu.core.errors import InputError
from qamtu.country.parquet import read_parquet, write_parquet


def table() -> gpd.GeoDataFrame:
    made = pd.DataFrame(
        {
            "id": ["a", "b", None],
            "count": pd.array([1, None, 3], dtype="Int64"),
            "share": [0.5, float("nan"), 1.0],
            "flag": [True, False, True],
        }
    )
    points = [shapely.Point(20.12345678, 10), None, shapely.Point(21, 11)]
    return gpd.GeoDataFrame(made, geometry=points, crs=4326)


def test_what_is_written_is_read(tmp_path) -> None:
    write_parquet(table(), tmp_path / "t.parquet")
    back = read_parquet(tmp_path / "t.parquet")
    assert back["id"].isna().tolist() == [False, False, True]
    assert back["count"].isna().tolist() == [False, True, False]
    assert back["flag"].tolist() == [True, False, True]
    assert back.geometry.iloc[0].x == 20.123457
    assert back.geometry.iloc[1] is None
    assert back.crs == 4326


def test_a_table_without_geometry_is_read(tmp_path) -> None:
    plain = pd.DataFrame(table().drop(columns="geometry"))
    write_parquet(plain, tmp_path / "t.parquet")
    assert not isinstance(read_parquet(tmp_path / "t.parquet"), gpd.GeoDataFrame)


def test_the_bytes_are_the_same_and_carry_no_version(tmp_path) -> None:
    write_parquet(table(), tmp_path / "one.parquet")
    write_parquet(table(), tmp_path / "two.parquet")
    content = (tmp_path / "one.parquet").read_bytes()
    assert content == (tmp_path / "two.parquet").read_bytes()
    metadata = pq.read_metadata(tmp_path / "one.parquet")
    assert metadata.num_row_groups == 1
    assert b"pandas" not in (metadata.metadata or {})
    assert b"geopandas" not in metadata.metadata[b"geo"]


def test_a_damaged_file_says_so(tmp_path) -> None:
    (tmp_path / "t.parquet").write_bytes(b"no parquet")
    with pytest.raises(InputError, match=r"t\.parquet"):
        read_parquet(tmp_path / "t.parquet")
