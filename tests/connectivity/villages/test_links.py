"""Radio links: the nearest within range, and only those in sight where somebody looked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qamtu.connectivity.villages import run
from qamtu.connectivity.villages.links import candidate_hops, find_links, links_of_hops
from qamtu.connectivity.villages.options import RADIO
from qamtu.core.errors import InputError

from .made import made_inputs


@pytest.mark.parametrize("kind", RADIO)
def test_hops_that_are_all_in_sight_are_the_nearest_links(kind: str) -> None:
    inputs = made_inputs(60, 3)
    table = inputs.settlements
    hops = candidate_hops(table, inputs.params)
    hops = hops.assign(clearance=2.0, clear=True, resolution_arcsec=15)
    targets = np.flatnonzero(~table["has_fibre"].to_numpy())
    sources = np.arange(len(table))
    reach = inputs.params.value(
        {"microwave": "microwave_range", "fixed_wireless": "wireless_range"}[kind]
    )
    lat, lon = table["lat_deg"].to_numpy(), table["lon_deg"].to_numpy()
    plain = find_links(lat, lon, targets, sources, reach)
    ids = table["settlement_id"].to_numpy(dtype=object)
    seen = links_of_hops(hops, kind, ids, targets, sources)
    assert set(zip(seen.source, seen.target, strict=True)) == set(
        zip(plain.source, plain.target, strict=True)
    )
    assert (seen.clearance == 2.0).all()
    assert (seen.resolution_arcsec == 15).all()


def test_a_hop_without_line_of_sight_gives_way_to_the_next() -> None:
    inputs = made_inputs(60, 3)
    table = inputs.settlements
    hops = candidate_hops(table, inputs.params)
    hops = hops.assign(clearance=1.0, clear=True, resolution_arcsec=15)
    ids = table["settlement_id"].to_numpy(dtype=object)
    targets, sources = np.flatnonzero(~table["has_fibre"].to_numpy()), np.arange(len(table))
    before = links_of_hops(hops, "microwave", ids, targets, sources)
    many = hops[hops["hop_kind"] == "microwave"]["settlement_to"].value_counts().index[0]
    k = int(np.flatnonzero(ids[before.target] == many)[0])  # it has more than six in range
    source, target = before.source[k], before.target[k]
    hidden = (hops["settlement_from"] == ids[source]) & (hops["settlement_to"] == many)
    after = links_of_hops(hops.assign(clear=~hidden), "microwave", ids, targets, sources)
    assert (source, target) not in set(zip(after.source, after.target, strict=True))
    assert (after.target == target).sum() == (before.target == target).sum() == 6


def test_the_plan_uses_no_hop_that_is_hidden() -> None:
    inputs = made_inputs(60, 3)
    hops = candidate_hops(inputs.settlements, inputs.params)
    hops = hops.assign(
        clearance=np.where(np.arange(len(hops)) % 2, 1.5, -0.5),
        clear=np.arange(len(hops)) % 2 == 1,
        resolution_arcsec=300,
    )
    plan = run(replace(inputs, hops=hops))
    far = plan.settlements[plan.settlements["link_km"] > 0]
    assert len(far)
    clear = hops[hops["clear"]]
    offered = set(zip(clear["settlement_from"], clear["settlement_to"], strict=True))
    assert set(zip(far["served_from"], far["settlement_id"], strict=True)) <= offered
    assert (far["link_clearance"] == 1.5).all()
    assert (far["link_resolution_arcsec"] == 300).all()
    assert "line-of-sight-coarse" in {f.id for f in plan.findings}


def test_a_hop_to_nowhere_is_found() -> None:
    inputs = made_inputs(20, 1)
    hops = candidate_hops(inputs.settlements, inputs.params)
    hops = hops.assign(clear=True).replace({"settlement_to": {hops["settlement_to"][0]: "made:x"}})
    with pytest.raises(InputError) as caught:
        run(replace(inputs, hops=hops))
    assert "hop-end-unknown" in {f.id for f in caught.value.findings}
