"""Regions and units of the second level, from official tables and two sets of borders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.country.catalogue import SourceCatalogue
from qamtu.country.names import best_match, comparable, latin_key, romanised
from qamtu.country.settings import OldUnit, PackSettings
from qamtu.country.sources import read_csv, read_polygons

__all__ = ["Admin", "area_km2", "build_admin"]

_LEAST_RATIO: Final = 0.72
_SURE_RATIO: Final = 0.85
_GEOD: Final = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Admin:
    """What the builder knows of administrative units.

    Parameters
    ----------
    regions
        Contract table of regions, with simplified polygons.
    regions_full
        The same polygons unsimplified: ``region_id``, ``key``, ``geometry``.
    districts
        Contract table of units of the second level, with ``key`` (official name) added.
    osm
        Current polygons: ``district_id``, ``region_id``, ``geometry``.
    old
        Old polygons: ``region_id``, ``units`` (tuple of district ids, the first takes what no
        rule sends elsewhere), ``rule`` (`OldUnit` or None), ``geometry``.
    findings
        What did not match.
    """

    regions: gpd.GeoDataFrame
    regions_full: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    osm: gpd.GeoDataFrame
    old: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def area_km2(shape: Any) -> float:
    """Give the area [km2] of a polygon on the WGS 84 ellipsoid."""
    area, _ = _GEOD.geometry_area_perimeter(shapely.force_2d(shape))
    return abs(float(area)) / 1e6


def build_admin(settings: PackSettings, catalogue: SourceCatalogue) -> Admin:
    """Build the administrative tables."""
    official = _official(settings, catalogue)
    full = _region_polygons(settings, catalogue)
    regions = _regions(settings, full, official)
    districts = _districts(settings, official, full)
    osm, found_osm = _osm(settings, catalogue, full, districts)
    old, found_old = _old(settings, catalogue, full, districts, osm)
    districts = _with_polygons(districts, osm, old)
    return Admin(regions, full, districts, osm, old, (*found_osm, *found_old))


def _official(settings: PackSettings, catalogue: SourceCatalogue) -> pd.DataFrame:
    """Read the official table as region, unit, kind, total, urban, rural."""
    have = settings.official_units
    columns = (have.region_column, have.unit_column, have.kind_column,
               have.total_column, have.urban_column, have.rural_column)  # fmt: skip
    table = read_csv(catalogue.path(have.source), columns)[list(columns)]
    table.columns = pd.Index(["region", "unit", "kind", "total", "urban", "rural"])
    return table[table["kind"].isin([have.region_kind, *have.unit_kinds])]


def _region_polygons(settings: PackSettings, catalogue: SourceCatalogue) -> gpd.GeoDataFrame:
    have = settings.regions
    table = read_polygons(catalogue.path(have.source), (have.id_column, have.key_column))
    made = table[[have.id_column, have.key_column, "geometry"]]
    made = made.rename(columns={have.id_column: "region_id", have.key_column: "key"})
    return made.sort_values("region_id", ignore_index=True)


def _regions(
    settings: PackSettings, full: gpd.GeoDataFrame, official: pd.DataFrame
) -> gpd.GeoDataFrame:
    have = settings.regions
    names = {name.key: name for name in have.names}
    totals = official[official["kind"] == settings.official_units.region_kind]
    by_key = totals.set_index("region")
    lacking = [key for key in full["key"] if key not in names or key not in by_key.index]
    if lacking:
        raise InputError(f"regions without a name or an official number: {', '.join(lacking)}")
    shapes = shapely.coverage_simplify(np.asarray(full.geometry.array), have.simplify_deg)
    rows = {
        "region_id": full["region_id"],
        "name_kk": [names[key].name_kk for key in full["key"]],
        "name_ru": [names[key].name_ru for key in full["key"]],
        "name_en": [names[key].name_en for key in full["key"]],
        "area_km2": [round(area_km2(shape), 1) for shape in full.geometry],
        "population": by_key["total"].reindex(full["key"]).to_numpy(dtype=np.int64),
        "population_urban": by_key["urban"].reindex(full["key"]).to_numpy(dtype=np.int64),
        "population_rural": by_key["rural"].reindex(full["key"]).to_numpy(dtype=np.int64),
    }
    return gpd.GeoDataFrame(rows, geometry=list(shapes), crs=4326)


def _districts(
    settings: PackSettings, official: pd.DataFrame, full: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Give one row a unit in the official order; parts of wholly urban regions are marked."""
    have = settings.official_units
    ids = dict(zip(full["key"], full["region_id"], strict=True))
    totals = official[official["kind"] == have.region_kind].set_index("region")
    units = official[official["kind"].isin(have.unit_kinds)].copy()
    units["region_id"] = units["region"].map(ids)
    order = units.groupby("region_id").cumcount() + 1
    city = (totals["rural"] == 0).reindex(units["region"]).to_numpy()
    kinds = np.where(city, "city_district", units["kind"].map(have.unit_kinds))
    rows = {
        "district_id": units["region_id"] + "-" + order.astype("str").str.zfill(2),
        "region_id": units["region_id"],
        "name_kk": units["unit"],
        "name_ru": None,
        "name_en": [romanised(_bare(u, have.strip), settings.romanisation) for u in units["unit"]],
        "unit_kind": kinds,
        "population": units["total"].astype("int64"),
        "population_urban": units["urban"].astype("int64"),
        "population_rural": units["rural"].astype("int64"),
        "geometry_source": "none",
    }
    made = gpd.GeoDataFrame(rows, geometry=[None] * len(units), crs=4326)
    made["key"] = [comparable(unit) for unit in units["unit"]]
    return made.sort_values("district_id", ignore_index=True)


