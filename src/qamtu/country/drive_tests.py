"""A user's drive tests: levels measured along roads, to hold predictions against."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.country.checks_places import check_coordinates
from qamtu.country.rules import Rule, flagged
from qamtu.country.userdata import read_table

__all__ = ["read_drive_tests"]


def read_drive_tests(
    path: str | Path, territory: Any | None = None,
    technologies: Collection[str] = ("lte", "nr"),
) -> tuple[pd.DataFrame, Findings]:  # fmt: skip
    """Read measured levels and find all that is wrong.

    Parameters
    ----------
    path
        CSV, GeoPackage, GeoJSON or Parquet with the contract ``schemas/drive_tests.csv``; common
        other names of columns are known.
    territory
        The country's area in EPSG:4326; without it nothing lies outside.
    technologies
        What the levels may be of: where LTE or NR is among them, a file of RSSI alone is told.

    Returns
    -------
    samples
        One row a sample, with every column of the contract.
    findings
        Everything wrong or odd, with row and remedy.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If it is of no known kind or cannot be read at all.
    """
    path = Path(path)
    table, found = read_table(path, "drive_tests")
    rsrp = bool({"lte", "nr"} & set(technologies))
    made = [one for one in found if rsrp or one.id != "level-rssi"]
    if {"lat_deg", "lon_deg", "level_dbm"} <= set(table.columns):
        made += check_coordinates(table, path.name, territory)
        made += _levels(table, path.name)
    if table.empty:
        made.append(
            Finding("drive-test-empty", Severity.ERROR, "there is no sample",
                    "give rows with lat_deg, lon_deg and level_dbm", path.name)
        )  # fmt: skip
    return table, Findings(tuple(made))


def _levels(table: pd.DataFrame, file: str) -> list[Finding]:
    level = table["level_dbm"].to_numpy(dtype=np.float64, na_value=np.nan)
    frequency = table["frequency_mhz"].to_numpy(dtype=np.float64, na_value=np.nan)
    return [
        *flagged(
            Rule("level-sign", Severity.ERROR, "give levels in dBm with their sign", "level_dbm"),
            level > 20,
            lambda i: f"a level of {level[i]:g} dBm; {-level[i]:g} was meant if the sign is lost",
            file,
        ),
        *flagged(
            Rule("level-odd", Severity.WARNING,
                 "give levels in dBm; leave out samples where nothing was received", "level_dbm"),
            (level < -150) | ((level > -10) & (level <= 20)),
            lambda i: f"a level of {level[i]:g} dBm", file,
        ),
        *flagged(
            Rule("drive-test-frequency", Severity.ERROR, "give the frequency in MHz",
                 "frequency_mhz"),
            (frequency < 30) | (frequency > 100_000),
            lambda i: f"a frequency of {frequency[i]:g} MHz", file,
        ),
    ]  # fmt: skip
