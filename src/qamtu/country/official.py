"""Official numbers of single places: which point each belongs to, and fibre today."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from qamtu.core.findings import Finding, Severity
from qamtu.country.admin import Admin
from qamtu.country.catalogue import SourceCatalogue
from qamtu.country.names import LANGUAGES, comparable
from qamtu.country.settings import PackSettings
from qamtu.country.sources import read_csv

__all__ = ["fibre_today", "match_official", "urban_regions", "with_official"]

_KIND_RANK: Final = {"city": 0, "town": 1, "village": 2, "hamlet": 3, "isolated": 4}
_DISAGREES: Final = 0.4  # natural logarithm of the ratio: half as much again


def match_official(
    settings: PackSettings, catalogue: SourceCatalogue, admin: Admin, table: pd.DataFrame
) -> tuple[pd.DataFrame, list[Finding]]:
    """Match the places of the official table with rows; ``row`` is −1 where none fits."""
    have, units = settings.official_places, settings.official_units
    columns = (units.region_column, have.parent_column, units.unit_column, units.kind_column,
               units.total_column, units.urban_column)  # fmt: skip
    path = catalogue.path(have.source)
    raw = read_csv(path, columns)[list(columns)]
    raw.columns = pd.Index(["region", "parent", "unit", "kind", "total", "urban"])
    whole = _whole_cities(settings, admin, raw)
    raw = raw[raw["kind"].isin(have.kinds) & ~raw["unit"].isin(have.ignored)]
    raw = pd.concat([raw, whole], ignore_index=True)
    keys = dict(zip(admin.regions_full["key"], admin.regions_full["region_id"], strict=True))
    raw["region_id"] = raw["region"].map(keys)
    by_unit = {(d.region_id, d.key): d.district_id for d in admin.districts.itertuples(index=False)}
    raw["district_id"] = [
        None if pd.isna(p) else by_unit.get((r, comparable(p)))
        for r, p in zip(raw["region_id"], raw["parent"], strict=True)
    ]
    aliases = {(keys[a.region], a.unit): a.name for a in have.aliases}
    index = _NameIndex(table, admin, settings.settlements.strip)
    raw["row"] = [
        index.find(r, d, aliases.get((r, u), u), t)
        for r, d, u, t in zip(
            raw["region_id"], raw["district_id"], raw["unit"], raw["total"], strict=True
        )
    ]
    taken = raw["row"].where(raw["row"] >= 0)
    found = [
        _official_finding(unit, region, path.name, int(i) + 2)
        for i, (unit, region, row) in enumerate(
            zip(raw["unit"], raw["region"], raw["row"], strict=True)
        )
        if row < 0
    ]
    found += [
        Finding("official-place-elsewhere", Severity.INFO,
                f"{unit!r} was found at {table['settlement_id'].iloc[row]}, outside the borders of "
                f"{parent!r}: it counts there all the same",
                "name the right point under official_places.aliases if this is wrong", path.name)
        for unit, parent, district, row in zip(
            raw["unit"], raw["parent"], raw["district_id"], raw["row"], strict=True)
        if row >= 0 and isinstance(district, str) and not index.lies_in(row, district)
    ]  # fmt: skip
    for unit, total, row in zip(raw["unit"], raw["total"], raw["row"], strict=True):
        other = table["population_known"].iloc[row]
        if row >= 0 and abs(np.log(other / total)) > _DISAGREES:
            found.append(_disagreement(unit, total, table.iloc[row], path.name))
    doubles = raw[taken.notna() & taken.duplicated(keep=False)]
    found += [
        Finding("official-place-twice", Severity.WARNING,
                f"{unit!r} and another official place fit one point",
                "name the right point under official_places.aliases", path.name)
        for unit in doubles["unit"]
    ]  # fmt: skip
    return raw, found


def _whole_cities(settings: PackSettings, admin: Admin, raw: pd.DataFrame) -> pd.DataFrame:
    """Give the cities that are regions of their own as official places."""
    urban = urban_regions(admin)
    ids = dict(zip(admin.regions_full["key"], admin.regions_full["region_id"], strict=True))
    rows = raw[raw["kind"] == settings.official_units.region_kind].copy()
    rows = rows[rows["region"].map(ids).isin(urban)]
    rows["kind"] = settings.official_places.kinds[0]
    rows["parent"] = None
    return rows


def urban_regions(admin: Admin) -> set[str]:
    """Give the regions without rural people: cities that are regions of their own."""
    regions = admin.regions
    return set(regions.loc[regions["population_rural"] == 0, "region_id"])


class _NameIndex:
    """Finds the point of an official place by region, name, district, kind and size."""

    def __init__(self, table: pd.DataFrame, admin: Admin, strip: tuple[str, ...]) -> None:
        self._strip = strip
        self._rows: dict[tuple[str, str], list[int]] = {}
        self._districts = [
            {district}
            if isinstance(district, str)
            else set(admin.old["units"].iloc[old])
            if old >= 0
            else set()
            for district, old in zip(table["district_id"], table["old_unit"], strict=True)
        ]
        self._rank = table["kind"].map(_KIND_RANK).to_numpy()
        self._known = table["population_known"].to_numpy(dtype=np.float64)
        for i, row in enumerate(table[["region_id", "name", *LANGUAGES]].itertuples(index=False)):
            names = {comparable(n, strip) for n in row[1:] if isinstance(n, str)}
            for name in names:
                self._rows.setdefault((str(row[0]), name), []).append(i)

    def find(self, region: str, district: str | None, unit: str, total: int) -> int:
        """Give the best row, −1 where none fits."""
        rows = self._rows.get((region, comparable(unit, self._strip)), [])
        rows = [i for i in rows if self._rank[i] < _KIND_RANK["isolated"]]
        inside = [i for i in rows if district in self._districts[i]]
        if not (inside or rows):
            return -1
        off = {i: self._off(i, total) for i in inside or rows}
        return min(off, key=lambda i: (off[i] > 1.0, self._rank[i], off[i]))

    def lies_in(self, row: int, district: str) -> bool:
        """Tell whether a row's point may lie in a unit by the borders."""
        return district in self._districts[row]

    def _off(self, row: int, total: int) -> float:
        """Give how far the known number is from the official one, 1 (not far) if unknown."""
        known = self._known[row]
        return 1.0 if np.isnan(known) else abs(float(np.log(max(known, 1.0) / max(total, 1))))


