"""Bills against cases computed by hand, and a rate of nought, at which a sum is a sum."""

from __future__ import annotations

import numpy as np
import pytest

from qamtu.connectivity.corridors.costs import Bill, Prices
from qamtu.connectivity.corridors.places import KINDS, Places

from .made import made_params

PLAIN = {"exchange_rate": 500.0, "discount_rate": 0.0, "horizon": 20}


def prices(**values: float) -> Prices:
    return Prices(made_params(**PLAIN | values), sectors=2)


def places(settlement_km: float, road_km: float = 0.0) -> Places:
    one = np.zeros(1)
    number = np.zeros(1, dtype=np.int64)
    kind = np.full(1, KINDS.index("road"), dtype=np.int8)
    return Places(
        kind, one, one, number, one, np.array([road_km]), number, np.array([settlement_km]),
        number, one, one, number, np.zeros((1, 2)), number - 1,
    )  # fmt: skip


def figures(bill: Bill) -> tuple[float, float, float]:
    made = (np.ravel(part)[0] for part in (bill.capex, bill.opex_per_year, bill.npv))
    return tuple(float(one) for one in made)  # type: ignore[return-value]


def test_a_hop_is_bought_three_times_in_twenty_years() -> None:
    bill = prices(hop_link=26_000.0, hop_opex=3_000.0, electronics_life=8).hop(1)
    # in the years 0, 8 and 16, and twenty years of running, at 500 for a dollar
    assert figures(bill) == pytest.approx((13e6, 1.5e6, 500 * (3 * 26_000 + 20 * 3_000)))


def test_later_money_counts_less() -> None:
    own = prices(discount_rate=0.08, fibre_terminal=5_000.0, fibre_terminal_opex=300.0,
                 electronics_life=10)  # fmt: skip
    # the second set after ten years: 1.08 ** -10 = 0.46319; twenty payments, each at the end of
    # its year: (1 - 1.08 ** -20) / 0.08 = 9.81815
    assert figures(own.terminal(1))[2] == pytest.approx(
        500 * (5_000 * 1.463193 + 300 * 9.818147), rel=1e-6
    )


def test_towers_between_and_beyond_the_heights_that_have_a_price() -> None:
    own = prices(tower_30m=30_000.0, tower_40m=50_000.0, tower_70m=98_000.0, tower_life=25)
    made = own.tower([30.0, 35.0, 15.0, 140.0]).capex / 500.0
    assert made == pytest.approx([30_000.0, 40_000.0, 15_000.0, 196_000.0])


def test_fibre_by_the_kilometre() -> None:
    bill = prices(fibre_along_road=10_000.0, fibre_opex=100.0, fibre_life=25).fibre([2_500.0])
    assert figures(bill) == pytest.approx((12.5e6, 125e3, 12.5e6 + 20 * 125e3))


def test_power_is_a_line_near_and_a_plant_far() -> None:
    own = prices(
        settlement_radius=1.5, grid_connection=9_000.0, grid_line=14_000.0, tower_life=25,
        grid_energy=700.0, solar_diesel=22_000.0, solar_diesel_energy=1_800.0, power_life=12,
    )  # fmt: skip
    near, far = places(2.5), places(11.5)
    # one kilometre of line and 1 kW for twenty years, and two plants with their fuel
    assert figures(own.power(near, 1.0)) == pytest.approx(
        (500 * 23_000.0, 500 * 700.0, 500 * (23_000.0 + 14_000.0))
    )
    assert figures(own.power(far, 1.0)) == pytest.approx(
        (500 * 22_000.0, 500 * 1_800.0, 500 * (44_000.0 + 36_000.0))
    )
    assert own.on_grid(near).tolist() == [True]
    assert own.on_grid(far).tolist() == [False]


def test_land_with_a_track_outside_settlements_only() -> None:
    own = prices(
        land_settlement=4_000.0, land_open=1_500.0, access_track=12_000.0, settlement_radius=1.5
    )
    assert figures(own.land(places(9.0, road_km=0.5)))[0] == pytest.approx(500 * 7_500.0)
    assert figures(own.land(places(1.0, road_km=0.5)))[0] == pytest.approx(500 * 4_000.0)