def _bare(unit: str, strip: tuple[str, ...]) -> str:
    """Give a unit's name without the words for its kind, its capitals kept."""
    for words in sorted(strip, key=len, reverse=True):
        unit = unit.removesuffix(words).strip()
    return unit


def _region_of(shapes: Any, full: gpd.GeoDataFrame) -> list[str]:
    """Give the region that each polygon overlaps most."""
    parts = [
        [shape.intersection(region).area for region in full.geometry.array] for shape in shapes
    ]
    return [str(full["region_id"].iloc[int(np.argmax(areas))]) for areas in parts]


def _osm(
    settings: PackSettings, catalogue: SourceCatalogue, full: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, list[Finding]]:  # fmt: skip
    have = settings.osm_borders
    path = catalogue.path(have.source)
    table = read_polygons(path, (have.name_column,))
    table = table.sort_values(have.name_column, ignore_index=True)
    strip = (*have.strip, *settings.official_units.strip)
    table["region_id"] = _region_of(table.geometry.array, full)
    ids: list[str | None] = []
    found: list[Finding] = []
    for name, region in zip(table[have.name_column], table["region_id"], strict=True):
        unit = have.aliases.get(name, str(name).rsplit(have.separator, maxsplit=1)[-1])
        near = districts[districts["region_id"] == region]
        keys = [comparable(other, strip) for other in near["name_kk"]]
        wanted = comparable(unit, strip)
        same = [i for i, key in enumerate(keys) if key == wanted]
        cities = [i for i in same if (near["unit_kind"].iloc[i] == "city") == _is_city(unit)]
        hit = (cities or same or [-1])[0]
        ids.append(str(near["district_id"].iloc[hit]) if hit >= 0 else None)
        region_city = bool((near["unit_kind"] == "city_district").all())
        if hit < 0 and not region_city:
            found.append(_unmatched(name, region, path.name))
    table["district_id"] = ids
    made = table[["district_id", "region_id", "geometry"]]
    return gpd.GeoDataFrame(made[made["district_id"].notna()].reset_index(drop=True)), found


def _is_city(unit: str) -> bool:
    """Tell whether a unit's name ends like a city's akimat rather than like a district."""
    folded = unit.casefold()
    return folded.endswith((".ә.", ".а.")) or "қалалық" in folded


def _unmatched(name: str, region: str, file: str) -> Finding:
    return Finding(
        "unit-unmatched", Severity.WARNING,
        f"the border {name!r} in region {region} fits no official unit",
        "add it to the aliases in pack.toml", file,
    )  # fmt: skip


