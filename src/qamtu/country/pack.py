"""A country pack: its tables, parameters and sources, loaded from what is built or filled."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from qamtu.core.errors import InputError, MissingInput, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params, load_params
from qamtu.core.provenance import Source
from qamtu.country.filled import load_filled
from qamtu.country.parquet import read_parquet
from qamtu.country.rasters import RasterLayer, built_layers, folder_layers

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
        SHA-256 of each file that the build wrote.
    manifest
        Counts and findings of the build.
    folder
        Where it was loaded from.
    rasters
        Heights and land cover, see `read_surface`.
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
    folder: Path | None = None
    rasters: tuple[RasterLayer, ...] = ()

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
    data = Path(str(files("qamtu.country"))) / "data"
    return tuple(sorted(path.parent.name for path in data.glob("*/manifest.json")))


def load_pack(name: str | Path) -> Pack:
    """Load a pack by the code of one that ships with qamtu, or from a folder.

    A folder is either what the builder wrote (it has ``manifest.json``) or one that `init_pack`
    began and a user filled (it has ``pack.toml``).

    Raises
    ------
    MissingInput
        If there is no such pack or folder.
    InputError
        If a table cannot be read or breaks its contract.
    """
    if str(name) in catalogue():
        return _load_built(Path(str(files("qamtu.country"))) / "data" / str(name))
    folder = Path(name)
    if (folder / "manifest.json").is_file():
        return _load_built(folder)
    if (folder / "pack.toml").is_file():
        return _load_filled(folder)
    known = ", ".join(catalogue()) or "none"
    raise MissingInput(
        f"there is no pack {str(name)!r}: packs that ship with qamtu: {known}; "
        "or name a folder that `qamtu country init` made"
    )


def _load_built(folder: Path) -> Pack:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        sources = tuple(Source(**source) for source in manifest["sources"])
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{folder / 'manifest.json'} is no manifest: {error}") from error
    tables = {path.stem: _plain(read_parquet(path)) for path in sorted(folder.glob("*.parquet"))}
    if "settlements" not in tables or "regions" not in tables:
        raise MissingInput(f"{folder} lacks the tables of settlements or regions")
    params = {path.stem: load_params(path) for path in sorted((folder / "params").glob("*.toml"))}
    return Pack(
        code=manifest["code"], title=manifest["title"], currency=manifest["currency"],
        price_year=int(manifest["price_year"]), tables=tables, params=params,
        sources=sources, checksums=manifest["tables"], manifest=manifest, folder=folder,
        rasters=built_layers(folder, manifest.get("rasters", ())),
    )  # fmt: skip


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Give integer columns that may be missing as nullable integers again."""
    made = table.copy()
    for name in ("population_known", "land_cover"):
        if name in made.columns:
            made[name] = made[name].astype("Int64")
    return made


def _load_filled(folder: Path) -> Pack:
    path = folder / "pack.toml"
    try:
        head = tomllib.loads(path.read_text(encoding="utf-8"))
        code, title = str(head["code"]), str(head["title"])
        currency, price_year = str(head["currency"]), int(head["price_year"])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise InputError(f"{path} is not a TOML file: {error}") from error
    except KeyError as error:
        raise InputError(f"{path} lacks the key {error.args[0]!r}") from error
    params = {p.stem: load_params(p) for p in sorted((folder / "params").glob("*.toml"))}
    size = next((p["household_size"].value for p in params.values() if "household_size" in p), None)
    tables, sources, found = load_filled(folder, size)
    rasters, more = folder_layers(folder)
    raise_errors(more, f"the rasters of {folder} cannot be used")
    found += more
    listed = [
        {"id": f.id, "severity": f.severity.value, "what": f.what, "mend": f.mend,
         "file": f.file, "row": f.row, "field": f.field}
        for f in found
    ]  # fmt: skip
    counts = {"rows": {name: len(table) for name, table in tables.items()}}
    return Pack(
        code=code, title=title, currency=currency, price_year=price_year, tables=tables,
        params=params, sources=sources, checksums={},
        manifest={"counts": counts, "findings": listed}, folder=folder, rasters=rasters,
    )  # fmt: skip
