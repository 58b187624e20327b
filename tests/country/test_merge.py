"""A user's settlements over the pack's."""

from __future__ import annotations

import pytest

from qamtu.core.errors import InputError, MissingInput
from qamtu.country import load_pack, merge_settlements


@pytest.fixture
def pack(exampleland):
    return load_pack(exampleland)


def write(tmp_path, text: str):
    path = tmp_path / "mine.csv"
    path.write_text(text)
    return path


def test_fibre_of_a_users_csv_replaces_the_assumption(pack, tmp_path) -> None:
    path = write(tmp_path, "settlement_id,has_fibre\nb,yes\na,no\n")
    merged, found = merge_settlements(pack, path)
    table = merged.tables["settlements"].set_index("settlement_id")
    assert table["has_fibre"].to_dict() == {"a": False, "b": True, "c": False, "d": False}
    assert table.loc["b", "fibre_source"] == "user: mine.csv"
    assert table.loc["c", "fibre_source"] == "given by the user"
    assert [f.id for f in found] == ["settlements-merged"]
    before = pack.tables["settlements"].set_index("settlement_id")
    assert not before.loc["b", "has_fibre"]
    assert (table["population"] == before["population"]).all()
    assert table["has_fibre"].dtype == before["has_fibre"].dtype


def test_a_population_brings_its_households(pack, tmp_path) -> None:
    merged, _ = merge_settlements(pack, write(tmp_path, "settlement_id,population\nb,999\n"))
    row = merged.tables["settlements"].set_index("settlement_id").loc["b"]
    assert (row["population"], row["households"]) == (999, 250)
    assert row["population_source"] == "user"


def test_new_settlements_are_added(pack, tmp_path) -> None:
    path = write(tmp_path, "settlement_id,lat,lon,population,name_en\ne,11.9,23.9,77,Epsilon\n")
    merged, _ = merge_settlements(pack, path)
    table = merged.tables["settlements"].set_index("settlement_id")
    assert len(table) == 5
    assert table.loc["e", "region_id"] == "east"
    assert table.loc["e", "households"] == 20
    assert table.geometry.loc["e"].x == 23.9


def test_a_whole_table_may_stand_alone(pack, tmp_path) -> None:
    path = write(tmp_path, "settlement_id,lat,lon,population\ne,11.9,23.9,77\n")
    merged, _ = merge_settlements(pack, path, replace_all=True)
    assert merged.tables["settlements"]["settlement_id"].tolist() == ["e"]
    path = write(tmp_path, "settlement_id,has_fibre\na,yes\n")
    with pytest.raises(InputError, match="lacks lat_deg, lon_deg, population"):
        merge_settlements(pack, path, replace_all=True)


def test_unknown_ids_without_coordinates_are_refused(pack, tmp_path) -> None:
    path = write(tmp_path, "settlement_id,has_fibre\na,yes\nzz,yes\n")
    with pytest.raises(InputError) as caught:
        merge_settlements(pack, path)
    assert [(f.id, f.row) for f in caught.value.findings] == [("settlement-unknown", 3)]


def test_all_errors_come_at_once(pack, tmp_path) -> None:
    path = write(
        tmp_path,
        "settlement_id,lat,lon,population,region_id\n"
        "e,20.9,10.9,5,west\nf,10.1,20.1,-5,west\nf,10.2,20.2,5,nowhere\n",
    )
    with pytest.raises(InputError) as caught:
        merge_settlements(pack, path)
    ids = {f.id for f in caught.value.findings}
    assert {"coordinate-swapped", "population-negative", "id-duplicate", "region-unknown"} <= ids


def test_a_missing_file_says_so(pack, tmp_path) -> None:
    with pytest.raises(MissingInput):
        merge_settlements(pack, tmp_path / "none.csv")


def test_kazakhstan_takes_a_users_fibre(kz, tmp_path) -> None:
    some = kz.tables["settlements"].query("in_plan and not has_fibre")["settlement_id"].head(3)
    path = write(tmp_path, "settlement_id,has_fibre\n" + "".join(f"{i},1\n" for i in some))
    merged, _ = merge_settlements(kz, path)
    table, old = merged.tables["settlements"], kz.tables["settlements"]
    assert table["has_fibre"].sum() == old["has_fibre"].sum() + 3
    assert (table.dtypes == old.dtypes).all()
