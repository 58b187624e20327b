"""A link from end to end on the terrain of the pack and on made land."""

from __future__ import annotations

import csv
import json
import string
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio import Affine

from qamtu.core.errors import InputError, MissingInput, OutputExists
from qamtu.country import load_pack, read_surface
from qamtu.kernels.propagation.clearance import ClearanceRule, hop_clear
from qamtu.kernels.propagation.climate import has_maps
from qamtu.kernels.propagation.p525 import free_space_loss_db
from qamtu.studies.link import LANGUAGES, LinkRequest, make_link
from qamtu.studies.link.ends import find_end
from qamtu.studies.link.equipment import bands, equipment_of, link_params
from qamtu.studies.link.path import bounds_of, trace_path
from qamtu.studies.link.texts import words

FILES = {"link.html", "link.json", "link.kml", "link.svg", "profile.csv"}
needs_itur = pytest.mark.skipif(not has_maps(), reason="the extra qamtu[radio] is not installed")


def _raster(path: Path, height: np.ndarray, west=54.0, north=47.0, step=1 / 240) -> Path:
    rows, cols = height.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=cols, height=rows, count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(step, 0.0, west, 0.0, -step, north), nodata=-9999.0,
    ) as raster:  # fmt: skip
        raster.write(np.where(np.isnan(height), -9999.0, height).astype("float32"), 1)
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A plain of 100 m with a ridge of 160 m."""
    height = np.full((240, 240), 100.0)
    height[:, 150] = 160.0
    return _raster(tmp_path_factory.mktemp("heights") / "plain.tif", height)


@pytest.fixture(scope="module")
def mountains(tmp_path_factory):
    """From the plain before Almaty into the foothills, on the terrain that ships."""
    return make_link(
        LinkRequest("43.35,77.02", "43.10,76.90", tmp_path_factory.mktemp("link") / "almaty",
                    height_a_m=40.0, model="microwave" if has_maps() else "auto")
    )  # fmt: skip


def test_the_folder_holds_profile_figures_picture_page_and_map(mountains):
    assert {path.name for path in mountains.folder.iterdir()} == FILES
    figures = json.loads((mountains.folder / "link.json").read_text(encoding="utf-8"))
    assert figures["kind"] == "link"
    assert figures["terrain"]["coarse"] is True
    assert set(figures["terrain"]["resolution_arcsec"]) == {"15"}
    assert {f["id"] for f in figures["findings"]} >= {"terrain-coarse"}
    held = figures["clearance"]
    assert figures["totals"]["clear"] is (held["ratio_median"] >= 1 and held["ratio_low"] >= 0.6)
    assert len(figures["sources"]) >= 2
    profile = pd.read_csv(mountains.folder / "profile.csv")
    assert len(profile) == figures["terrain"]["points"]
    assert profile["distance_m"].iloc[-1] == pytest.approx(figures["totals"]["length_m"], abs=0.1)
    assert profile["ground_m"].is_monotonic_increasing is False
    free = profile["line_m"] - profile["ground_m"] - profile["clutter_m"] - profile["bulge_m"]
    np.testing.assert_allclose(profile["clearance_m"], free, atol=0.03)


def test_the_picture_is_an_svg_with_words_and_the_page_has_both_sizes(mountains):
    svg = (mountains.folder / "link.svg").read_text(encoding="utf-8")
    root = ET.fromstring(svg)
    said = " ".join(
        "".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")
    )
    for expected in (
        "first Fresnel zone",
        "60 % of its radius",
        "worst point",
        "Coarse terrain: 15″",
    ):
        assert expected in said
    assert "nan" not in svg.casefold()
    page = (mountains.folder / "link.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    ET.parse(mountains.folder / "link.kml")


def test_the_link_says_what_the_hop_kernel_says():
    pack = load_pack("kz")
    a, b = find_end("43.35,77.02", "A", pack, None), find_end("43.10,76.90", "B", pack, None)
    surface, _ = read_surface(pack, bounds_of(a, b))
    path = trace_path(surface, a, b, (40.0, 30.0), 7.5, ClearanceRule(), step_m=10.0)
    hop = hop_clear(
        surface, a.lat_deg, a.lon_deg, 40.0, b.lat_deg, b.lon_deg, 30.0, 7.5, step_m=10.0
    )
    assert path.clearance.ratio_median[0] == pytest.approx(float(hop.ratio_median[0]), abs=0.02)
    assert path.clearance.ratio_low[0] == pytest.approx(float(hop.ratio_low[0]), abs=0.03)
    assert path.column("ratio")[path.worst] == pytest.approx(path.clearance.ratio_median[0])


@needs_itur
def test_the_budget_adds_up(mountains):
    budget = mountains.summary["microwave"]
    losses = budget["losses"]
    assert losses["free_space_db"] == pytest.approx(
        float(free_space_loss_db(mountains.path.length_m, 7.5)), abs=0.01
    )
    robust = budget["modulations"][0]
    gear = budget["equipment"]
    level = gear["tx_power_dbm"] + gear["gain_a_dbi"] + gear["gain_b_dbi"] - gear["feeder_loss_db"]
    level -= losses["free_space_db"] + losses["gas_db"] + losses["other_db"]
    assert robust["received_dbm"] == pytest.approx(level)
    head = mountains.summary["totals"]
    assert head["loss_db"] == pytest.approx(
        sum(losses[n] for n in ("free_space_db", "gas_db", "other_db"))
    )
    assert budget["capacity_mbps"] in {row["rate_mbps"] for row in budget["modulations"]}
    assert mountains.summary["parameters"]


def test_below_six_gigahertz_the_terrain_models_answer(tmp_path):
    found = make_link(
        LinkRequest("43.35,77.02", "43.10,76.90", tmp_path / "out", frequency_ghz=0.8)
    ).summary
    losses = {row["model"]: row for row in found["losses"]}
    assert found["totals"]["model"] == "p1812"
    assert found["microwave"] is None
    assert losses["p1812"]["terms"]["diffraction_50_db"] >= 0.0
    assert losses["p1812"]["terms"]["loss_free_space_db"] == pytest.approx(
        losses["free"]["loss_db"], abs=0.1
    )
    assert losses["itm"]["loss_db"] > losses["free"]["loss_db"] - 3.0
    for row in losses.values():
        assert row["excess_db"] == pytest.approx(row["loss_db"] - losses["free"]["loss_db"])


def _over_the_plain(madeland, plain, tmp_path, **more):
    return make_link(
        LinkRequest("46.5,54.2", "46.5,54.9", tmp_path / "out", pack=str(madeland),
                    heights=(plain,), frequency_ghz=5.0, **more)
    )  # fmt: skip


def test_a_ridge_on_the_plain_stands_where_it_is(madeland, plain, tmp_path):
    found = _over_the_plain(madeland, plain, tmp_path, model="p526")
    held = found.summary["clearance"]
    assert held["clear"] is False
    ridge = (54.0 + 150.5 / 240 - 54.2) / 0.7
    assert held["worst_m"] / found.path.length_m == pytest.approx(ridge, abs=0.01)
    assert found.summary["totals"]["loss_db"] > found.summary["losses"][0]["loss_db"] + 6.0
    again = make_link(
        LinkRequest("46.5,54.2", "46.5,54.9", tmp_path / "taller", pack=str(madeland),
                    heights=(plain,), frequency_ghz=5.0, model="p526",
                    height_a_m=30.0 + held["need_m"] + 0.1, height_b_m=30.0 + held["need_m"] + 0.1)
    ).summary  # fmt: skip
    assert again["clearance"]["clear"] is True
    assert again["totals"]["excess_db"] < 0.5
    assert held["masts_m"] >= 30.0 + held["need_m"]


def test_a_void_makes_the_path_unknown_and_never_clear(madeland, tmp_path):
    height = np.full((240, 240), 100.0)
    height[110:130, 150:156] = np.nan
    file = _raster(tmp_path / "holes.tif", height)
    found = _over_the_plain(madeland, file, tmp_path, height_a_m=140.0, height_b_m=140.0)
    summary = found.summary
    assert summary["totals"]["clear"] is None
    assert summary["totals"]["model"] == "free"
    assert {f["id"] for f in summary["findings"]} >= {"path-void"}
    assert all(row["loss_db"] is None for row in summary["losses"] if row["model"] != "free")
    svg = (tmp_path / "out" / "link.svg").read_text(encoding="utf-8")
    assert "no height data" in svg
    assert "worst point" not in svg
    assert "— km" not in (tmp_path / "out" / "link.html").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="path-void"):
        make_link(
            LinkRequest("46.5,54.2", "46.5,54.9", tmp_path / "strict", pack=str(madeland),
                        heights=(file,), frequency_ghz=5.0, strict=True)
        )  # fmt: skip
    assert not (tmp_path / "strict").exists()


def test_an_end_on_a_void_or_outside_is_told(madeland, tmp_path):
    height = np.full((240, 240), 100.0)
    height[100:140, :60] = np.nan
    file = _raster(tmp_path / "holes.tif", height)
    with pytest.raises(InputError, match=r"A at .* lies where no terrain is known"):
        _over_the_plain(madeland, file, tmp_path)
    with pytest.raises(InputError, match="terrain"):
        make_link(LinkRequest("10.0,10.0", "10.1,10.1", tmp_path / "out"))


def test_sites_of_a_file_bring_their_heights(madeland, plain, tmp_path):
    sites = tmp_path / "sites.csv"
    sites.write_text(
        "site_id,name,lat_deg,lon_deg,height_m\nS-1,Hill,46.5,54.2,55\nS-2,,46.5,54.9,\n",
        encoding="utf-8",
    )
    found = make_link(
        LinkRequest("hill", "S-2", tmp_path / "out", pack=str(madeland), heights=(plain,),
                    frequency_ghz=5.0, sites=sites, height_b_m=70.0)
    ).summary  # fmt: skip
    assert [end["height_m"] for end in found["ends"]] == [55.0, 70.0]
    assert found["ends"][0]["names"]["kk"] == "Hill"
    with pytest.raises(MissingInput, match="not there"):
        make_link(LinkRequest("a", "b", tmp_path / "x", pack=str(madeland), sites=tmp_path / "no"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(madeland, plain, tmp_path, language):
    found = _over_the_plain(madeland, plain, tmp_path, language=language)
    page = (found.folder / "link.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert words()["zone"][language] in page
    assert words()["clear" if found.summary["totals"]["clear"] else "not_clear"][language] in page


def test_the_table_of_texts_has_the_same_places_in_all_languages():
    for name, texts in words().items():
        assert set(texts) == set(LANGUAGES)
        places = {k: {f[1] for f in string.Formatter().parse(t) if f[1]} for k, t in texts.items()}
        assert places["en"] == places["ru"] == places["kk"], name
        assert all(texts.values()), name


def test_names_are_found_in_any_language_and_ambiguous_ones_listed():
    pack = load_pack("kz")
    for name in ("Астана", "astana", "osm:26544289", "51.1, 71.4"):
        assert find_end(name, "A", pack, None).names["en"]
    doubled = pack.tables["settlements"]["name_ru"].value_counts().index[0]
    with pytest.raises(InputError) as told:
        find_end(doubled, "B", pack, None)
    assert told.value.findings[0].id == "end-ambiguous"
    assert told.value.findings[0].mend.count("region") >= 2
    with pytest.raises(InputError, match="did you mean"):
        find_end("Астанна", "A", pack, None)
    with pytest.raises(InputError, match=r"latitude comes first: 43\.2,76\.9"):
        find_end("76.9,43.2", "A", pack, None)


def test_a_folder_that_is_there_is_not_replaced_unasked(tmp_path):
    (tmp_path / "mine").write_text("x", encoding="utf-8")
    with pytest.raises(OutputExists):
        make_link(LinkRequest("1,1", "2,2", tmp_path))


def test_the_profile_opens_in_a_spreadsheet(mountains):
    with (mountains.folder / "profile.csv").open(encoding="utf-8-sig", newline="") as stream:
        header = next(csv.reader(stream))
    assert header[:3] == ["distance_m", "lat_deg", "lon_deg"]


def test_the_rule_that_ships_is_that_of_the_kernel():
    rule, params = ClearanceRule(), link_params()
    for km, factor in zip(rule.k_low_km, rule.k_low, strict=True):
        assert params.value(f"k_worst_month_{km:g}km") == factor


def test_every_band_has_all_its_parameters_and_takes_its_own_equipment():
    params = link_params()
    for band, (low, high) in bands(params).items():
        gear, found = equipment_of(params, (low + high) / 2.0)
        assert gear.band == band
        assert not found
        assert len(gear.radio.modulations) == params.value(f"band_{band}_bits") - 1 - (
            params.value(f"band_{band}_bits") > 2
        )
        snr = [one.snr_db for one in gear.radio.modulations]
        rate = [one.efficiency_bit_per_s_hz for one in gear.radio.modulations]
        assert snr == sorted(snr)
        assert rate == sorted(rate)
    gear, found = equipment_of(params, 30.0, bandwidth_mhz=112.0, tx_power_dbm=10.0)
    assert [f.id for f in found] == ["band-between"]
    assert (gear.radio.bandwidth_mhz, gear.radio.tx_power_dbm) == (112.0, 10.0)
