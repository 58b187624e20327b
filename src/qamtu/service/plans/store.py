"""The files of plans: checked against their summary, copied under the hash of their content."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from qamtu.core.errors import InputError, MissingInput, OutputExists, StorageFailure
from qamtu.core.files import replaced_folder
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.provenance import file_sha256

__all__ = ["LINES", "Checked", "check_folder", "keep_files", "plan_folder", "read_summary"]

LINES: Final[Mapping[str, tuple[str, ...]]] = {
    "villages": ("plan_settlements.parquet", "plan_routes.parquet"),
    "mobile": ("cities.parquet", "sites.parquet", "years.parquet"),
    "corridors": ("sites.parquet", "stretches.parquet", "hops.parquet", "by_region.parquet"),
}
"""The files that a plan of each line must have beside ``summary.json``."""

_SUMMARY: Final = "summary.json"
_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Checked:
    """A folder of results that holds together.

    Parameters
    ----------
    id
        SHA-256 of ``summary.json``.
    line
        ``villages``, ``mobile`` or ``corridors``.
    summary
        Its content.
    files
        SHA-256 of each file by name.
    findings
        What is odd but does not stop the registration.
    """

    id: str
    line: str
    summary: Mapping[str, Any]
    files: Mapping[str, str]
    findings: Findings


def plan_folder(data: Path, plan: str) -> Path:
    """Give the folder of a registered plan."""
    return data / "plans" / plan


def read_summary(data: Path, plan: str) -> dict[str, Any]:
    """Read the summary of a registered plan.

    Raises
    ------
    MissingInput
        If its files are not there.
    """
    path = plan_folder(data, plan) / _SUMMARY
    if not path.is_file():
        raise MissingInput(f"the files of plan {plan} are not there")
    summary: dict[str, Any] = json.loads(path.read_bytes())
    return summary


def check_folder(folder: Path) -> Checked:
    """Hold a folder of results against its own summary.

    Raises
    ------
    MissingInput
        If the summary or a table of its line is not there.
    InputError
        If a file cannot be read or the tables do not give the summary's figures.
    """
    path = folder / _SUMMARY
    if not path.is_file():
        raise MissingInput(f"{folder.name} has no {_SUMMARY}: it is not a folder of results")
    raw = path.read_bytes()
    try:
        summary = json.loads(raw)
        line = str(summary.get("kind", "villages"))
        names = LINES[line]
    except (ValueError, KeyError, AttributeError) as error:
        raise InputError(f"{_SUMMARY} of {folder.name} is not that of a known line") from error
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise MissingInput(f"{folder.name} lacks {', '.join(missing)}")
    found = [*_figures(folder, line, summary), *_measures(summary)]
    errors = [f for f in found if f.severity is Severity.ERROR]
    if errors:
        raise InputError(f"the files of {folder.name} do not give the figures it states", errors)
    tables = sorted(p.name for p in folder.glob("*.parquet"))
    files = {name: file_sha256(folder / name) for name in tables}
    digest = hashlib.sha256(raw).hexdigest()
    return Checked(digest, line, summary, {_SUMMARY: digest, **files}, Findings(tuple(found)))


def keep_files(data: Path, folder: Path, checked: Checked, finish: Callable[[Path], None]) -> Path:
    """Copy a plan's files to their place; what is there already is left as it is.

    Parameters
    ----------
    data
        Folder of the service.
    folder, checked
        The folder of results and what `check_folder` said of it.
    finish
        Is given the copy before it takes its place, to add what is derived from it.

    Raises
    ------
    StorageFailure
        If a copy differs from what was checked: the folder changed meanwhile.
    """
    target = plan_folder(data, checked.id)
    if target.is_dir():
        return target
    with suppress(OutputExists), replaced_folder(target) as scratch:  # somebody else kept it
        for name, digest in checked.files.items():
            shutil.copyfile(folder / name, scratch / name)
            if file_sha256(scratch / name) != digest:
                raise StorageFailure(f"{name} changed while it was copied; register it again")
        finish(scratch)
    return target


def _measures(summary: Mapping[str, Any]) -> list[Finding]:
    measures = summary.get("measures") or []
    if any("basis" in row for row in measures):
        return []
    return [
        Finding(
            "plan-without-measures", Severity.WARNING,
            "the summary states no measures by year: it was made by an older version",
            "run the study again and register it anew", file=_SUMMARY,
        )
    ]  # fmt: skip


def _figures(folder: Path, line: str, summary: Mapping[str, Any]) -> list[Finding]:
    totals = summary.get("totals") or {}
    try:
        found = _SUMS[line](folder)
    except (OSError, ValueError, KeyError) as error:
        return [_error("plan-unreadable", f"a table cannot be read: {error}", None)]
    wrong = []
    for name, value in found.items():
        stated = totals.get(name)
        if stated is None or abs(float(stated) - value) > _TOLERANCE * max(abs(value), 1.0):
            wrong.append(
                _error("plan-figures", f"{name} is {value:,.10g}, the summary says {stated}", name)
            )
    return wrong


def _error(rule: str, what: str, field: str | None) -> Finding:
    return Finding(
        rule, Severity.ERROR, what, "register the folder as the study wrote it",
        file=_SUMMARY, field=field,
    )  # fmt: skip


def _read(path: Path, columns: list[str]) -> pd.DataFrame:
    table: pd.DataFrame = pq.read_table(path, columns=columns).to_pandas()
    return table


def _sum_villages(folder: Path) -> dict[str, float]:
    places = _read(folder / "plan_settlements.parquet", ["population", "capex", "adequate"])
    routes = _read(folder / "plan_routes.parquet", ["capex", "is_ring"])
    ways = routes.loc[~routes["is_ring"].astype(bool), "capex"]
    return {
        "settlements": float(len(places)),
        "people": float(places["population"].sum()),
        "people_adequate": float(
            places.loc[places["adequate"].astype(bool), "population"].sum()
        ),
        "capex": float(places["capex"].sum() + ways.sum()),
    }  # fmt: skip


def _sum_mobile(folder: Path) -> dict[str, float]:
    cities = _read(folder / "cities.parquet", ["area_km2", "capex"])
    sites = _read(folder / "sites.parquet", ["existing"])
    return {
        "cities": float(len(cities)),
        "area_km2": float(cities["area_km2"].sum()),
        "capex": float(cities["capex"].sum()),
        "sites_needed": float((~sites["existing"].astype(bool)).sum()),
    }


def _sum_corridors(folder: Path) -> dict[str, float]:
    regions = _read(folder / "by_region.parquet", ["length_km", "served_km"])
    sites = _read(folder / "sites.parquet", ["existing"])
    hops = _read(folder / "hops.parquet", ["hop_id", "hop_kind"])
    return {
        "length_km": float(regions["length_km"].sum()),
        "served_km": float(regions["served_km"].sum()),
        "sites_new": float((~sites["existing"].astype(bool)).sum()),
        "hops": float((hops["hop_kind"] == "microwave").sum()),
    }


_SUMS: Final = {"villages": _sum_villages, "mobile": _sum_mobile, "corridors": _sum_corridors}
