"""The two ends of a link: coordinates, a settlement of the pack, or a site of the user's file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.country import Pack
from qamtu.country.names import comparable
from qamtu.country.sites import SiteDefaults, read_sites

__all__ = ["End", "find_end", "read_own_sites"]

_PAIR: Final = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d+(?:\.\d+)?)\s*$")
_NAMES: Final = ("name_en", "name_ru", "name_kk")
_LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link.

    Parameters
    ----------
    id, names
        Its id, and its name by language (the coordinates where it has none).
    lat_deg, lon_deg
        Place [deg].
    height_m
        Antenna above ground that the sites file gives [m]; None where nobody says.
    """

    id: str
    names: dict[str, str]
    lat_deg: float
    lon_deg: float
    height_m: float | None = None


def read_own_sites(path: Path, height_m: float) -> tuple[pd.DataFrame, Findings]:
    """Read a file of sites, of which a link needs places, names and antenna heights.

    Parameters
    ----------
    path
        File as for `qamtu.country.sites.read_sites`.
    height_m
        Antenna height where a row says none [m].

    Raises
    ------
    MissingInput, InputError
        If the file is not there or cannot be read.
    """
    table, found = read_sites(path, SiteDefaults(height_m, 0.5, {}, {}, {}))
    fields = {"site_id", "name", "lat_deg", "lon_deg", "height_m"}
    counted = [f for f in found if f.field in fields or f.id == "sites-none"]
    return table, Findings(tuple(counted))


def find_end(text: str, side: str, pack: Pack, sites: pd.DataFrame | None) -> End:
    """Find what the user means by one end.

    Parameters
    ----------
    text
        ``lat,lon`` in degrees, the id or name of a site, or the id or name of a settlement.
    side
        What to call the end in findings: ``A`` or ``B``.
    pack
        Its settlements.
    sites
        The user's sites, looked through before the settlements.

    Raises
    ------
    InputError
        If nothing or several things are meant; the findings list them.
    """
    pair = _PAIR.match(text)
    if pair:
        return _coordinates(float(pair[1]), float(pair[2]), side, pack)
    if sites is not None and len(sites):
        found = _site(text, sites)
        if found is not None:
            return found
    return _settlement(text, side, pack.table("settlements"), sites)


def _coordinates(lat: float, lon: float, side: str, pack: Pack) -> End:
    west, south, east, north = pack.territory.bounds
    swapped = south <= lon <= north and west <= lat <= east
    inside = south - 5.0 <= lat <= north + 5.0 and west - 5.0 <= lon <= east + 5.0
    if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0) or (swapped and not inside):
        mend = "give latitude, then longitude, in degrees"
        if swapped:
            mend = f"latitude comes first: {lon:g},{lat:g}"
        what = f"{side} is {lat:g},{lon:g}, which is not a place of {pack.title}"
        raise _wrong("end-coordinates", side, what, mend)
    name = f"{lat:.5f}, {lon:.5f}"
    return End(f"{lat:.6f},{lon:.6f}", dict.fromkeys(("en", "ru", "kk"), name), lat, lon)


def _site(text: str, sites: pd.DataFrame) -> End | None:
    """Give the site that has this id or name; its highest antenna counts."""
    plain = comparable(text)
    match = sites["site_id"].astype("str") == text.strip()
    if not match.any() and "name" in sites.columns:
        named = sites["name"].fillna("").astype("str").map(comparable)
        match = named == plain
    found = sites[match]
    if len(found["site_id"].unique()) != 1:
        return None
    row = found.sort_values("height_m", ascending=False).iloc[0]
    own = row.get("name")
    name = str(own) if own is not None and not pd.isna(own) else str(row["site_id"])
    return End(
        str(row["site_id"]), dict.fromkeys(("en", "ru", "kk"), name), float(row["lat_deg"]),
        float(row["lon_deg"]), float(row["height_m"]),
    )  # fmt: skip


def _settlement(text: str, side: str, settlements: pd.DataFrame, sites: pd.DataFrame | None) -> End:
    by_id = settlements[settlements["settlement_id"].astype("str") == text.strip()]
    found = by_id
    if by_id.empty:
        plain = comparable(text)
        match = pd.Series(data=False, index=settlements.index)
        for column in _NAMES:
            match |= settlements[column].fillna("").astype("str").map(comparable) == plain
        found = settlements[match]
    if len(found) == 1:
        row = found.iloc[0]
        return End(
            str(row["settlement_id"]), _names(row), float(row["lat_deg"]), float(row["lon_deg"])
        )
    if len(found) > 1:
        listed = [_told(row) for _, row in found.iterrows()]
        more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
        raise _wrong(
            "end-ambiguous", side, f"{side}: {text!r} is the name of {len(found)} settlements",
            "give the id of one: " + "; ".join(listed[:_LISTED]) + more,
        )  # fmt: skip
    known = pd.unique(pd.concat([settlements[n].dropna().astype("str") for n in _NAMES]))
    names: Sequence[str] = list(known)
    if sites is not None:
        names = [*sites["site_id"].astype("str").unique(), *names]
    near = difflib.get_close_matches(text, names, n=5, cutoff=0.6)
    mend = f"did you mean {', '.join(near)}?" if near else "give lat,lon in degrees or an id"
    what = f"{side}: {text!r} is neither coordinates nor a settlement or site that is known"
    raise _wrong("end-unknown", side, what, mend)


def _names(row: pd.Series[Any]) -> dict[str, str]:
    """Name by language; where one lacks, any other."""
    have = {n[-2:]: str(row[n]) for n in _NAMES if not pd.isna(row[n]) and str(row[n])}
    other = next(iter(have.values()), str(row["settlement_id"]))
    return {language: have.get(language, other) for language in ("en", "ru", "kk")}


def _told(row: pd.Series[Any]) -> str:
    people = f"{int(row['population']):,} people" if not pd.isna(row["population"]) else "people ?"
    where = f"{row['lat_deg']:.4f},{row['lon_deg']:.4f}"
    return f"{row['settlement_id']} ({row['kind']}, region {row['region_id']}, {people}, {where})"


def _wrong(rule: str, side: str, what: str, mend: str) -> InputError:
    finding = Finding(rule, Severity.ERROR, what, mend, None, None, side)
    return InputError(f"end {side} of the link cannot be found", [finding])
