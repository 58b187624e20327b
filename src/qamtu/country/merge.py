"""A user's own settlements in the place of, or over, those of a pack."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from qamtu.core.errors import InputError, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.country.checks import check_table
from qamtu.country.filled import complete_settlements, narrowed
from qamtu.country.pack import Pack
from qamtu.country.tables import contract_of, table_kind
from qamtu.country.userdata import read_raw, read_table

__all__ = ["merge_settlements", "with_tables"]

_WHOLE: Final = frozenset({"settlement_id", "lat_deg", "lon_deg", "population"})


def merge_settlements(
    pack: Pack, path: str | Path, *, replace_all: bool = False
) -> tuple[Pack, Findings]:
    """Put a user's table of settlements over the pack's.

    Rows with an id of the pack change what they give and leave the rest; rows with a new id are
    added and must have coordinates and a population. A table with nothing but ids and
    ``has_fibre`` so replaces the assumption about fibre for the settlements that it names.

    Parameters
    ----------
    pack
        The pack.
    path
        The user's file.
    replace_all
        Take the user's table alone; the pack's settlements are dropped.

    Returns
    -------
    pack
        With the new table.
    findings
        Warnings and notes: what was changed, added or left as assumed.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        With every finding that stops a run.
    """
    path = Path(path)
    raw, _ = read_raw(path, table_kind("settlements"))
    whole = set(raw.columns) >= _WHOLE
    if replace_all and not whole:
        lacking = ", ".join(sorted(_WHOLE - set(raw.columns)))
        raise InputError(f"{path} cannot stand alone: it lacks {lacking}")
    table, found = read_table(path, "settlements" if whole else "settlement_updates")
    around = {name: t for name, t in pack.tables.items() if name != "settlements"}
    given = table[[c for c in table.columns if c in raw.columns or c == "geometry"]]
    ruled = check_table(given, "settlements" if whole else "settlement_updates", path.name, around)
    found = Findings(tuple(dict.fromkeys((*found, *ruled))))
    raise_errors(found, f"{path} cannot be used")
    size = _household_size(pack)
    if replace_all:
        made = complete_settlements(table, pack.table("regions"), size)
        return with_tables(pack, {"settlements": made}), found
    made, noted = _laid_over(pack, table, set(raw.columns), path.name)
    return with_tables(pack, {"settlements": made}), found + noted


def with_tables(pack: Pack, tables: dict[str, Any]) -> Pack:
    """Give a pack with other or more tables."""
    return replace(pack, tables={**pack.tables, **tables})


def _household_size(pack: Pack) -> float | None:
    sizes = [p["household_size"].value for p in pack.params.values() if "household_size" in p]
    return sizes[0] if sizes else None


def _laid_over(
    pack: Pack, table: pd.DataFrame, given: set[str], file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Lay the given columns of known ids over the pack's rows and add the new ids."""
    base = pack.table("settlements")
    known = table["settlement_id"].isin(base["settlement_id"])
    new = table[~known]
    lacking = [c for c in ("lat_deg", "lon_deg", "population") if c not in given]
    if len(new) and lacking:
        finding = Finding(
            "settlement-unknown", Severity.ERROR,
            f"{len(new):,} ids are not in the pack (first {new['settlement_id'].iloc[0]!r}) and "
            f"the file has no {', '.join(lacking)}",
            "mend the ids, or give coordinates and population for new settlements", file,
            int(np.flatnonzero(~known)[0]) + 2, "settlement_id",
        )  # fmt: skip
        raise InputError(f"{file} names settlements that the pack does not have", [finding])
    made = _changed(base, table[known], given, file, _household_size(pack))
    if len(new):
        added = complete_settlements(new, pack.table("regions"), _household_size(pack))
        columns = [c for c in base.columns if c in added.columns]
        joined = pd.concat([made.astype({"population_known": "Int64"}), added[columns]])
        made = gpd.GeoDataFrame(joined.reset_index(drop=True), geometry="geometry", crs=4326)
    note = (
        f"{int(known.sum()):,} settlements changed ({', '.join(sorted(given))}), {len(new):,} "
        f"added, {len(base) - int(known.sum()):,} left as they were"
    )
    finding = Finding("settlements-merged", Severity.INFO, note, "nothing to mend", file)
    return narrowed(made), [finding]


def _changed(
    base: pd.DataFrame, table: pd.DataFrame, given: set[str], file: str, size: float | None
) -> pd.DataFrame:
    made = base.copy()
    rows = made.index[pd.Index(made["settlement_id"]).get_indexer(table["settlement_id"])]
    fields = [c for c in contract_of("settlement_updates") if c in given and c != "settlement_id"]
    for name in fields:
        values = table[name]
        use = values.notna().to_numpy()
        column = made[name].astype("object")
        column.loc[rows[use]] = values[use].to_numpy(dtype=object)
        made[name] = column.astype(made[name].dtype)
    if "population" in fields:
        use = rows[table["population"].notna().to_numpy()]
        made.loc[use, "population_source"] = "user"
        if "households" not in fields and size is not None:
            people = made.loc[use, "population"].astype("float64")
            made.loc[use, "households"] = np.ceil(people / size).astype("int64")
    if "has_fibre" in fields and "fibre_source" not in fields:
        made.loc[rows[table["has_fibre"].notna().to_numpy()], "fibre_source"] = f"user: {file}"
    if {"lat_deg", "lon_deg"} & set(fields):
        made["geometry"] = gpd.points_from_xy(made["lon_deg"], made["lat_deg"], crs=4326)
    return made
