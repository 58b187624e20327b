"""Settlements from raw points: names, region, district, official numbers, fibre today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Severity
from qamtu.country.admin import Admin
from qamtu.country.catalogue import SourceCatalogue
from qamtu.country.names import comparable, romanised
from qamtu.country.settings import PackSettings, PlacesSource
from qamtu.country.sources import read_csv

__all__ = ["Places", "build_places"]

_KIND_RANK: Final = {"city": 0, "town": 1, "village": 2, "hamlet": 3, "isolated": 4}
_NEAR_M: Final = 20_000.0
_EARTH_M: Final = 6_371_008.8
_LANGUAGES: Final = ("name_kk", "name_ru", "name_en")


@dataclass(frozen=True, slots=True)
class Places:
    """Settlements before people are spread over them.

    Parameters
    ----------
    table
        One row a place, sorted by id; ``population_known`` is missing where no source gives
        one, ``urban`` and the district are set.
    findings
        What did not match.
    counts
        Counts for the manifest.
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...]
    counts: dict[str, int]


def build_places(settings: PackSettings, catalogue: SourceCatalogue, admin: Admin) -> Places:
    """Build the settlements, all but the estimated populations."""
    table = _raw_places(settings, catalogue)
    table = pd.concat([table, _added_places(settings, catalogue)], ignore_index=True)
    table = table.sort_values("settlement_id", ignore_index=True)
    table, filled = _named(table, settings)
    table["region_id"] = _region_by_polygon(table, admin)
    table, found_region = _district_by_polygon(table, admin)
    official, found_official = _official_places(settings, catalogue, admin, table)
    table = _with_official(table, official, settings)
    table = _settle_splits(table, admin, settings)
    table["urban"] |= table["region_id"].isin(_urban_regions(admin))
    table, found_fibre, fibre = _fibre_today(table, official, admin, settings)
    counts = {**filled, **fibre, "official_places_matched": int((official["row"] >= 0).sum())}
    return Places(table, (*found_region, *found_official, *found_fibre), counts)


def _raw_places(settings: PackSettings, catalogue: SourceCatalogue) -> pd.DataFrame:
    have = settings.settlements
    names = (have.name_column, have.name_kk_column, have.name_ru_column, have.name_en_column)
    text = (have.id_column, have.id_missing["column"], *names)
    columns = (*text, have.keep_column, have.kind_column, have.lat_column, have.lon_column,
               *have.population_columns.values())  # fmt: skip
    raw = read_csv(catalogue.path(have.source), columns, text)
    raw = raw[(raw[have.keep_column] == have.keep_value) & raw[have.kind_column].isin(have.kinds)]
    made = pd.DataFrame({"settlement_id": _ids(raw, have)})
    for column, name in zip(("name", *_LANGUAGES), names, strict=True):
        made[column] = raw[name].str.strip().to_numpy()
    made["kind"] = raw[have.kind_column].map(have.kinds).to_numpy()
    made["lat_deg"] = raw[have.lat_column].to_numpy(dtype=np.float64).round(6)
    made["lon_deg"] = raw[have.lon_column].to_numpy(dtype=np.float64).round(6)
    made["population_known"] = np.nan
    made["population_source"] = "estimated"
    for name, column in have.population_columns.items():
        given = pd.to_numeric(raw[column], errors="coerce").to_numpy(dtype=np.float64)
        use = np.isnan(made["population_known"]) & (given >= settings.population.known_minimum)
        made.loc[use, "population_known"] = given[use]
        made.loc[use, "population_source"] = name
    wrong = made["settlement_id"].isin(settings.population.distrusted)
    made.loc[wrong, "population_known"] = np.nan
    made.loc[wrong, "population_source"] = "estimated"
    return made


def _ids(raw: pd.DataFrame, have: PlacesSource) -> NDArray[Any]:
    """Give each place its prefixed id, from the second column where the first is empty."""
    first = raw[have.id_column].str.removesuffix(".0")
    second = raw[have.id_missing["column"]].str.removesuffix(".0")
    made = (have.id_prefix + first).where(first.notna(), have.id_missing["prefix"] + second)
    return np.asarray(made)


