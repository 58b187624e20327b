"""The programme's tables of a pack: built, read by contract, faults told with their place."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pandas as pd
import pytest

from qamtu.core.errors import InputError
from qamtu.country import check_tables, contract_of, load_pack
from qamtu.country.catalogue import load_catalogue
from qamtu.country.parquet import write_parquet
from qamtu.country.programme import PROGRAMME_TABLES, read_programme
from qamtu.country.programme_build import build_programme


@pytest.fixture(scope="module")
def pack():
    return load_pack("kz")


@pytest.fixture
def builder(kz_sources, tmp_path):
    """Give the part of the builder's folder that the programme needs."""
    folder = tmp_path / "pack"
    (folder / "sources").mkdir(parents=True)
    shutil.copytree(kz_sources / "programme", folder / "programme")
    shutil.copyfile(kz_sources / "catalogue.toml", folder / "catalogue.toml")
    shutil.copyfile(kz_sources / "sources" / "commitments.csv",
                    folder / "sources" / "commitments.csv")  # fmt: skip
    return folder


def changed(builder, name, old, new):
    path = builder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return build_programme(builder, load_catalogue(builder))


def test_two_builds_give_the_same_bytes(builder, pack, tmp_path) -> None:
    for i in (1, 2):
        tables, found = build_programme(builder, load_catalogue(builder))
        assert not found
        assert set(tables) == set(PROGRAMME_TABLES)
        for name, table in tables.items():
            write_parquet(table, tmp_path / f"{name}{i}.parquet")
    for name in PROGRAMME_TABLES:
        one, other = ((tmp_path / f"{name}{i}.parquet").read_bytes() for i in (1, 2))
        assert one == other
        assert one == (pack.folder / f"{name}.parquet").read_bytes()


def test_read_programme_gives_tables_by_contract(pack) -> None:
    tables = read_programme(pack)
    assert tables._fields == PROGRAMME_TABLES
    for name, table in zip(PROGRAMME_TABLES, tables, strict=True):
        assert list(table.columns) == list(contract_of(name))
        assert len(table)
    assert len(tables.commitments) == 40


def test_a_pack_without_a_programme_has_empty_tables(madeland) -> None:
    for name, table in zip(PROGRAMME_TABLES, read_programme(load_pack(madeland)), strict=True):
        assert list(table.columns) == list(contract_of(name))
        assert len(table) == 0


def test_a_builders_folder_without_a_programme_builds_none(builder) -> None:
    shutil.rmtree(builder / "programme")
    tables, found = build_programme(builder, load_catalogue(builder))
    assert (tables, len(found)) == ({}, 0)


def test_a_users_own_commitments_are_read(madeland, tmp_path) -> None:
    folder = shutil.copytree(madeland, tmp_path / "own")
    (folder / "organisations.csv").write_text(
        "organisation_id,name_en,kind\nministry,Ministry,ministry\n"
    )
    (folder / "commitments.csv").write_text(
        "commitment_id,area,line,kind,promise_en,metric,unit,target,owner,source,learned_on\n"
        "a.b,x,b,target,A promise,villages,settlements,3,ministry,a law,2026-01-01\n"
    )
    tables = read_programme(load_pack(folder))
    row = tables.commitments.iloc[0]
    assert (row["target"], row["direction"], row["scope"], row["tolerance"]) == (
        3.0, "up", "country", 0.05,
    )  # fmt: skip
    assert len(tables.claims) == 0


@pytest.mark.parametrize(
    ("table", "field", "value", "rule"),
    [
        ("commitments", "due", "soon", "day-unreadable"),
        ("commitments", "unit", "parsecs", "unit-unknown"),
        ("commitments", "scope", "region:", "scope-unreadable"),
        ("commitments", "owner", "nobody", "name-unknown"),
        ("commitments", "metric", "villages_with_fibre", "metric-twice"),
        ("commitments", "kind", "wish", "value-unreadable"),
        ("commitments", "metric", None, "value-missing"),
        ("claims", "commitment_id", "x.y", "name-unknown"),
        ("claims", "true_on", "2026-13-01", "day-unreadable"),
        ("claims", "grade", "E", "value-unreadable"),
        ("organisations", "region_id", "KAZ999", "name-unknown"),
        ("ratios", "numerator", "no_metric", "name-unknown"),
        ("ratios", "low", 9.0, "ratio-bounds"),
    ],
)
def test_a_fault_is_told_with_its_place(pack, table, field, value, rule) -> None:
    broken = pack.tables[table].copy()
    row = 0 if table == "ratios" else 3
    broken[field] = broken[field].astype("object")
    broken.loc[row, field] = value
    tables = {**pack.tables, table: broken}
    with pytest.raises(InputError) as raised:
        read_programme(replace(pack, tables=tables))
    told = [f for f in raised.value.findings if f.id == rule]
    assert told
    assert (told[0].file, told[0].field, told[0].row) == (table, field, row + 2)
    assert told[0].mend
    few = {name: tables[name] for name in (*PROGRAMME_TABLES, "regions")}
    assert rule in {f.id for f in check_tables(few)}


def test_a_missing_column_is_told(pack) -> None:
    tables = {**pack.tables, "claims": pack.tables["claims"].drop(columns="said_by")}
    with pytest.raises(InputError, match="said_by"):
        read_programme(replace(pack, tables=tables))


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        (
            "programme/commitments.toml",
            '[commitments."law.ai"]',
            '[commitments."law.xy"]',
            "no texts",
        ),
        ("programme/commitments.toml", '"Parliament" = "parliament"', "", "unknown owner"),
        ("programme/claims.csv", "law.code,,", "law.ai,,", "without words"),
        ("programme/claims.csv", "mobile.cities,,", "mobile.cities,21,", "not 21"),
        ("programme/claims.csv", "law.code,,", "law.xy,,", "is no commitment"),
    ],
)
def test_the_build_tells_what_does_not_match(builder, name, old, new, what) -> None:
    _, found = changed(builder, name, old, new)
    assert any(f.id == "programme-unmatched" and what in f.what for f in found.errors)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("programme/commitments.toml", "[programme]", "[programmes]"),
        ("programme/commitments.toml", "learned_on", "learnt_on"),
        ("programme/commitments.toml", "[programme]", "[programme"),
        ("programme/claims.csv", "said_by", "sayer"),
        ("programme/ratios.csv", "ratio_id", "id"),
    ],
)
def test_files_that_cannot_be_used_are_refused(builder, name, old, new) -> None:
    with pytest.raises(InputError):
        changed(builder, name, old, new)


def test_the_raw_file_is_the_one_given(kz_sources) -> None:
    raw = pd.read_csv(kz_sources / "sources" / "commitments.csv")
    assert len(raw) == 40
