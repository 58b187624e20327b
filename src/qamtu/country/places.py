"""Settlements from raw points: names, region, district, official numbers, fibre today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Severity
from qamtu.country.admin import Admin
from qamtu.country.catalogue import SourceCatalogue
from qamtu.country.location import district_by_polygon, region_by_polygon, settle_splits
from qamtu.country.names import LANGUAGES, romanised
from qamtu.country.namesakes import parts_of_places
from qamtu.country.official import fibre_today, match_official, urban_regions, with_official
from qamtu.country.settings import PackSettings, PlacesSource
from qamtu.country.sources import read_csv

__all__ = ["Places", "build_places"]


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
    table, found_people = _plausible(table, settings)
    table, filled = _named(table, settings)
    table["region_id"] = region_by_polygon(table, admin)
    table, found_region = district_by_polygon(table, admin)
    official, found_official = match_official(settings, catalogue, admin, table)
    table = with_official(table, official)
    table = settle_splits(table, admin, settings)
    table, found_parts = parts_of_places(
        table, settings.settlements.same_place_m, settings.settlements.strip
    )
    table["urban"] |= table["region_id"].isin(urban_regions(admin))
    table, found_fibre, fibre = fibre_today(table, admin, settings)
    counts = {
        **filled,
        **fibre,
        "parts_of_places": int(table["part_of"].notna().sum()),
        "official_places_matched": int((official["row"] >= 0).sum()),
    }
    return Places(
        table, (*found_people, *found_region, *found_official, *found_parts, *found_fibre), counts
    )


def _raw_places(settings: PackSettings, catalogue: SourceCatalogue) -> pd.DataFrame:
    have = settings.settlements
    names = (have.name_column, have.name_kk_column, have.name_ru_column, have.name_en_column)
    text = (have.id_column, have.id_missing["column"], *names)
    columns = (*text, have.keep_column, have.kind_column, have.lat_column, have.lon_column,
               *have.population_columns.values())  # fmt: skip
    raw = read_csv(catalogue.path(have.source), columns, text)
    raw = raw[(raw[have.keep_column] == have.keep_value) & raw[have.kind_column].isin(have.kinds)]
    made = pd.DataFrame({"settlement_id": _ids(raw, have)})
    for column, name in zip(("name", *LANGUAGES), names, strict=True):
        letters = have.name_en_letters if column == "name_en" else have.name_letters
        given = raw[name].str.strip()
        made[column] = given.where(given.str.contains(letters, na=False)).to_numpy()
    made["kind"] = raw[have.kind_column].map(have.kinds).to_numpy()
    made["lat_deg"] = raw[have.lat_column].to_numpy(dtype=np.float64).round(6)
    made["lon_deg"] = raw[have.lon_column].to_numpy(dtype=np.float64).round(6)
    made["population_known"] = np.nan
    made["population_source"] = "estimated"
    for name, column in have.population_columns.items():
        people = pd.to_numeric(raw[column], errors="coerce").to_numpy(dtype=np.float64)
        use = made["population_known"].isna() & (people >= settings.population.known_minimum)
        made.loc[use, "population_known"] = people[use]
        made.loc[use, "population_source"] = name
    return made


def _plausible(table: pd.DataFrame, settings: PackSettings) -> tuple[pd.DataFrame, list[Finding]]:
    """Drop numbers that the settings distrust or that no place of the kind has."""
    made = table.copy()
    model = settings.population
    most = made["kind"].map(model.implausible).fillna(np.inf)
    wrong = made["settlement_id"].isin(model.distrusted) | (made["population_known"] > most)
    found = [
        Finding(
            "population-implausible", Severity.WARNING,
            f"{place.settlement_id} ({place.kind}) has {place.population_known:,.0f} people by "
            f"{place.population_source}: not believed",
            "give its population in your own settlements table", "settlements", None, "population",
        )
        for place in made[wrong].itertuples(index=False)
    ]  # fmt: skip
    made.loc[wrong, "population_known"] = np.nan
    made.loc[wrong, "population_source"] = "estimated"
    return made, found


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
            point = points.loc[place.gazetteer_id, [where.lat_column, where.lon_column]]
            lat, lon = (float(number) for number in np.asarray(point, dtype=np.float64))
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
