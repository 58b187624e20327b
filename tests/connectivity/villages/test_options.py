"""Options: prices against hand-made sums, capacity, and how they move."""

from __future__ import annotations

import numpy as np
import pytest

from qamtu.connectivity.villages.links import find_links
from qamtu.connectivity.villages.options import OPTIONS, economy_of, price_options
from qamtu.kernels.geodesy import geodesic_m

from .made import made_params


def test_fibre_for_a_hundred_homes_is_the_sum_of_its_positions() -> None:
    params = made_params(discount_rate=0.08, horizon=20, take_up=0.7)
    fibre = price_options(np.array([100]), params)["fibre"]
    dollars = 12_000 + 100 * 300 + 70 * 150
    assert fibre.capex[0] == pytest.approx(dollars * 500.0)
    opex = 1500 + 70 * 18 + 70 * 2.5 * 12
    assert fibre.opex_per_year[0] == pytest.approx(opex * 500.0)
    annuity = sum(1.08**-t for t in range(1, 21))
    renewed = (12_000 + 70 * 150) * (1 + 1.08**-10) + 100 * 300
    assert fibre.npv[0] == pytest.approx(500.0 * (renewed + opex * annuity))


def test_equipment_is_bought_anew_when_its_life_is_over() -> None:
    economy = economy_of(made_params(discount_rate=0.1, horizon=20))
    assert economy.renewals(25) == 1.0
    assert economy.renewals(20) == 1.0
    assert economy.renewals(5) == pytest.approx(1 + 1.1**-5 + 1.1**-10 + 1.1**-15)


@pytest.mark.parametrize("name", OPTIONS)
def test_more_homes_never_cost_less(name: str) -> None:
    option = price_options(np.arange(1, 4000), made_params())[name]
    assert (np.diff(option.npv) >= 0).all()
    assert (np.diff(option.capex) >= 0).all()
    assert (np.diff(option.feasible.astype(int)) <= 0).all()


def test_capacity_limits_radio_and_low_orbit_but_not_fibre() -> None:
    options = price_options(np.array([10, 50_000]), made_params())
    assert options["fibre"].feasible.tolist() == [True, True]
    assert options["geo"].feasible.tolist() == [True, True]
    for name in ("microwave", "fixed_wireless", "leo_terminal", "leo_gateway"):
        assert options[name].feasible.tolist() == [True, False]


@pytest.mark.parametrize("seed", range(5))
def test_links_are_the_nearest_in_range(seed: int) -> None:
    random = np.random.default_rng(seed)
    lat, lon = 50 + random.random(80), 60 + random.random(80)
    every = np.arange(80)
    targets, sources = every[:50], every[20:]
    links = find_links(lat, lon, targets, sources, 15.0, 4)
    for target in targets:
        others = sources[sources != target]
        n = len(others)
        far = geodesic_m(np.full(n, lat[target]), np.full(n, lon[target]), lat[others], lon[others])
        order = np.argsort(far)[:4]
        wanted = {int(others[i]) for i in order if far[i] <= 15_000 * 0.99}
        got = links.source[links.target == target]
        assert wanted <= set(got.tolist())
        assert len(got) <= 4
        assert target not in got
    direct = geodesic_m(lat[links.source], lon[links.source], lat[links.target], lon[links.target])
    assert links.distance_km == pytest.approx(direct / 1000.0, rel=0.006)


def test_no_sources_no_links() -> None:
    none = np.empty(0, dtype=np.int64)
    links = find_links(np.array([50.0]), np.array([60.0]), np.array([0]), none, 10.0, 3)
    assert len(links.source) == 0
