"""The mobile study from a request to a folder, on a made small city."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest

from qamtu.core.errors import Infeasible, InputError
from qamtu.studies.mobile import make_mobile
from qamtu.studies.mobile.data import mobile_inputs
from qamtu.studies.mobile.summary import ASSUMPTIONS


def test_a_made_city_from_request_to_report(request_of, tmp_path) -> None:
    (tmp_path / "sites.csv").write_text(
        "site_id,lat,lon,height_m,azimuth_deg,technology,frequency_mhz,power_w,pattern\n"
        "x1,43.86,77.05,40,0,5G,700,80,own\nx1,43.86,77.05,40,180,5G,700,80,own\n"
        "far,49.0,70.0,40,0,5G,700,80,own\n"
    )
    result = make_mobile(request_of(sites=tmp_path / "sites.csv"))
    city = gpd.read_parquet(result.folder / "cities.parquet").iloc[0]
    summary = json.loads((result.folder / "summary.json").read_text(encoding="utf-8"))
    assert city["target_met"]
    assert city["sites_existing"] == 1
    assert 0 <= city["cost_bound"] <= city["npv"]
    assert city["sites_bound"] <= city["sites_needed"]
    sectors = pd.read_csv(result.folder / "sectors.csv")
    own = sectors[sectors["site_id"] == "x1"]
    # 80 W are 49.03 dBm, and the band's antenna
    gain = {p["name"]: p["value"] for p in summary["parameters"]}["band_700_gain"]
    assert own["eirp_dbm"].tolist() == pytest.approx([49.03 + gain] * 2, abs=0.01)
    told = {f["id"]: f["what"] for f in summary["findings"]}
    assert "1 of 2 standing sites lie in no territory" in told["site-in-no-territory"]
    assert {"pattern-ignored", "site-default", "terrain-coarse"} <= set(told)
    assert summary["assumptions"] == list(ASSUMPTIONS)
    assert summary["requirement"]["location_share"] == 0.9
    assert (result.folder / "report.html").stat().st_size > 10_000


def test_all_settings_are_told_before_the_ground_is_read(request_of, tmp_path) -> None:
    (tmp_path / "no_raster.tif").write_text("no raster", encoding="utf-8")
    request = request_of(
        band_mhz=3.5, share=75.0, location_percent=0.9, cities=("made", "Atlantis"),
        terrain=(tmp_path / "no_raster.tif",),
    )  # fmt: skip
    with pytest.raises(InputError) as error:
        mobile_inputs(request)
    told = {f.field: f.mend for f in error.value.findings}
    assert told["locations"] == "give it in per cent: 90"
    assert "give 3500" in told["frequency_mhz"]
    assert "0.75" in told["territory_share_target"]
    assert "made" in told["city"]
    assert "no_raster" not in str(error.value)


@pytest.mark.parametrize("percent", [0.0, 1.0, 99.5, -5.0, float("nan")])
def test_locations_are_per_cent(request_of, percent) -> None:
    with pytest.raises(InputError, match="share of locations is"):
        mobile_inputs(request_of(location_percent=percent))


def test_what_nothing_covers_is_infeasible_and_leaves_no_folder(request_of) -> None:
    request = request_of(level_dbm=-40.0)
    with pytest.raises(Infeasible, match="no place for a site covers anything"):
        make_mobile(request)
    assert not request.out.exists()
