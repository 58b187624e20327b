"""Line of sight of a plan's radio links: what the terrain hides is not offered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from qamtu.country import load_pack
from qamtu.studies.hops import clear_hops
from qamtu.studies.plan_data import PlanRequest, plan_inputs


@pytest.fixture(scope="module")
def looked() -> tuple:
    request = PlanRequest("kz", Path("nowhere"), region="Jambyl Region")
    pack, inputs, _ = plan_inputs(request)
    hops, findings = clear_hops(pack, inputs.settlements, inputs.params)
    return pack, inputs, hops, findings


def test_mountains_hide_some_hops_and_leave_others(looked: tuple) -> None:
    _, _, hops, findings = looked
    assert not findings
    micro = hops[hops["hop_kind"] == "microwave"]
    assert 0.3 < micro["clear"].mean() < 0.95
    assert set(hops["resolution_arcsec"]) <= {15, 300}
    assert (hops.loc[hops["clear"], "clearance"] >= 0.6 - 1e-12).all()
    assert (micro.loc[micro["clear"], "clearance"] >= 1.0 - 1e-12).all()


def test_a_wall_across_the_country_hides_what_crosses_it(tmp_path: Path, looked: tuple) -> None:
    pack, inputs, hops, _ = looked
    lat, lon = (inputs.settlements[c].to_numpy() for c in ("lat_deg", "lon_deg"))
    middle = float(np.median(lon))
    west, north, step = lon.min() - 0.5, lat.max() + 0.5, 1 / 360
    size = round((north - lat.min() + 0.5) / step), round((lon.max() + 0.5 - west) / step)
    heights = np.full(size, 500.0, dtype=np.float32)
    wall = round((middle - west) / step)
    heights[:, wall - 1 : wall + 2] = 3000.0
    path = tmp_path / "made-wall.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=size[0], width=size[1], count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(step, 0.0, west, 0.0, -step, north),
    ) as sink:  # fmt: skip
        sink.write(heights, 1)
    walled, _ = clear_hops(pack, inputs.settlements, inputs.params, heights=(path,))
    place = inputs.settlements.set_index("settlement_id")["lon_deg"]
    ends = [walled[c].map(place).to_numpy() for c in ("settlement_from", "settlement_to")]
    crosses = (np.minimum(*ends) < middle - 0.02) & (np.maximum(*ends) > middle + 0.02)
    assert crosses.any()
    assert not walled.loc[crosses, "clear"].any()
    assert hops.loc[crosses, "clear"].any()
    assert (walled["resolution_arcsec"] <= 15).all()


def test_a_pack_without_heights_is_not_looked_at(looked: tuple) -> None:
    _, inputs, _, _ = looked
    bare = load_pack("kz")
    object.__setattr__(bare, "rasters", ())
    hops, findings = clear_hops(bare, inputs.settlements, inputs.params)
    assert hops is None
    assert not findings
