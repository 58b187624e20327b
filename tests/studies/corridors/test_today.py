"""Sites that stand: patterns are not read, those far from every road are counted."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from qamtu.core.findings import Finding, Severity
from qamtu.country import load_pack
from qamtu.studies.corridors.data import corridors_params
from qamtu.studies.corridors.today import FAR_SITES, standing_sites


def read(
    madeland: Path, tmp_path: Path, rows: list[str]
) -> tuple[pd.DataFrame | None, dict[str, Finding]]:
    path = tmp_path / "sites.csv"
    path.write_text("\n".join(["site_id,lat,lon,height_m,pattern", *rows]), encoding="utf-8")
    pack = load_pack(madeland)
    line = shapely.LineString([(61.1, 50.3), (61.9, 50.3)])
    roads = gpd.GeoDataFrame({"road_id": ["a"]}, geometry=[line], crs=4326)
    found: list[Finding] = []
    sites = standing_sites(path, corridors_params(pack, None), pack, roads, 45.0, found)
    return sites, {f.id: f for f in found}


def test_a_site_out_of_reach_of_the_roads_is_counted(madeland: Path, tmp_path: Path) -> None:
    # 0.2 degrees of latitude are 22 km, 0.6 are 67 km
    sites, found = read(madeland, tmp_path, ["near,50.5,61.5,40,", "far,50.9,61.5,40,"])
    assert sites is not None
    assert sites["site_id"].tolist() == ["near"]
    assert found[FAR_SITES].what.startswith("1 of 2 sites")
    assert found[FAR_SITES].severity is Severity.INFO


def test_no_site_in_reach_is_a_warning(madeland: Path, tmp_path: Path) -> None:
    sites, found = read(madeland, tmp_path, ["far,50.9,61.5,40,"])
    assert sites is not None
    assert sites.empty
    assert found[FAR_SITES].severity is Severity.WARNING


def test_a_measured_antenna_is_not_used_and_said_once(madeland: Path, tmp_path: Path) -> None:
    sites, found = read(madeland, tmp_path, ["a,50.4,61.5,40,K742", "b,50.4,61.6,40,K742"])
    assert sites is not None
    assert len(sites) == 2
    assert found["site-pattern-unused"].severity is Severity.INFO
    assert not [f for f in found.values() if f.severity is Severity.ERROR]
    assert "--antenna" not in " ".join(f.mend for f in found.values())