def _old(
    settings: PackSettings, catalogue: SourceCatalogue, full: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame, osm: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, list[Finding]]:  # fmt: skip
    have = settings.old_borders
    path = catalogue.path(have.source)
    table = read_polygons(path, (have.name_column,))
    table["region_id"] = _region_of(table.geometry.array, full)
    table = table.sort_values([have.name_column, "region_id"], ignore_index=True)
    keys = dict(zip(full["key"], full["region_id"], strict=True))
    rules = {(keys[rule.region], rule.name): rule for rule in have.units}
    drawn = set(osm["district_id"])
    units: list[tuple[str, ...]] = []
    found: list[Finding] = []
    for name, region in zip(table[have.name_column], table["region_id"], strict=True):
        rule = rules.get((region, name))
        near = districts[districts["region_id"] == region]
        if rule is not None:
            units.append(_ids_of(rule, near))
            continue
        hit, ratio = _fuzzy(settings, str(name), near)
        known = hit is None or hit in drawn
        units.append(() if hit is None or known else (hit,))
        near_open = not near["district_id"].isin(drawn).all()
        if hit is None and near_open and region not in _urban_regions(districts):
            found.append(_old_finding(str(name), region, None, ratio, path.name))
        elif not known and ratio < _SURE_RATIO:
            found.append(_old_finding(str(name), region, hit, ratio, path.name))
    table["units"] = units
    table["rule"] = [
        rules.get((r, n)) for r, n in zip(table["region_id"], table[have.name_column], strict=True)
    ]
    made = table[["region_id", "units", "rule", "geometry"]]
    return gpd.GeoDataFrame(made[made["units"].str.len() > 0].reset_index(drop=True)), found


def _urban_regions(districts: gpd.GeoDataFrame) -> set[str]:
    return set(districts.loc[districts["unit_kind"] == "city_district", "region_id"])


def _ids_of(rule: OldUnit, near: gpd.GeoDataFrame) -> tuple[str, ...]:
    by_name = dict(zip(near["name_kk"], near["district_id"], strict=True))
    lacking = [unit for unit in (*rule.units, *rule.named) if unit not in by_name]
    if lacking:
        raise InputError(f"pack.toml: old unit {rule.name!r} names unknown {', '.join(lacking)}")
    return tuple(str(by_name[unit]) for unit in rule.units)


def _fuzzy(settings: PackSettings, name: str, near: gpd.GeoDataFrame) -> tuple[str | None, float]:
    """Match a romanised old name with the official names of a region."""
    wanted = latin_key(name, {}, settings.old_borders.endings)
    keys = [
        latin_key(comparable(unit, settings.official_units.strip), settings.romanisation)
        for unit in near["name_kk"]
    ]
    hit, ratio = best_match(wanted, keys, _LEAST_RATIO)
    return (None if hit < 0 else str(near["district_id"].iloc[hit])), ratio


def _old_finding(name: str, region: str, hit: str | None, ratio: float, file: str) -> Finding:
    what = (
        f"the old border {name!r} in region {region} fits no official unit without a border"
        if hit is None
        else f"the old border {name!r} in region {region} was taken for {hit} (ratio {ratio:.2f})"
    )
    return Finding(
        "old-unit-unmatched" if hit is None else "old-unit-guessed", Severity.INFO, what,
        "name its successors under old_borders.units in pack.toml", file,
    )  # fmt: skip


def _with_polygons(
    districts: gpd.GeoDataFrame, osm: gpd.GeoDataFrame, old: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Give each unit its current polygon, else the old one that it alone succeeds."""
    current = _unions(osm, "district_id")
    single = old[old["units"].str.len() == 1].copy()
    single["district_id"] = single["units"].str[0]
    ancient = _unions(single, "district_id")
    shapes = [current.get(i, ancient.get(i)) for i in districts["district_id"]]
    made = districts.copy()
    made["geometry_source"] = [
        "osm" if i in current else "old_borders" if i in ancient else "none"
        for i in districts["district_id"]
    ]
    made.geometry = gpd.GeoSeries(shapes, crs=4326)
    return made


def _unions(table: gpd.GeoDataFrame, column: str) -> Mapping[str, Any]:
    groups: dict[str, list[Any]] = {}
    for key, shape in zip(table[column], table.geometry.array, strict=True):
        groups.setdefault(str(key), []).append(shape)
    return {key: shapely.union_all(shapes) for key, shapes in groups.items()}
