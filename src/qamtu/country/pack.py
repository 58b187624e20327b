"""A country pack: its tables, parameters and sources, loaded from what is built or filled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params, load_params
from qamtu.core.provenance import Source
from qamtu.country.parquet import read_parquet

__all__ = ["Pack", "catalogue", "load_pack"]


@dataclass(frozen=True)
class Pack:
    """The data of one country.

    Parameters
    ----------
    code, title
        Short name and name.
    currency, price_year
        Currency of all money (ISO 4217) and the year of its prices.
    tables
        Tables by name; see the contracts in ``schemas``.
    params
        Parameter files by stem.
    sources
        What the tables were made from.
    checksums
        SHA-256 of each file of the pack.
    manifest
        Counts and findings of the build.
    """

    code: str
    title: str
    currency: str
    price_year: int
    tables: Mapping[str, pd.DataFrame]
    params: Mapping[str, Params]
    sources: tuple[Source, ...]
    checksums: Mapping[str, str]
    manifest: Mapping[str, Any]

    @cached_property
    def territory(self) -> Any:
        """Union of the regions' polygons, in EPSG:4326."""
        return shapely.union_all(np.asarray(self.tables["regions"]["geometry"].array))

    @property
    def findings(self) -> Findings:
        """What the build found."""
        return Findings(
            tuple(
                Finding(**{**f, "severity": Severity(f["severity"])})
                for f in self.manifest.get("findings", [])
            )
        )

    def table(self, name: str) -> pd.DataFrame:
        """Give a table.

        Raises
        ------
        MissingInput
            If the pack has no such table.
        """
        if name not in self.tables:
            raise MissingInput(f"the pack {self.code!r} has no table {name!r}")
        return self.tables[name]


def catalogue() -> tuple[str, ...]:
    """List the codes of the packs that ship with qamtu."""
    data = files("qamtu.country").joinpath("data")
    if not data.is_dir():
        return ()
    return tuple(sorted(e.name for e in data.iterdir() if e.joinpath("manifest.json").is_file()))


def load_pack(name: str | Path) -> Pack:
    """Load a pack by the code of one that ships with qamtu, or from a folder.

    Raises
    ------
    MissingInput
        If there is no such pack or folder.
    InputError
        If a table cannot be read.
    """
    if str(name) in catalogue():
        with as_file(files("qamtu.country").joinpath("data", str(name))) as folder:
            return _load_built(folder)
    folder = Path(name)
    if (folder / "manifest.json").is_file():
        return _load_built(folder)
    known = ", ".join(catalogue()) or "none"
    raise MissingInput(
        f"there is no pack {str(name)!r}: packs that ship: {known}; or name a folder"
    )


def _load_built(folder: Path) -> Pack:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    tables = {path.stem: _plain(read_parquet(path)) for path in sorted(folder.glob("*.parquet"))}
    if "settlements" not in tables or "regions" not in tables:
        raise InputError(f"{folder} lacks the tables of settlements or regions")
    params = {path.stem: load_params(path) for path in sorted((folder / "params").glob("*.toml"))}
    return Pack(
        code=manifest["code"], title=manifest["title"], currency=manifest["currency"],
        price_year=int(manifest["price_year"]), tables=tables, params=params,
        sources=tuple(Source(**source) for source in manifest["sources"]),
        checksums=manifest["tables"], manifest=manifest,
    )  # fmt: skip


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Give integer columns with missing values as nullable integers again."""
    made = table.copy()
    for name in ("population_known", "land_cover"):
        if name in made.columns:
            made[name] = made[name].astype("Int64")
    if "geometry" in made.columns and not isinstance(made, gpd.GeoDataFrame):
        made = gpd.GeoDataFrame(made, geometry="geometry", crs=4326)
    return made
