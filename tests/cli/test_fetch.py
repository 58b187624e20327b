"""`qamtu country fetch terrain` against a made bucket."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

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


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_keeps_the_part_and_the_next_run_continues_it(qamtu, tmp_path) -> None:
    content, part = bytes(range(256)) * 4000, tmp_path / "t" / f"{NAME}.tif.part"
    key = f"{NAME}/{NAME}.tif"
    with serve({key: content}) as bucket:
        bucket.hold[key] = 600_000
        words = [*FETCH, "--bounds", BOX, "--base-url", bucket.url, "--out", str(tmp_path / "t")]
        code = "from qamtu.cli.main import main; main()"
        with subprocess.Popen(
            [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        ) as process:  # fmt: skip
            try:
                for _ in range(600):
                    if part.is_file() and part.stat().st_size >= 262_144:
                        break
                    time.sleep(0.1)
                process.send_signal(signal.SIGINT)
                time.sleep(0.5)
                bucket.let_go.set()
                _, err = process.communicate(timeout=60)
            finally:
                process.kill()
        assert process.returncode == 130, err
        assert 0 < part.stat().st_size < len(content)
        said = qamtu(*words)
    assert said.code == 0
    assert (tmp_path / "t" / f"{NAME}.tif").read_bytes() == content
    assert any(span for _, span in bucket.asked)
