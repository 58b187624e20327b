"""The pages of map, settlements and comparison: without a script, in three languages, hostile."""

from __future__ import annotations

import csv
import io
import json
import shutil
from urllib.parse import quote

import geopandas as gpd
import pandas as pd
import pytest

from qamtu.programme.records import Organisation
from qamtu.service.database.engine import writing
from qamtu.service.mapview.measures import Shown, region_measures, shown_value, years_of
from qamtu.service.plans import repository as plans
from qamtu.service.records import repository as records

HOSTILE = "<script>alert(1)</script>"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def hostile_plan(madeland_plan, tmp_path_factory):
    """The plan with a hostile name, and some settlements of another technology and year."""
    folder = tmp_path_factory.mktemp("hostile") / "plan"
    shutil.copytree(madeland_plan.folder, folder)
    path = folder / "plan_settlements.parquet"
    table = gpd.read_parquet(path)
    fibre = table.index[table["option"] == "fibre"]
    table.loc[fibre[0], ["name_kk", "name_ru", "name_en"]] = HOSTILE
    table.loc[fibre[0], "option"] = "leo_terminal"
    table.loc[fibre[1], "name_en"] = FORMULA
    table.loc[fibre[1], "year"] += 1
    table.to_parquet(path)
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    text = json.dumps(summary | {"title": HOSTILE, "made_at": "2027-01-01T00:00:00+00:00"})
    (folder / "summary.json").write_text(text, encoding="utf-8")
    return folder, table.loc[fibre[0], "settlement_id"], table.loc[fibre[1], "settlement_id"]


@pytest.fixture(scope="module")
def shown(kept_service, madeland_plan, hostile_plan):
    with writing(kept_service.state.sessions) as session:
        first = plans.register(kept_service.state, session, madeland_plan.folder, by="somebody")
        second = plans.register(kept_service.state, session, hostile_plan[0], by="somebody")
        records.file_many(
            session, [Organisation("regulator", {"en": "The regulator"}, "regulator")]
        )
    return first, second


def test_pages_without_a_plan_say_so(sqlite_client) -> None:
    for path in ("/map", "/settlements", "/compare"):
        answer = sqlite_client.get(path)
        assert answer.status_code == 200
        assert "notice" in answer.text
    assert sqlite_client.get("/settlements/anything").status_code == 404
    assert sqlite_client.get("/map/data.json").json()["lines"] == {}


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_in_every_language(shown, kept_client, hostile_plan, language) -> None:
    pages = (
        "/map", "/map?measure=villages.villages_with_fibre&year=2026", "/settlements",
        "/settlements?q=a&option=fibre", f"/settlements/{quote(hostile_plan[2])}", "/compare",
    )  # fmt: skip
    for path in pages:
        joint = "&" if "?" in path else "?"
        answer = kept_client.get(f"{path}{joint}lang={language}")
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.text
        assert "<script>alert" not in answer.text
        assert ' style="' not in answer.text


def test_a_hostile_name_stays_text(shown, kept_client, hostile_plan) -> None:
    page = kept_client.get(f"/settlements/{quote(hostile_plan[1])}?lang=en").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert HOSTILE not in page
    assert HOSTILE not in kept_client.get("/settlements?q=script&lang=en").text
    assert HOSTILE not in kept_client.get("/compare?lang=en").text
    assert HOSTILE not in kept_client.get("/map?lang=en").text


def test_a_settlement_says_what_when_how_sure_and_whom_to_ask(
    shown, kept_client, madeland_plan
) -> None:
    table = pd.read_parquet(madeland_plan.folder / "plan_settlements.parquet")
    fibre = table[(table["option"] == "fibre") & table["route_km"].gt(0)].iloc[-1]
    page = kept_client.get(f"/settlements/{quote(fibre['settlement_id'])}?lang=en").text
    for text in ("What is planned here", f"built in {fibre['year']}", "The route",
                 "What stands today is an assumption", "The regulator",
                 "no addresses or telephone numbers"):  # fmt: skip
        assert text in page
    estimated = table[table["population_source"] == "estimated"]
    if len(estimated):
        page = kept_client.get(
            f"/settlements/{quote(estimated['settlement_id'].iloc[0])}?lang=en"
        ).text
        assert "estimated" in page
    assert kept_client.get("/settlements/%00").status_code == 404


def test_the_map_shows_the_plan_of_a_year_and_today_before_it(
    shown, kept_service, kept_client
) -> None:
    data = kept_client.get("/map/data.json?lang=en").json()
    assert set(data["lines"]) == {"villages"}
    assert data["lines"]["villages"]["plan"] == shown[1].id
    measures = region_measures(kept_service.state, {"villages": shown[1]})
    assert [m["key"] for m in data["measures"]] == [m.key for m in measures]
    years = years_of(measures)
    assert data["years"] == years
    share = next(m for m in measures if m.metric == "population_share_high_speed")
    for region in share.planned:
        before = shown_value(share, region, years[0] - 1, years[0])
        after = shown_value(share, region, years[-1], years[0])
        assert (before.basis, after.basis) == ("estimated", "planned")
        assert before.value <= after.value
    assert shown_value(share, "nowhere", years[-1], years[0]) == Shown(None, "")
    page = kept_client.get(f"/map?measure={share.key}&year={years[0] - 1}&lang=en").text
    assert "Share of the people with high speed" in page
    assert '<output id="year-shown" for="year">today</output>' in page
    for bad in ("/map?year=x", "/map?measure=nothing", "/map?year=99999999"):
        assert kept_client.get(bad).status_code == 200


def test_comparison_names_what_changes(shown, kept_client, hostile_plan) -> None:
    first, second = shown
    page = kept_client.get(f"/compare?a={first.id}&b={second.id}&lang=en").text
    assert "2 settlements get another technology or year." in page
    answer = kept_client.get(f"/compare/settlements.csv?a={first.id}&b={second.id}")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["settlement_id"] for row in rows} == set(hostile_plan[1:])
    by_id = {row["settlement_id"]: row for row in rows}
    assert by_id[hostile_plan[1]]["option_b"] == "leo_terminal"
    assert by_id[hostile_plan[2]]["name_en"] == f"'{FORMULA}"
    places = kept_client.get(f"/compare/changes.json?a={first.id}&b={second.id}").json()
    kinds = {f["properties"]["id"]: f["properties"]["change"] for f in places["features"]}
    assert kinds == {hostile_plan[1]: "option", hostile_plan[2]: "later"}
    same = kept_client.get(f"/compare/settlements.csv?a={first.id}&b={first.id}")
    assert same.text == ""
    assert kept_client.get(f"/compare/settlements.csv?a={first.id}&b=x").status_code == 404
