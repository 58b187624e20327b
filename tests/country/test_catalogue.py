"""Sources: catalogued, found, and noticed when they change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qamtu.core.errors import InputError, MissingInput, OutputExists
from qamtu.core.findings import Severity
from qamtu.country import build_pack, check_pack, load_pack
from qamtu.country.catalogue import check_sources, load_catalogue
from qamtu.country.settings import load_settings


@pytest.fixture
def copy(kz_sources: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kz_sources, tmp_path / "kz"))


def test_every_source_has_origin_licence_date_and_its_checksum(kz_sources) -> None:
    catalogue = load_catalogue(kz_sources)
    assert len(check_sources(catalogue)) == 0
    for source in catalogue.sources:
        assert source.origin
        assert source.licence
        assert source.date
        assert len(source.sha256) == 64
    files = {p.name for p in (kz_sources / "sources").iterdir()}
    told = set(catalogue.files.values()) | {"SOURCES.md", "LICENSE-ODbL.md"}
    assert files <= told


def test_a_changed_source_is_named_with_both_checksums(copy) -> None:
    path = copy / "sources" / "pypsa_kz_custom_powerplants.csv"
    before = load_catalogue(copy).sources
    path.write_text(path.read_text() + "\n")
    found = check_sources(load_catalogue(copy))
    assert [f.id for f in found] == ["source-changed"]
    assert found[0].file == str(path)
    old = next(s.sha256 for s in before if s.id == "power_plants")
    assert old[:12] in found[0].what
    with pytest.raises(InputError, match="source-changed"):
        build_pack(copy, copy.parent / "out", strict=True)
    assert not (copy.parent / "out").exists()


def test_check_tells_a_stale_pack(copy, kz) -> None:
    path = copy / "catalogue.toml"
    text = path.read_text()
    sha = next(s.sha256 for s in load_catalogue(copy).sources if s.id == "adm1")
    path.write_text(text.replace(sha, "0" * 64))
    ids = {f.id for f in check_pack(kz, copy)}
    assert {"source-changed", "pack-stale"} <= ids


def test_a_missing_source_is_an_error(copy) -> None:
    (copy / "sources" / "geonames_cities500_kz.csv").unlink()
    found = check_sources(load_catalogue(copy))
    assert found[0].severity is Severity.ERROR
    with pytest.raises(InputError, match="source-missing"):
        build_pack(copy, copy.parent / "out")


def test_the_catalogue_refuses_strange_and_missing_keys(tmp_path) -> None:
    (tmp_path / "catalogue.toml").write_text('[[source]]\nid = "a"\ncolour = "red"\n')
    with pytest.raises(InputError, match=r"lacks file, .*strange colour"):
        load_catalogue(tmp_path)
    (tmp_path / "catalogue.toml").write_text("[[source]\n")
    with pytest.raises(InputError, match="not a TOML file"):
        load_catalogue(tmp_path)
    with pytest.raises(MissingInput):
        load_catalogue(tmp_path / "elsewhere")


def test_the_settings_refuse_strange_missing_and_mistyped_keys(copy) -> None:
    path = copy / "pack.toml"
    text = path.read_text()
    path.write_text(text.replace('currency = "KZT"', 'coin = "KZT"'))
    with pytest.raises(InputError, match="unknown keys coin; missing keys currency"):
        load_settings(copy)
    path.write_text(text.replace("price_year = 2025", 'price_year = "2025"'))
    with pytest.raises(InputError, match="price_year"):
        load_settings(copy)
    path.unlink()
    with pytest.raises(MissingInput):
        load_settings(copy)


def test_nothing_is_overwritten_unasked(kz_sources, tmp_path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(OutputExists):
        build_pack(kz_sources, tmp_path / "out")
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"


def test_an_unknown_pack_says_which_there_are() -> None:
    with pytest.raises(MissingInput, match="kz"):
        load_pack("atlantis")
