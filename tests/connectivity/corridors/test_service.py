"""Link budgets against a case computed by hand."""

from __future__ import annotations

import pytest

from qamtu.connectivity.corridors.service import link_budget

from .made import made_params

HAND = {
    "carrier_bandwidth": 10.0, "base_power": 46.0, "base_noise": 5.0, "feeder_loss": 1.0,
    "device_power": 23.0, "device_noise": 9.0, "body_loss_voice": 3.0, "body_loss_data": 1.0,
    "interference_margin": 2.0, "vehicle_loss": 9.0, "vehicle_loss_sigma": 4.0,
    "location_share": 95.0, "voice_sinr": -4.0, "voice_blocks": 2, "data5_downlink": 6.0,
    "data5_uplink": 0.432, "data5_share": 0.5, "data5_uplink_blocks": 6, "shannon_downlink": 0.6,
    "shannon_uplink": 0.4,
}  # fmt: skip


def test_voice_by_hand() -> None:
    budget = link_budget("voice", made_params(**HAND), 3.0)
    # 46 dBm over 600 subcarriers is 18.218 dBm each; noise in 15 kHz is -174 + 41.761 + 9 dBm
    assert budget.loss_down_db == pytest.approx(18.218 + 123.239 + 4.0 - 6.0, abs=0.001)
    # 23 dBm; noise in two blocks, 360 kHz, is -174 + 55.563 + 5 dBm
    assert budget.loss_up_db == pytest.approx(23.0 + 113.437 + 4.0 - 6.0, abs=0.001)
    # deviations of 3 and 4 dB make 5 dB, 95 % of a normal one lie below 1.6449 of them
    assert budget.location_db == pytest.approx(8.224, abs=0.001)
    # the uplink, 134.437 dB, is the lesser
    assert budget.loss_db == pytest.approx(134.437 - 9.0 - 8.224, abs=0.002)


def test_data_by_hand() -> None:
    budget = link_budget("data5", made_params(**HAND), 3.0)
    # 6 Mbit/s in 5 MHz at 0.6 of the bound: 2 bit/s/Hz, a ratio of 2 ** 2 - 1 = 3
    assert budget.sinr_down_db == pytest.approx(4.771, abs=0.001)
    # 432 kbit/s in 1.08 MHz at 0.4 of the bound: 1 bit/s/Hz, a ratio of 1
    assert budget.sinr_up_db == pytest.approx(0.0, abs=1e-9)
    assert budget.loss_down_db == pytest.approx(18.218 + 123.239 - 4.771 - 4.0, abs=0.001)
    # noise in 1.08 MHz is -174 + 60.334 + 5 dBm
    assert budget.loss_up_db == pytest.approx(23.0 + 108.666 - 0.0 - 4.0, abs=0.001)
    assert budget.loss_db == pytest.approx(127.666 - 9.0 - 8.224, abs=0.002)


def test_half_of_the_locations_need_no_margin() -> None:
    assert (
        link_budget("voice", made_params(**HAND | {"location_share": 50.0}), 3.0).location_db == 0
    )
