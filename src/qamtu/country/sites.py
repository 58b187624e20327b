"""A user's radio sites: sectors of a CSV, GeoPackage or Parquet, or cells of OpenCelliD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.country.checks_places import check_coordinates
from qamtu.country.checks_sites import check_sites
from qamtu.country.opencellid import is_opencellid, read_opencellid
from qamtu.country.tables import contract_of, table_kind
from qamtu.country.userdata import read_raw
from qamtu.kernels.antenna import Pattern

__all__ = ["BUILT_IN", "SiteDefaults", "read_sites"]

BUILT_IN: Final = ("omni", "3gpp")
"""Names of patterns that need no file."""

_TECHNOLOGY: Final = {
    "2g": "gsm", "gsm": "gsm", "3g": "umts", "umts": "umts", "wcdma": "umts", "4g": "lte",
    "lte": "lte", "5g": "nr", "nr": "nr", "5g nr": "nr", "5g-nr": "nr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteDefaults:
    """What is taken where a site's row says nothing.

    Parameters
    ----------
    height_m : float
        Antenna above ground [m].
    load_share : float
        Share of a carrier that is busy, 0 to 1.
    frequency_mhz, bandwidth_mhz, eirp_dbm : mapping of float
        By technology: carrier [MHz], bandwidth [MHz], radiated power [dBm].
    technology : str
        What is taken where a row says no technology; empty where it is to stay missing.
    """

    height_m: float
    load_share: float
    frequency_mhz: Mapping[str, float]
    bandwidth_mhz: Mapping[str, float]
    eirp_dbm: Mapping[str, float]
    technology: str = ""


def read_sites(
    path: str | Path,
    defaults: SiteDefaults,
    antennas: Mapping[str, Pattern] | None = None,
    territory: Any | None = None,
) -> tuple[pd.DataFrame, Findings]:
    """Read sectors, fill in what is not said, and find all that is wrong.

    Parameters
    ----------
    path
        CSV, GeoPackage, GeoJSON or Parquet with the contract ``schemas/sites.csv`` (common other
        names of columns are known), or a CSV of OpenCelliD, whose cells are grouped to masts.
    defaults
        What to take where a row says nothing.
    antennas
        Patterns by name in lower case, as `read_antennas` gives them.
    territory
        The country's area in EPSG:4326; without it nothing lies outside.

    Returns
    -------
    sectors
        One row a sector with every column of the contract filled, and ``approximate``: whether
        the position is an estimate; a GeoDataFrame of points.
    findings
        Everything wrong or odd, with row and remedy; also which defaults were taken.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If it is of no known kind or cannot be read at all.
    """
    path = Path(path)
    known = {name.lower(): one for name, one in (antennas or {}).items()}
    if path.is_file() and is_opencellid(path):
        table, first = read_opencellid(path, territory)
    else:
        kind = table_kind("sites")
        raw, first = read_raw(path, kind)
        if "technology" in raw.columns:
            plain = raw["technology"].astype("str").str.strip().str.lower()
            raw["technology"] = plain.map(_TECHNOLOGY).where(
                plain.isin(_TECHNOLOGY), raw["technology"]
            )
        table, more = contract_of("sites").validate(raw, kind.shape, path.name)
        table["approximate"] = False
        first += tuple(more)
    found = [*first]
    if {"lat_deg", "lon_deg", "site_id"} <= set(table.columns):
        found += check_coordinates(table, path.name, territory)
        table, taken = _filled(table, defaults, known, path.name)
        found += taken
        found += check_sites(table, tuple(dict.fromkeys((*BUILT_IN, *known))), known, path.name)
    if table.empty:
        found.append(
            Finding("sites-none", Severity.ERROR, "there is no site", "give at least one row",
                    path.name)
        )  # fmt: skip
    return table, Findings(tuple(found))


def _filled(
    table: pd.DataFrame, defaults: SiteDefaults, antennas: Mapping[str, Pattern], file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Fill what a row does not say, and count it."""
    made = table.reset_index(drop=True).copy()
    made["site_id"] = made["site_id"].astype("str").str.strip()
    taken: dict[str, int] = {}

    def fill(name: str, value: Any) -> None:
        blank = made[name].isna()
        taken[name] = int(blank.sum())
        made[name] = made[name].where(~blank, value)

    if defaults.technology:
        fill("technology", defaults.technology)
    technology = made["technology"]
    fill("height_m", defaults.height_m)
    fill("load_share", defaults.load_share)
    fill("frequency_mhz", technology.map(dict(defaults.frequency_mhz)))
    fill("bandwidth_mhz", technology.map(dict(defaults.bandwidth_mhz)))
    made["pattern"] = _patterns(made)
    gain = made["pattern"].str.lower().map({k: p.gain_dbi for k, p in antennas.items()})
    made["gain_dbi"] = made["gain_dbi"].fillna(gain).astype("float64")
    power = made["power_w"].where(made["power_w"] > 0)
    own = 10.0 * np.log10(1000.0 * power) + made["gain_dbi"] - made["feeder_loss_db"]
    made["eirp_dbm"] = made["eirp_dbm"].fillna(own)
    fill("eirp_dbm", technology.map(dict(defaults.eirp_dbm)))
    made["sector_id"] = _sector_ids(made)
    words = {
        "technology": defaults.technology,
        "height_m": f"{defaults.height_m:g} m", "load_share": f"{defaults.load_share:g}",
        "frequency_mhz": "that of its technology", "bandwidth_mhz": "that of its technology",
        "eirp_dbm": "that of its technology",
    }  # fmt: skip
    found = [
        Finding("site-default", Severity.INFO,
                f"{count:,} of {len(made):,} sectors say no {name}: {words[name]} was taken",
                f"add the column {name}, or set the default with --params", file, None, name)
        for name, count in taken.items()
        if count
    ]  # fmt: skip
    return made, found


def _patterns(table: pd.DataFrame) -> pd.Series[Any]:
    """Name the antenna of each row: with an azimuth the sector of 3GPP, else omni."""
    plain = table["pattern"].astype("str").str.strip()
    given = table["pattern"].notna() & (plain != "")
    usual = np.where(table["azimuth_deg"].notna(), "3gpp", "omni")
    return plain.where(given, pd.Series(usual, index=table.index))


def _sector_ids(table: pd.DataFrame) -> pd.Series[Any]:
    """Number the sectors of a site where they have no id."""
    number = table.groupby("site_id", sort=False).cumcount() + 1
    made = table["site_id"].astype("str") + "-" + number.astype("str")
    given = table["sector_id"].astype("str").str.strip()
    return given.where(table["sector_id"].notna() & (given != ""), made)
