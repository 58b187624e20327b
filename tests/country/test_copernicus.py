"""Fetching tiles from a made bucket: ranges, faults, checksums, no network."""

from __future__ import annotations

import hashlib
import socket

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from tests.country.bucket import serve
from tests.country.grids import hills, write_raster

from qamtu.core.errors import InputError
from qamtu.country import Pack, boxes_of, fetch_tiles, read_surface, tile_names
from qamtu.country.copernicus import around
from qamtu.country.download import Outcome, Wanted, fetch_all

BOX = (76.2, 43.2, 77.1, 43.9)
ALMATY, NEXT = (
    "Copernicus_DSM_COG_10_N43_00_E076_00_DEM", "Copernicus_DSM_COG_10_N43_00_E077_00_DEM"
)  # fmt: skip
QUICK = {"pause_s": 0.01, "timeout_s": 5.0}


def key(name):
    return f"{name}/{name}.tif"


def content(seed, size=300_000):
    return np.random.default_rng(seed).bytes(size)


@pytest.fixture
def bucket():
    with serve({key(ALMATY): content(1), key(NEXT): content(2)}) as made:
        yield made


def test_tiles_are_named_after_their_south_west_corner():
    assert tile_names([BOX]) == (ALMATY, NEXT)
    assert tile_names([(-0.5, -0.5, 0.5, 0.5)]) == (
        "Copernicus_DSM_COG_10_S01_00_W001_00_DEM", "Copernicus_DSM_COG_10_S01_00_E000_00_DEM",
        "Copernicus_DSM_COG_10_N00_00_W001_00_DEM", "Copernicus_DSM_COG_10_N00_00_E000_00_DEM",
    )  # fmt: skip
    assert tile_names([(76.0, 43.0, 77.0, 44.0)]) == (ALMATY,)
    assert tile_names([(179.5, 0.2, 180.5, 0.8)])[0].endswith("W180_00_DEM")


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(0.1, 100))
def test_a_circle_lies_in_its_rectangle(lat, lon, radius):
    west, south, east, north = around(lat, lon, radius)
    assert south < lat < north
    assert west < lon < east
    assert tile_names([(west, south, east, north)])


@pytest.mark.parametrize(
    "box", [(1, 2, 1, 3), (1, 3, 2, 2), (0, 0, 1, 91), (float("nan"), 0, 1, 1)]
)
def test_an_area_that_is_none_is_refused(box):
    with pytest.raises(InputError, match="bounds-empty"):
        tile_names([box])


def test_only_squares_that_a_shape_touches_count():
    corner = shapely.Polygon([(0.2, 0.2), (2.8, 0.2), (0.2, 2.8)])
    assert len(boxes_of(corner)) == 6
    assert len(tile_names(boxes_of(corner))) == 6


def test_tiles_come_with_checksums_and_the_licence(bucket, tmp_path):
    tiles, found = fetch_tiles([BOX], tmp_path, base_url=bucket.url, **QUICK)
    assert tiles.fetched == (ALMATY, NEXT)
    assert len(found) == 0
    assert (tmp_path / f"{ALMATY}.tif").read_bytes() == content(1)
    sums = (tmp_path / "SHA256SUMS").read_text()
    assert f"{hashlib.sha256(content(2)).hexdigest()}  {NEXT}.tif" in sums
    assert "Airbus" in (tmp_path / "LICENCE.md").read_text()
    assert not list(tmp_path.glob("*.part"))
    asked = len(bucket.asked)
    again, _ = fetch_tiles([BOX], tmp_path, base_url=bucket.url + "/", **QUICK)
    assert again.there == (ALMATY, NEXT)
    assert len(bucket.asked) == asked


def test_a_broken_transfer_is_continued_by_a_range(bucket, tmp_path):
    bucket.cut[key(ALMATY)] = 100_000
    tiles, _ = fetch_tiles([BOX], tmp_path, base_url=bucket.url, **QUICK)
    assert tiles.fetched == (ALMATY, NEXT)
    assert (tmp_path / f"{ALMATY}.tif").read_bytes() == content(1)
    assert (key(ALMATY), "bytes=100000-") in bucket.asked


def test_a_part_of_an_earlier_run_is_continued(bucket, tmp_path):
    bucket.cut[key(ALMATY)] = 120_000
    with pytest.raises(InputError, match="terrain-not-fetched"):
        fetch_tiles([BOX], tmp_path, base_url=bucket.url, retries=0, **QUICK)
    assert (tmp_path / f"{ALMATY}.tif.part").stat().st_size == 120_000
    assert (tmp_path / f"{NEXT}.tif").is_file()
    tiles, _ = fetch_tiles([BOX], tmp_path, base_url=bucket.url, retries=0, **QUICK)
    assert tiles.fetched == (ALMATY,)
    assert tiles.size_bytes == 180_000
    assert (tmp_path / f"{ALMATY}.tif").read_bytes() == content(1)


def test_a_part_of_a_file_that_changed_is_begun_again(bucket, tmp_path):
    bucket.cut[key(ALMATY)] = 120_000
    with pytest.raises(InputError):
        fetch_tiles([BOX], tmp_path, base_url=bucket.url, retries=0, **QUICK)
    bucket.files[key(ALMATY)] = content(9, 90_000)
    fetch_tiles([BOX], tmp_path, base_url=bucket.url, **QUICK)
    assert (tmp_path / f"{ALMATY}.tif").read_bytes() == content(9, 90_000)


