"""Parameters of one name: one unit everywhere, and one value where studies must agree."""

from __future__ import annotations

from pathlib import Path

import pytest

import qamtu
from qamtu.core.params import load_params

ROOT = Path(qamtu.__file__).parent
AGREED = ("profile_step", "discount_rate", "price_year")
"""What the studies must not take differently of the same world."""


def shipped() -> dict[str, list[tuple[str, str, float]]]:
    found: dict[str, list[tuple[str, str, float]]] = {}
    for path in sorted(ROOT.glob("**/params/*.toml")):
        for p in load_params(path).values():
            where = path.relative_to(ROOT).as_posix()
            found.setdefault(p.name, []).append((where, p.unit, p.value))
    return found


def test_one_name_has_one_unit() -> None:
    wrong = {n: r for n, r in shipped().items() if len({unit for _, unit, _ in r}) > 1}
    assert not wrong


@pytest.mark.parametrize("name", AGREED)
def test_what_studies_share_has_one_value(name: str) -> None:
    rows = shipped()[name]
    assert len(rows) > 1
    assert len({value for _, _, value in rows}) == 1, rows
