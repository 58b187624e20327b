"""Tables of a pack that a user filled: read, completed, held against their contracts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from qamtu.core.errors import InputError, MissingInput, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.provenance import Source
from qamtu.country.catalogue import check_sources, load_catalogue
from qamtu.country.tables import TABLES, contract_of
from qamtu.country.userdata import SUFFIXES, read_table

__all__ = ["complete_settlements", "load_filled", "narrowed"]


def load_filled(
    folder: Path, household_size: float | None
) -> tuple[dict[str, pd.DataFrame], tuple[Source, ...], Findings]:
    """Read every table of a filled pack; a file with nothing but its header is no table.

    Parameters
    ----------
    folder
        Folder with one file a table, named after it.
    household_size
        People a household, for settlements without households; none is then an error.

    Raises
    ------
    MissingInput
        If settlements or regions are not there.
    InputError
        With every finding that stops a run.
    """
    tables: dict[str, pd.DataFrame] = {}
    found: list[Finding] = []
    for name in TABLES:
        paths = [folder / f"{name}{s}" for s in SUFFIXES if (folder / f"{name}{s}").is_file()]
        if len(paths) > 1:
            raise InputError(f"{name} is there twice: {', '.join(p.name for p in paths)}")
        if not paths:
            continue
        table, findings = read_table(paths[0], name)
        found += findings
        if len(table):
            tables[name] = table
    lacking = [n for n, kind in TABLES.items() if kind.required and n not in tables]
    if lacking:
        raise MissingInput(f"{folder} lacks {' and '.join(lacking)}, or they are empty", found)
    tables["settlements"] = complete_settlements(
        tables["settlements"], tables["regions"], household_size
    )
    raise_errors(found, f"the tables of {folder} cannot be used")
    sources: tuple[Source, ...] = ()
    if (folder / "catalogue.toml").is_file():
        listed = load_catalogue(folder)
        sources, found = listed.sources, [*found, *check_sources(listed)]
    return tables, sources, Findings(tuple(found))


def complete_settlements(
    table: pd.DataFrame, regions: pd.DataFrame, household_size: float | None
) -> pd.DataFrame:
    """Fill what a user may leave out: region by polygon, households, flags, texts."""
    made = table.copy()
    empty = made["region_id"].isna().to_numpy()
    if empty.any():
        tree = shapely.STRtree(np.asarray(regions["geometry"].array))
        points = np.asarray(made.geometry.array)[empty]
        nearest = regions["region_id"].to_numpy()[tree.nearest(points)]
        made["region_id"] = made["region_id"].astype("object")
        made.loc[empty, "region_id"] = nearest
        made["region_id"] = made["region_id"].astype("str")
    homeless = made["households"].isna()
    if homeless.any():
        if household_size is None:
            finding = Finding(
                "household-size-missing", Severity.ERROR,
                f"{int(homeless.sum()):,} settlements have no households and no parameter says "
                "how many people a household has",
                "give households, or household_size in params/villages.toml", "settlements",
            )  # fmt: skip
            raise InputError("households cannot be estimated", [finding])
        people = made["population"].fillna(0).astype("float64")
        made["households"] = made["households"].fillna(
            pd.Series(np.ceil(people / household_size), index=made.index).astype("Int64")
        )
    made["fibre_source"] = made["fibre_source"].fillna("given by the user")
    made.loc[made["kind"] == "isolated", "in_plan"] = False
    return narrowed(made)


def narrowed(table: pd.DataFrame) -> pd.DataFrame:
    """Give whole columns plain dtypes: int64 and bool where nothing is missing."""
    made = table.copy()
    for name, field in contract_of("settlements").items():
        if name not in made.columns or made[name].isna().any():
            continue
        if field.dtype == "int":
            made[name] = made[name].astype("int64")
        elif field.dtype == "bool":
            made[name] = made[name].astype("bool")
    return made