def _added_places(settings: PackSettings, catalogue: SourceCatalogue) -> pd.DataFrame:
    """Give the places that the raw points lack, at a gazetteer's coordinates."""
    where = settings.gazetteer
    columns = (where.id_column, where.lat_column, where.lon_column)
    points = read_csv(catalogue.path(where.source), columns, (where.id_column,))
    points = points.set_index(where.id_column)
    rows = []
    for place in settings.settlements.added:
        lat, lon = place.lat_deg, place.lon_deg
        if lat is None or lon is None:
            lat = float(points.loc[place.gazetteer_id, where.lat_column])
            lon = float(points.loc[place.gazetteer_id, where.lon_column])
        rows.append(
            {
                "settlement_id": place.settlement_id, "name": place.name_kk,
                "name_kk": place.name_kk, "name_ru": place.name_ru, "name_en": None,
                "kind": place.kind, "lat_deg": lat, "lon_deg": lon,
                "population_known": np.nan, "population_source": "estimated",
                "note": "point of a gazetteer, not of the places' source",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _named(table: pd.DataFrame, settings: PackSettings) -> tuple[pd.DataFrame, dict[str, int]]:
    """Fill missing names: Kazakh and Russian from the plain name, English by letters."""
    made = table.copy()
    filled = np.full(len(made), "", dtype=object)
    for column in ("name_kk", "name_ru"):
        other = made["name_ru" if column == "name_kk" else "name_kk"]
        spare = made["name"].where(made["name"].notna(), other)
        empty = made[column].isna() & spare.notna()
        made.loc[empty, column] = spare[empty]
        filled[empty] += column.removeprefix("name_") + " "
    empty = made["name_en"].isna() & made["name_kk"].notna()
    made.loc[empty, "name_en"] = [
        romanised(name, settings.romanisation) for name in made.loc[empty, "name_kk"]
    ]
    filled[empty] += "en "
    made["names_filled"] = [text.strip() or None for text in filled]
    nameless = made["name_kk"].isna() & made["name_en"].isna()
    counts = {"names_en_romanised": int(empty.sum()), "places_without_name": int(nameless.sum())}
    return made, counts


def _points(table: pd.DataFrame) -> Any:
    return shapely.points(table["lon_deg"].to_numpy(), table["lat_deg"].to_numpy())


def _region_by_polygon(table: pd.DataFrame, admin: Admin) -> NDArray[Any]:
    """Give the region whose polygon holds the point, else the nearest one."""
    points = _points(table)
    tree = shapely.STRtree(np.asarray(admin.regions_full.geometry.array))
    ids = admin.regions_full["region_id"].to_numpy()
    row, hit = tree.query(points, predicate="intersects")
    index = np.full(len(table), -1)
    index[row[::-1]] = hit[::-1]
    lost = np.flatnonzero(index < 0)
    index[lost] = tree.nearest(points[lost])
    return np.asarray(ids[index], dtype=object)


def _district_by_polygon(table: pd.DataFrame, admin: Admin) -> tuple[pd.DataFrame, list[Finding]]:
    """Set the district by current borders, else the old unit by old borders of the region."""
    made = table.copy()
    points = _points(made)
    made["district_id"] = pd.Series([None] * len(made), dtype="object")
    made["district_source"] = pd.Series([None] * len(made), dtype="object")
    current = shapely.STRtree(np.asarray(admin.osm.geometry.array))
    row, hit = current.query(points, predicate="intersects")
    made.loc[row[::-1], "district_id"] = admin.osm["district_id"].to_numpy()[hit[::-1]]
    made.loc[row, "district_source"] = "osm"
    region_of = dict(zip(admin.osm["district_id"], admin.osm["region_id"], strict=True))
    theirs = made["district_id"].map(region_of)
    moved = theirs.notna() & (theirs != made["region_id"])
    made.loc[moved, "region_id"] = theirs[moved]
    made["old_unit"], near = _nearest_units(made, points, admin)
    close = made["district_id"].isna() & near.notna()
    made.loc[close, "district_id"] = near[close]
    made.loc[close, "district_source"] = "osm"
    single = admin.old["units"].str.len().to_numpy() == 1
    old = made["old_unit"].to_numpy()
    use = made["district_id"].isna().to_numpy() & (old >= 0)
    use[use] &= single[old[use]]
    made.loc[use, "district_id"] = [admin.old["units"].iloc[i][0] for i in old[use]]
    made.loc[use, "district_source"] = "old_borders"
    found = [
        Finding(
            "region-of-district", Severity.INFO,
            f"{int(moved.sum()):,} places lie by the regions' borders in one region and by the "
            "districts' borders in another: the district's region was taken",
            "nothing to mend; the two sets of borders differ by some kilometres", "settlements",
        )
    ] * bool(moved.any())  # fmt: skip
    return made, found


def _nearest_units(
    table: pd.DataFrame, points: Any, admin: Admin
) -> tuple[NDArray[np.int64], pd.Series[Any]]:
    """Give the unit of the place's own region that is nearest, 20 km away at most.

    Returns
    -------
    old
        Row of the old unit, −1 where there is none or a current one is nearer.
    current
        Id of the current unit, missing where an old one is as near.
    """
    old = np.full(len(table), -1, dtype=np.int64)
    current = np.full(len(table), None, dtype=object)
    regions = table["region_id"].to_numpy()
    limit = np.degrees(_NEAR_M / _EARTH_M)
    for region in admin.regions_full["region_id"]:
        mine = np.flatnonzero(regions == region)
        ancient = admin.old[admin.old["region_id"] == region]
        drawn = admin.osm[admin.osm["region_id"] == region]
        shapes = [*ancient.geometry.array, *drawn.geometry.array]
        if not shapes:
            continue
        row, hit = shapely.STRtree(shapes).query_nearest(points[mine], max_distance=limit)
        rows, first = np.unique(row, return_index=True)
        hits = hit[first]
        is_old = hits < len(ancient)
        old[mine[rows[is_old]]] = ancient.index.to_numpy()[hits[is_old]]
        ids = drawn["district_id"].to_numpy()
        current[mine[rows[~is_old]]] = ids[hits[~is_old] - len(ancient)]
    return old, pd.Series(current, index=table.index, dtype="object")


def _official_places(
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
    urban = _urban_regions(admin)
    ids = dict(zip(admin.regions_full["key"], admin.regions_full["region_id"], strict=True))
    rows = raw[raw["kind"] == settings.official_units.region_kind].copy()
    rows = rows[rows["region"].map(ids).isin(urban)]
    rows["kind"] = settings.official_places.kinds[0]
    rows["parent"] = None
    return rows


def _urban_regions(admin: Admin) -> set[str]:
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
        for i, row in enumerate(table[["region_id", "name", *_LANGUAGES]].itertuples(index=False)):
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


def _with_official(
    table: pd.DataFrame, official: pd.DataFrame, settings: PackSettings
) -> pd.DataFrame:
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


def _settle_splits(table: pd.DataFrame, admin: Admin, settings: PackSettings) -> pd.DataFrame:
    """Send the places of shared old units to one of their successors by the unit's rule."""
    made = table.copy()
    strip = settings.settlements.strip
    open_rows = np.flatnonzero(made["district_id"].isna() & (made["old_unit"] >= 0))
    centres = _centres(made)
    name_to_id = {
        (d.region_id, d.name_kk): d.district_id for d in admin.districts.itertuples(index=False)
    }
    for i in open_rows:
        place = made.iloc[i]
        unit = admin.old.iloc[int(place["old_unit"])]
        names = {comparable(n, strip) for n in place[["name", *_LANGUAGES]] if isinstance(n, str)}
        chosen = unit["units"][0]
        for name, villages in unit["rule"].named.items():
            if names & {comparable(village, strip) for village in villages}:
                chosen = name_to_id[(unit["region_id"], name)]
        near = [c for c in unit["units"] if c in centres]
        if unit["rule"].nearest and near:
            point = (place["lat_deg"], place["lon_deg"])
            chosen = min(near, key=lambda c: _square(point, centres[c]))
        made.loc[i, "district_id"] = chosen
        made.loc[i, "district_source"] = "old_borders_split"
    return made.drop(columns=["old_unit", "name"])


def _centres(table: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Give the point of each unit's largest official place."""
    rows = table[table["official_kind"].notna() & table["district_id"].notna()]
    rows = rows.sort_values("population_known", ascending=False).drop_duplicates("district_id")
    columns = (rows["district_id"], rows["lat_deg"], rows["lon_deg"])
    return {str(d): (float(a), float(b)) for d, a, b in zip(*columns, strict=True)}


def _square(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Give a distance squared, good enough to tell which of two centres is nearer."""
    east = (a[1] - b[1]) * np.cos(np.radians(a[0]))
    return float((a[0] - b[0]) ** 2 + east**2)


def _fibre_today(
    table: pd.DataFrame, official: pd.DataFrame, admin: Admin, settings: PackSettings
) -> tuple[pd.DataFrame, list[Finding], dict[str, int]]:
    """Assume fibre in cities, towns and district centres; say which centres were not found."""
    made = table.copy()
    towns = settings.official_places.town_kinds
    town = made["kind"].isin(["city", "town"]) | made["official_kind"].isin(towns)
    centre = made["official_kind"].notna() & ~town
    made["has_fibre"] = town | centre
    date = settings.official_units.date
    made["fibre_source"] = np.select(
        [town, centre],
        [f"assumed: city or town ({date} list)", f"assumed: district centre ({date} list)"],
        "assumed: none",
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
