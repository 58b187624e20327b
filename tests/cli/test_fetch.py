"""`qamtu country fetch terrain` against a made bucket."""

from __future__ import annotations

import pytest

from tests.country.bucket import serve

NAME = "Copernicus_DSM_COG_10_N43_00_E076_00_DEM"


BOX = "76.1,43.1,76.9,43.9"
FETCH = ("country", "fetch", "terrain", "kz")


def test_files_are_listed_without_fetching(qamtu, tmp_path) -> None:
    said = qamtu(*FETCH, "--bounds", BOX, "--out", tmp_path / "t", "--dry-run")
    assert said.code == 0
    assert said.out.strip().endswith(f"/{NAME}/{NAME}.tif")
    said = qamtu(*FETCH, "--region", "Mangystau", "--out", tmp_path / "t", "--dry-run")
    assert said.code == 0
    assert 15 < len(said.out.split()) < 60
    assert not (tmp_path / "t").exists()


def test_tiles_of_a_rectangle_and_around_a_settlement_are_fetched(qamtu, tmp_path) -> None:
    with serve({f"{NAME}/{NAME}.tif": b"heights"}) as bucket:
        said = qamtu(
            *FETCH, "--settlement", "Алматы", "--radius-km", 2, "--bounds", BOX,
            "--base-url", bucket.url, "--out", tmp_path / "t",
        )  # fmt: skip
    assert said.code == 0
    assert "1 tiles fetched" in said.out
    assert (tmp_path / "t" / f"{NAME}.tif").read_bytes() == b"heights"


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ([], "area-missing"),
        (["--bounds", "1,2,3"], "bounds-unreadable"),
        (["--bounds", "5,2,3,4"], "bounds-empty"),
        (["--settlement", "Atlantis"], "settlement-unknown"),
        (["--region", "Atlantis"], "region-unknown"),
    ],
)
def test_an_area_that_cannot_be_read_is_told(qamtu, tmp_path, options, word) -> None:
    said = qamtu(*FETCH, "--out", tmp_path / "t", *options)
    assert said.code == 2
    assert word in said.text
    assert not (tmp_path / "t").exists()


def test_without_a_network_the_message_names_the_address(qamtu, tmp_path) -> None:
    said = qamtu(
        *FETCH, "--bounds", BOX, "--retries", 0, "--base-url", "http://127.0.0.1:9",
        "--out", tmp_path / "t",
    )  # fmt: skip
    assert said.code == 2
    assert f"http://127.0.0.1:9/{NAME}/{NAME}.tif" in said.text
    assert "any tool" in said.text
