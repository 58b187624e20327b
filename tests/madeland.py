"""Madeland: a filled pack of a made country, and the command line to try it with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import shapely

from qamtu.country import init_pack

from .connectivity.villages.made import made_regions, made_roads, made_settlements

TARGETS = """
[villages_target]
value = 10
unit = "settlements"
date = "2025"
source = "made for tests"
verify = true
description = "Villages that are to get fibre"

[people_share_target]
value = 0.5
unit = "1"
date = "2025"
source = "made for tests"
verify = true
description = "Share of the people at high speed"

[first_year]
value = 2031
unit = "year"
date = "2025"
source = "made for tests"
verify = true
description = "First year of construction"

[consumer_price_factor_made]
value = 2.0
unit = "1"
date = "2025"
source = "made for tests"
verify = true
description = "Growth of prices"

[press_capex_per_km_made]
value = 1000000.0
unit = "currency/km"
date = "2025"
source = "made for tests"
verify = true
description = "Price of a kilometre in the press"

[press_km_per_village_made]
value = 12.0
unit = "km"
date = "2025"
source = "made for tests"
verify = true
description = "Kilometres for a village in the press"
"""

QUICK = (
    "--max-rounds", "2", "--scheduler", "serial", "--curve-points", "1", "--draws", "20",
    "--rings", "2", "--time-limit", "600", "--gap", "1e-9",
)  # fmt: skip
"""Options of a plan of seconds whose answer no clock changes."""


@dataclass(frozen=True)
class Spoken:
    """What the command line said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """All it said, its line breaks and runs of spaces made single spaces."""
        return " ".join((self.out + " " + self.err).split())


def fill_pack(folder: Path, settlements: pd.DataFrame | None = None, count: int = 48) -> Path:
    """Fill a pack that `init_pack` began with a made country of 2° × 1.5°."""
    places = made_settlements(count, seed=5) if settlements is None else settlements
    init_pack(folder, code="ml", title="Madeland (made)", currency="MLD", price_year=2024)
    write_settlements(folder / "settlements.csv", places)
    for name, table, key in (
        ("regions", made_regions(), "region_id"),
        ("roads", made_roads(places), "road_id"),
    ):
        plain = pd.DataFrame(table.drop(columns="geometry"))
        plain["geometry"] = shapely.to_wkt(table.geometry.array, rounding_precision=6)
        plain.sort_values(key).to_csv(folder / f"{name}.csv", index=False)
    params = folder / "params" / "villages.toml"
    head = params.read_text(encoding="utf-8").replace("value = 1.0", "value = 500.0")
    params.write_text(head + TARGETS, encoding="utf-8")
    return folder


def write_settlements(path: Path, places: pd.DataFrame) -> None:
    """Write settlements as a user's CSV, region left to the borders."""
    places.drop(columns=["region_id", "district_id", "households"]).to_csv(path, index=False)
