"""`qamtu plan` and `qamtu explain` from words to files, on a made country."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import geopandas as gpd
import pandas as pd
import pytest

from tests.madeland import QUICK

FILES = {
    "plan.gpkg", "plan_settlements.parquet", "plan_settlements.csv", "plan_routes.parquet",
    "plan_routes.csv", "report.html", "summary.json",
}  # fmt: skip


@pytest.fixture(scope="session")
def planned(madeland, madeland_plan):
    return madeland_plan.folder


def test_a_plan_is_made_whole(qamtu, madeland, tmp_path) -> None:
    out = tmp_path / "results" / "plan"
    said = qamtu("plan", madeland, "--out", out, *QUICK)
    assert said.code == 0, said.text
    assert {path.name for path in out.iterdir()} >= FILES
    assert [path.name for path in out.parent.iterdir()] == ["plan"]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    totals = summary["totals"]
    places = gpd.read_parquet(out / "plan_settlements.parquet")
    routes = gpd.read_parquet(out / "plan_routes.parquet")
    lasting = routes[~routes["is_ring"]]
    assert totals["capex"] == pytest.approx(places["capex"].sum() + lasting["capex"].sum())
    assert totals["bound"] <= totals["npv"]
    assert totals["gap"] == pytest.approx(1 - totals["bound"] / totals["npv"])
    assert totals["people"] == places["population"].sum()
    assert (summary["pack"], summary["currency"], summary["price_year"]) == ("ml", "MLD", 2024)
    assert summary["phasing"]["first_year"] == 2031
    assert summary["targets"]["villages"]["target"] == 10
    assert summary["monte_carlo"]["n"] == 20
    assert "Madeland" in (out / "report.html").read_text(encoding="utf-8")
    flat = pd.read_csv(out / "plan_settlements.csv")
    assert flat["npv"].sum() == pytest.approx(places["npv"].sum())
    with closing(sqlite3.connect(out / "plan.gpkg")) as package:
        layers = {row[0] for row in package.execute("SELECT table_name FROM gpkg_contents")}
    assert {"settlements", "routes", "layer_styles"} <= layers
    # the terminal shows what the file says
    assert f"within {totals['gap']:.2%}" in said.text
    assert "Target villages: 10" in said.text
    assert str(out) in said.text


def test_a_region_alone_can_be_planned(qamtu, madeland, tmp_path) -> None:
    said = qamtu("plan", madeland, "--out", tmp_path / "east", "--region", "Made East", *QUICK,
                 "--no-sensitivity", "--draws", 0)  # fmt: skip
    assert said.code == 0, said.text
    summary = json.loads((tmp_path / "east" / "summary.json").read_text(encoding="utf-8"))
    assert [row["region_id"] for row in summary["by_region"]] == ["EAST"]
    assert summary["monte_carlo"] is None
    assert summary["sensitivity"] == []


@pytest.mark.parametrize("wanted", ["made:7", "Made Place 7", "Жасанды 7", "выдуманное 7"])
def test_explain_finds_a_settlement(qamtu, planned, wanted) -> None:
    said = qamtu("explain", wanted, "--plan", planned)
    assert said.code == 0
    assert said.out.startswith("Made Place 7 (")


def test_explain_says_what_is_near_an_unknown_name(qamtu, planned) -> None:
    said = qamtu("explain", "Made Plaice 7", "--plan", planned)
    assert said.code == 2
    assert "did you mean" in said.text
    assert "Made Place 7" in said.text
    assert said.out == ""


def test_explain_lists_namesakes(qamtu, planned, tmp_path) -> None:
    for name in ("plan_routes.parquet", "summary.json"):
        (tmp_path / name).write_bytes((planned / name).read_bytes())
    places = gpd.read_parquet(planned / "plan_settlements.parquet")
    places.loc[places["settlement_id"].isin(["made:7", "made:8"]), "name_en"] = "Twin"
    places.to_parquet(tmp_path / "plan_settlements.parquet")
    said = qamtu("explain", "Twin", "--plan", tmp_path)
    assert said.code == 2
    assert "made:7" in said.text
    assert "made:8" in said.text


def test_explain_without_a_plan_says_how_to_make_one(qamtu, tmp_path) -> None:
    said = qamtu("explain", "Anywhere", "--plan", tmp_path / "none")
    assert said.code == 3
    assert "qamtu plan" in said.text