def test_a_part_longer_than_the_file_is_begun_again(bucket, tmp_path):
    bucket.tags[key(ALMATY)] = '"of-two-parts-2"'
    (tmp_path / f"{ALMATY}.tif.part").write_bytes(content(1) + b"more")
    (tmp_path / f"{ALMATY}.tif.etag").write_text('"of-two-parts-2"')
    fetch_tiles([BOX], tmp_path, base_url=bucket.url, **QUICK)
    assert (tmp_path / f"{ALMATY}.tif").read_bytes() == content(1)


def test_a_busy_server_is_asked_again_and_a_refusal_is_not(bucket, tmp_path):
    bucket.answers[key(ALMATY)] = [503, 429]
    bucket.answers[key(NEXT)] = [403, 403]
    with pytest.raises(InputError, match=r"403 Forbidden"):
        fetch_tiles([BOX], tmp_path, base_url=bucket.url, **QUICK)
    assert (tmp_path / f"{ALMATY}.tif").is_file()
    assert sum(path == key(NEXT) for path, _ in bucket.asked) == 1


def test_a_file_that_is_not_what_its_tag_says_is_not_kept(bucket, tmp_path):
    bucket.tags[key(ALMATY)] = '"' + "0" * 32 + '"'
    with pytest.raises(InputError, match="MD5"):
        fetch_tiles([BOX], tmp_path, base_url=bucket.url, retries=1, **QUICK)
    assert not (tmp_path / f"{ALMATY}.tif").exists()
    assert not (tmp_path / f"{ALMATY}.tif.part").exists()


def test_a_tile_damaged_on_disk_is_fetched_again(bucket, tmp_path):
    fetch_tiles([BOX], tmp_path, base_url=bucket.url, **QUICK)
    (tmp_path / f"{ALMATY}.tif").write_bytes(content(1)[:-1])
    tiles, _ = fetch_tiles([BOX], tmp_path, base_url=bucket.url, **QUICK)
    assert (tiles.fetched, tiles.there) == ((ALMATY,), (NEXT,))
    assert (tmp_path / f"{ALMATY}.tif").read_bytes() == content(1)


def test_a_stated_checksum_is_held(bucket, tmp_path):
    wanted = Wanted(f"{bucket.url}/{key(ALMATY)}", tmp_path / "a.tif", "0" * 64)
    (made,) = fetch_all([wanted], retries=1, **QUICK)
    assert made.outcome == Outcome.FAILED
    assert "SHA-256" in made.why
    assert not (tmp_path / "a.tif").exists()


def test_tiles_that_do_not_exist_are_listed_and_no_error(bucket, tmp_path):
    del bucket.files[key(NEXT)]
    tiles, found = fetch_tiles([BOX], tmp_path, base_url=bucket.url, **QUICK)
    assert tiles.absent == (NEXT,)
    assert [(f.id, f.severity) for f in found] == [("terrain-tiles-absent", "info")]
    assert (tmp_path / "ABSENT.txt").read_text().split() == [NEXT]
    bucket.files[key(NEXT)] = content(2)
    fetch_tiles([BOX], tmp_path, base_url=bucket.url, **QUICK)
    assert (tmp_path / "ABSENT.txt").read_text() == ""


def test_a_mirror_without_one_tile_is_doubted(bucket, tmp_path):
    _, found = fetch_tiles([(1, 1, 2, 2)], tmp_path, base_url=bucket.url, **QUICK)
    assert [f.severity for f in found] == ["warning"]


def test_without_a_network_the_message_says_url_and_remedy(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(InputError) as caught:
        fetch_tiles([(70, 50, 75, 55)], tmp_path, base_url=url, retries=1, **QUICK)
    assert "25 tiles could not be fetched" in str(caught.value)
    told = caught.value.findings[0]
    assert url in told.what
    assert str(tmp_path) in told.mend
    assert "--base-url" in told.mend
    assert sum("stopped" in f.what for f in caught.value.findings) >= 10  # not tried one by one


@pytest.mark.parametrize("url", ["ftp://host/x", "file:///etc/passwd", "copernicus"])
def test_only_http_is_fetched(url, tmp_path):
    with pytest.raises(InputError, match="only http and https"):
        fetch_tiles([BOX], tmp_path, base_url=url)


def test_fetched_tiles_are_heights_of_a_surface(tmp_path):
    tile = write_raster(tmp_path / "made.tif", hills(120, 120), 76.0, 44.0, 1 / 120).read_bytes()
    with serve({key(ALMATY): tile}) as bucket:
        fetch_tiles([(76.2, 43.2, 76.9, 43.9)], tmp_path / "t", base_url=bucket.url, **QUICK)
    pack = Pack("xx", "Nowhere", "EUR", 2025, {}, {}, (), {}, {})
    surface, found = read_surface(pack, (76.2, 43.2, 76.9, 43.9), heights=[tmp_path / "t"])
    assert np.isfinite(surface.height_m).all()
    assert "heights-are-roofs" in {f.id for f in found}
