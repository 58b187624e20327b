"""The sites that stand: the user's file as the mobile line takes it, with what it assumes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from qamtu.core.findings import Finding, Severity
from qamtu.core.params import Params
from qamtu.country.sites import BUILT_IN, SiteDefaults, read_sites

__all__ = ["read_standing"]

_TAKEN: Final = {
    "height_m": "roofs and towers as of new sites are taken",
    "frequency_mhz": "the band asked for is taken",
    "eirp_dbm": "the band's power is taken",
}
_UNUSED: Final = frozenset({"load_share", "bandwidth_mhz"})  # those of the band hold for all


def read_standing(
    path: Path, params: Params, frequency_mhz: float, territory: Any
) -> tuple[pd.DataFrame, list[Finding]]:
    """Read the sites that stand; what is not said stays missing, and what is taken then is told.

    Parameters
    ----------
    path
        Sectors, or cells of OpenCelliD (`qamtu.country.sites.read_sites`).
    params
        The line's parameters, for the band's antenna gain.
    frequency_mhz
        Band that is planned [MHz].
    territory
        The country's area in EPSG:4326; coordinates outside it, or swapped, are found.

    Returns
    -------
    table
        One row a sector.
    findings
        Everything wrong or odd, and what was taken.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If it cannot be read at all.
    """
    defaults = SiteDefaults(float("nan"), float("nan"), {}, {}, {})
    table, bad = read_sites(path, defaults, None, territory)
    found = [f for f in (_worded(one) for one in bad) if f is not None]
    found += _untold(table, path.name)
    if "pattern" in table:
        found += _patterns(table, path.name)
    if {"power_w", "gain_dbi", "eirp_dbm"} <= set(table.columns):
        table, more = _powered(table, params, frequency_mhz, path.name)
        found += more
    return table, found


def _worded(finding: Finding) -> Finding | None:
    """Say what this study takes where a column is blank; leave out what it does not use."""
    if finding.id == "antenna-unknown":
        return None
    if finding.id != "site-default":
        return finding
    field = finding.field or ""
    if field in _UNUSED:
        return None
    what = f"{finding.what.split(':')[0]}: {_TAKEN.get(field, 'the usual is taken')}"
    return Finding(
        finding.id, finding.severity, what, f"add the column {field}", finding.file, None, field
    )


def _untold(table: pd.DataFrame, file: str) -> list[Finding]:
    """Tell of sectors without a technology."""
    blank = int(table["technology"].isna().sum()) if "technology" in table else 0
    if not blank:
        return []
    return [
        Finding("site-default", Severity.INFO,
                f"{blank:,} of {len(table):,} sectors say no technology: where the frequency fits, "
                "or is not said, they count as 5G", "add the column technology", file, None,
                "technology")
    ]  # fmt: skip


def _patterns(table: pd.DataFrame, file: str) -> list[Finding]:
    """Tell that antennas of their own are not read."""
    name = table["pattern"].astype("str").str.strip()
    own = ~name.str.lower().isin(BUILT_IN) & table["pattern"].notna() & (name != "")
    if not own.any():
        return []
    return [
        Finding("pattern-ignored", Severity.INFO,
                f"{int(own.sum()):,} of {len(table):,} sectors name an antenna "
                f"({', '.join(sorted(set(name[own]))[:3])}): the band's own sector antenna is "
                "taken in its place", "for levels with measured antennas use qamtu coverage",
                file, None, "pattern")
    ]  # fmt: skip


def _powered(
    table: pd.DataFrame, params: Params, frequency_mhz: float, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Give sectors of known power and unknown gain the gain of the band's antenna."""
    name = f"band_{round(frequency_mhz)}_gain" if np.isfinite(frequency_mhz) else ""
    power = table["power_w"].where(table["power_w"] > 0)
    blank = table["eirp_dbm"].isna() & power.notna() & table["gain_dbi"].isna()
    if name not in params or not blank.any():
        return table, []
    gain = params.value(name)
    own = 10.0 * np.log10(1000.0 * power) + gain - table["feeder_loss_db"].fillna(0.0)
    return table.assign(eirp_dbm=table["eirp_dbm"].where(~blank, own)), [
        Finding("site-default", Severity.INFO,
                f"{int(blank.sum()):,} of {len(table):,} sectors say a power but no gain_dbi: "
                f"{gain:g} dBi was taken, that of the band's antenna",
                "add the column gain_dbi or eirp_dbm", file, None, "gain_dbi")
    ]  # fmt: skip