def _official_finding(unit: str, region: str, file: str, row: int) -> Finding:
    return Finding(
        "official-place-unmatched", Severity.WARNING,
        f"no point bears the name of {unit!r} in {region}: its people are spread over others",
        "name its point under official_places.aliases, or add it under settlements.added",
        file, row, "unit",
    )  # fmt: skip


def _disagreement(unit: str, total: int, place: pd.Series[Any], file: str) -> Finding:
    return Finding(
        "population-disagrees", Severity.INFO,
        f"{unit!r} has {total:,} people officially and {place['population_known']:,.0f} by "
        f"{place['population_source']}: the official number was taken",
        "nothing to mend; look at the point if the two cannot be one place", file,
    )  # fmt: skip


def with_official(table: pd.DataFrame, official: pd.DataFrame) -> pd.DataFrame:
    """Set official numbers, urban status and districts of the matched places."""
    made = table.copy()
    made["urban"] = False
    made["official_kind"] = pd.Series([None] * len(made), dtype="object")
    got = official[official["row"] >= 0].drop_duplicates("row")
    rows = got["row"].to_numpy()
    made.loc[rows, "population_known"] = got["total"].to_numpy(dtype=np.float64)
    made.loc[rows, "population_source"] = "official"
    made.loc[rows, "urban"] = got["urban"].to_numpy() > 0
    made.loc[rows, "official_kind"] = got["kind"].to_numpy()
    with_unit = got["district_id"].notna().to_numpy()
    made.loc[rows[with_unit], "district_id"] = got["district_id"].to_numpy()[with_unit]
    made.loc[rows[with_unit], "district_source"] = "official"
    return made


def fibre_today(
    table: pd.DataFrame, admin: Admin, settings: PackSettings
) -> tuple[pd.DataFrame, list[Finding], dict[str, int]]:
    """Assume fibre in cities, towns and district centres; say which centres were not found."""
    made = table.copy()
    towns = settings.official_places.town_kinds
    town = made["kind"].isin(["city", "town"]) | made["official_kind"].isin(towns)
    centre = made["official_kind"].notna() & ~town
    made["has_fibre"] = town | centre
    date = settings.official_places.fibre_date
    made["fibre_source"] = np.select(
        [town, centre],
        [f"assumed in {date}: city or town", f"assumed in {date}: district centre"],
        f"assumed in {date}: none",
    )
    rural = admin.districts[admin.districts["unit_kind"] == "district"]
    served = set(made.loc[made["has_fibre"], "district_id"].dropna())
    lacking = rural[~rural["district_id"].isin(served)]
    found = [
        Finding("district-centre-unknown", Severity.WARNING,
                f"no place with fibre was found in {name}: its centre is not in the tables",
                "name the centre in your own settlements table (has_fibre)", "settlements")
        for name in lacking["name_kk"]
    ]  # fmt: skip
    counts = {
        "fibre_cities_and_towns": int(town.sum()),
        "fibre_district_centres": int(centre.sum()),
        "districts_with_fibre_place": len(rural) - len(lacking),
        "districts_without_fibre_place": len(lacking),
    }
    return made.drop(columns="official_kind"), found, counts
