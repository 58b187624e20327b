"""An empty pack, and one that a user filled: Exampleland, a made country."""

from __future__ import annotations

import pytest

from qamtu.core.errors import InputError, MissingInput, OutputExists
from qamtu.country import TABLES, check_pack, contract_of, init_pack, load_pack, schema_page


def test_an_empty_pack_has_every_table_and_its_description(tmp_path) -> None:
    folder = init_pack(tmp_path / "mine", code="ml", title="My land", currency="EUR")
    page = (folder / "README.md").read_text()
    for name in TABLES:
        header = (folder / f"{name}.csv").read_text().strip().split(",")
        assert set(header) <= set(contract_of(name))
        assert f"## {name}" in page
    for field in contract_of("settlements").values():
        assert f"| {field.name} |" in page
        assert field.description in schema_page("settlements")
    with pytest.raises(MissingInput, match="settlements and regions"):
        load_pack(folder)
    with pytest.raises(OutputExists):
        init_pack(folder)


def test_a_filled_template_loads(tmp_path, exampleland) -> None:
    folder = init_pack(tmp_path / "mine", code="ml", title="My land", currency="EUR")
    for name in ("settlements", "regions", "roads"):
        (folder / f"{name}.csv").write_text((exampleland / f"{name}.csv").read_text())
    pack = load_pack(folder)
    assert (pack.code, pack.title, pack.currency) == ("ml", "My land", "EUR")
    assert set(pack.tables) == {"settlements", "regions", "roads"}


def test_exampleland_is_completed(exampleland) -> None:
    pack = load_pack(exampleland)
    places = pack.tables["settlements"].set_index("settlement_id")
    assert places["region_id"].to_dict() == {"a": "west", "b": "west", "c": "east", "d": "east"}
    assert places["households"].tolist() == [3000, 200, 113, 1]
    assert places["in_plan"].tolist() == [True, True, True, False]
    assert places["has_fibre"].tolist() == [True, False, False, False]
    assert places["population_source"].eq("user").all()
    roads = pack.tables["roads"]
    assert roads["node_to"].iloc[0] == roads["node_from"].iloc[1]
    assert roads["length_source"].eq("geodesic").all()
    # 0.4 degrees each way at 10.7 N: about 62.3 km on the ellipsoid
    assert roads["length_m"].iloc[0] == pytest.approx(62_300, rel=0.005)
    assert pack.territory.area == pytest.approx(8.0)
    assert pack.findings.errors == ()
    assert check_pack(pack).errors == ()


def test_bad_rows_stop_a_filled_pack_with_all_findings(exampleland) -> None:
    path = exampleland / "settlements.csv"
    text = path.read_text().replace("10.9", "x").replace(";450;", ";many;")
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load_pack(exampleland)
    assert {(f.row, f.field) for f in caught.value.findings} >= {
        (3, "lat_deg"),
        (4, "population"),
    }


def test_households_need_their_mean_size(exampleland) -> None:
    (exampleland / "params" / "villages.toml").unlink()
    with pytest.raises(InputError, match="household-size-missing"):
        load_pack(exampleland)


def test_a_table_given_twice_is_refused(exampleland) -> None:
    (exampleland / "roads.geojson").write_text("{}")
    with pytest.raises(InputError, match="roads is there twice"):
        load_pack(exampleland)


@pytest.mark.parametrize("text", ["code = ", 'code = "x"\n'])
def test_a_bad_head_is_refused(exampleland, text) -> None:
    (exampleland / "pack.toml").write_text(text)
    with pytest.raises(InputError, match=r"pack\.toml"):
        load_pack(exampleland)


def test_a_damaged_manifest_is_refused(tmp_path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="manifest"):
        load_pack(tmp_path)
