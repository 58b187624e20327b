"""Namesakes close to each other."""

from __future__ import annotations

import pandas as pd

from qamtu.country.namesakes import close_namesakes, parts_of_places


def table(*rows) -> pd.DataFrame:
    columns = ["settlement_id", "name_kk", "name_ru", "kind", "lat_deg", "lon_deg",
               "population_known"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).assign(region_id="r")


PLACES = table(
    ("a", "Достық", "Достык", "village", 43.0, 70.0, 3000.0),
    ("b", "Достық", "Достык", "hamlet", 43.01, 70.0, None),
    ("c", "Еңкес", "Енкес", "hamlet", 44.0, 70.0, None),
    ("d", "Енкес", "Енкес", "hamlet", 44.01, 70.0, None),
    ("e", "Достық", "Достык", "hamlet", 43.2, 70.0, None),
    ("f", "Басқа", "Баска", "hamlet", 43.0, 70.001, None),
)


def test_namesakes_within_the_limit_are_paired() -> None:
    pairs = close_namesakes(PLACES, 2000.0)
    assert [(i, j) for i, j, _ in pairs] == [(0, 1), (2, 3)]
    assert abs(pairs[0][2] - 1112) < 2


def test_only_a_namesake_without_a_number_beside_one_with_is_a_part() -> None:
    got, found = parts_of_places(PLACES, 2000.0, ())
    assert got["part_of"].dropna().to_dict() == {1: "a"}
    assert [f.id for f in found] == ["namesake-merged", "namesake-near"]
