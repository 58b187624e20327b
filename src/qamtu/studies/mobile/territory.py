"""Which cities are planned, and their outlines: the pack's, or the user's in their place."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Severity
from qamtu.country import Pack, read_table

__all__ = ["choose_cities", "find_city", "with_territories"]

_NAMES: Final = ("city_id", "name_en", "name_ru", "name_kk")


def with_territories(pack: Pack, path: Path | None, found: list[Finding]) -> gpd.GeoDataFrame:
    """Give the pack's cities with the user's outlines in place of theirs, and beside them.

    A row of the file belongs to the city of the pack that its ``city_id`` names, by id or by a
    name in any language; any other row is a city of its own.

    Parameters
    ----------
    pack
        The pack.
    path
        File with the contract of the table ``cities``; None for none.
    found
        Receives what is wrong with the file.

    Raises
    ------
    MissingInput
        If the pack has no cities and no file is given.
    """
    own = pack.tables.get("cities")
    if own is None and path is None:
        raise MissingInput(
            f"the pack {pack.code!r} has no table of cities: give outlines (--territory FILE)"
        )
    base = gpd.GeoDataFrame(own) if own is not None else None
    if path is None:
        assert base is not None
        return base.reset_index(drop=True)
    table, bad = read_table(path, "cities")
    found += bad
    if any(f.severity is Severity.ERROR for f in bad) or "city_id" not in table:
        return base if base is not None else gpd.GeoDataFrame(table)
    given = gpd.GeoDataFrame(table).assign(territory_source="user")
    if base is None:
        return given.reset_index(drop=True)
    return _laid_over(base, given)


def _laid_over(base: gpd.GeoDataFrame, given: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    made = base.copy()
    more = []
    for i in range(len(given)):
        row = given.iloc[i]
        match = _matching(base, str(row["city_id"]))
        if len(match) != 1:
            more.append(given.iloc[[i]])
            continue
        at = match.index[0]
        made.loc[at, "geometry"] = row["geometry"]
        made.loc[at, "territory_source"] = "user"
        made.loc[at, "area_official_km2"] = float("nan")
    joined = pd.concat([made, *more], ignore_index=True) if more else made
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=4326).reset_index(drop=True)


def choose_cities(cities: gpd.GeoDataFrame, wanted: Sequence[str]) -> gpd.GeoDataFrame:
    """Keep the cities that are wanted, in the order of the table; all where none is named.

    Raises
    ------
    InputError
        If a name is not known; the finding lists what there is.
    """
    if not wanted:
        return cities
    found: list[Finding] = []
    keep: set[str] = set()
    for name in wanted:
        try:
            keep.add(find_city(cities, name))
        except InputError as error:
            found += error.findings
    if found:
        msg = "a city is not known"
        raise InputError(msg, found)
    return cities[cities["city_id"].isin(keep)].reset_index(drop=True)


def find_city(cities: pd.DataFrame, wanted: str) -> str:
    """Find a city by id or by its name in any language.

    Raises
    ------
    InputError
        If there is none; the finding lists what there is.
    """
    match = _matching(cities, wanted)
    if len(match) == 1:
        return str(match["city_id"].iloc[0])
    listed = [str(c) for c in cities["city_id"]]
    near = difflib.get_close_matches(wanted.casefold(), listed, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}? " if near else ""
    finding = Finding(
        "city-unknown", Severity.ERROR, f"there is no city {wanted!r}",
        f"{hint}give one of {', '.join(listed)}", "settings", None, "city",
    )  # fmt: skip
    msg = f"the city {wanted!r} is not known"
    raise InputError(msg, [finding])


def _matching(cities: pd.DataFrame, wanted: str) -> pd.DataFrame:
    low = wanted.casefold().strip()
    for column in (name for name in _NAMES if name in cities):
        match = cities[cities[column].astype("str").str.casefold() == low]
        if len(match):
            return match
    return cities.iloc[:0]
