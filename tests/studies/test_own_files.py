"""The user's own files: all missing ones at once, the others as sources with their checksums."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from qamtu.core.errors import MissingInput
from qamtu.country import load_pack
from qamtu.studies.own_files import own_sources, refuse_missing, with_own_sources
from qamtu.studies.plan_data import PlanRequest, used_sources


def test_all_that_is_missing_is_named_and_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(MissingInput) as caught:
        refuse_missing(
            {"--a": tmp_path / "a.csv", "--b": tmp_path, "--c": None},
            {"--d": tmp_path, "--e": tmp_path / "e.tif"},
        )
    named = [f.what.split(":")[0] for f in caught.value.findings]
    assert named == ["--a", "--b", "--e"]
    refuse_missing({"--c": None}, {"--d": tmp_path})


def test_files_have_a_checksum_and_folders_a_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_bytes(b"made")
    found = own_sources([None, file, tmp_path])
    assert [s.id for s in found] == ["mine.csv", tmp_path.name]
    assert [s.sha256 for s in found] == [hashlib.sha256(b"made").hexdigest(), ""]
    pack = load_pack("kz")
    sources, checksums = with_own_sources(pack, [file, tmp_path])
    assert sources == [*pack.sources, *found]
    assert checksums == pack.checksums | {"mine.csv": found[0].sha256}


def test_the_plan_names_the_terrain_that_its_links_were_looked_at_on(tmp_path: Path) -> None:
    heights = tmp_path / "heights.tif"
    heights.write_bytes(b"made")
    request = PlanRequest("kz", tmp_path / "out", terrain=(heights,))
    sources, checksums = used_sources(request, load_pack("kz"))
    assert sources[-1].id == "heights.tif"
    assert "heights.tif" in checksums
