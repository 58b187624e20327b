"""How values of the board are written for programs."""

from __future__ import annotations

import datetime as dt

from qamtu.programme.quantity import Quantity
from qamtu.service.records.exporting import _json


def test_a_quantity_is_a_number_with_its_unit() -> None:
    assert _json(Quantity(0.284, "share")) == {"value": 0.284, "unit": "share"}
    assert _json(dt.date(2026, 12, 31)) == "2026-12-31"
