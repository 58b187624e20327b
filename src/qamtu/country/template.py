"""An empty pack: a CSV a table with the contract's columns, and a page that explains them."""

from __future__ import annotations

from pathlib import Path

from qamtu.core.fields import Intent
from qamtu.core.files import replaced_folder
from qamtu.country.rasters import KINDS
from qamtu.country.tables import TABLES, TableKind, contract_of

__all__ = ["init_pack", "schema_page"]

_PACK = """\
# The pack of a country or region: fill in, then `qamtu country check FOLDER`.
code = "{code}"
title = "{title}"
currency = "{currency}"        # ISO 4217
price_year = {price_year}      # all money is in prices of this year
"""

_PARAMS = """\
# Numbers of your country that override those of the line of villages. Each needs where it is
# from: value, unit, date, source, verify (a person must still confirm it), description.

[household_size]
value = 4.0
unit = "people a household"
date = "{price_year}"
source = "fill in: census of your country"
verify = true
description = "Mean number of people in a household"

[exchange_rate]
value = 1.0
unit = "KZT/USD"
date = "{price_year}"
source = "fill in: your currency ({currency}) for one United States dollar"
verify = true
description = "Units of the pack's currency for one United States dollar"
"""

_CATALOGUE = """\
# Where your tables come from. One block a file under sources/; sha256 tells when it changes.
#
# [[source]]
# id = "settlements"
# file = "settlements.csv"
# title = "Populated places"
# origin = "who publishes it"
# licence = "on what terms"
# date = "2025-01-01"
# sha256 = "64 hexadecimal digits"
"""

_README = """\
# {title}

An empty pack. Fill the tables, then run `qamtu country check` on this folder; it tells
everything that is wrong at once, with file, row and remedy.

- A table may be a CSV, or a GeoPackage, GeoJSON or GeoParquet file of the same name instead.
- `settlements` and `regions` are needed; every other table may stay empty.
- Coordinates are degrees (EPSG:4326); files with another coordinate system are converted.
- In a CSV, `geometry` is well-known text, for example `LINESTRING (76.9 43.2, 77.0 43.3)`;
  tables of points need `lat_deg` and `lon_deg` only.
- Radio studies need rasters: GeoTIFF files of heights [m] in `rasters/height` and of land cover in
  `rasters/land_cover`, in any coordinate system and resolution; where several lie, the finest
  counts. `qamtu country fetch terrain` fetches public heights of 1 arc second into a folder.

"""


def init_pack(
    folder: str | Path, *, code: str = "xx", title: str = "My country", currency: str = "USD",
    price_year: int = 2025, overwrite: bool = False,
) -> Path:  # fmt: skip
    """Write an empty pack.

    Parameters
    ----------
    folder
        Where to; made whole or not at all.
    code, title, currency, price_year
        What ``pack.toml`` says.
    overwrite
        Whether a folder with something in it may be replaced.

    Raises
    ------
    OutputExists
        If the folder has something in it and ``overwrite`` is false.
    StorageFailure
        If it cannot be written.
    """
    folder = Path(folder)
    names = {"code": code, "title": title, "currency": currency, "price_year": price_year}
    with replaced_folder(folder, overwrite=overwrite) as scratch:
        _write(scratch / "pack.toml", _PACK.format(**names))
        (scratch / "params").mkdir()
        (scratch / "sources").mkdir()
        for values in KINDS:
            (scratch / "rasters" / values).mkdir(parents=True)
        _write(scratch / "params" / "villages.toml", _PARAMS.format(**names))
        _write(scratch / "catalogue.toml", _CATALOGUE)
        page = _README.format(**names) + "\n".join(schema_page(name) for name in TABLES)
        _write(scratch / "README.md", page)
        for name, kind in TABLES.items():
            _write(scratch / f"{name}.csv", ",".join(_columns(name, kind)) + "\n")
    return folder


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _columns(name: str, kind: TableKind) -> list[str]:
    """Give the columns of a template: points have coordinates, no geometry."""
    skip = "geometry" if kind.geometry in ("point", "none") else ""
    return [field for field in contract_of(name) if field != skip]


def schema_page(name: str) -> str:
    """Give the fields of a table as a section of Markdown."""
    lines = [
        f"## {name}", "",
        "| column | needed | type | unit | default | what |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for field in contract_of(name).values():
        kind = field.dtype.replace("category:", "one of ").replace("|", ", ")
        needed = "yes" if field.intent is Intent.REQUIRED else ""
        unit = field.unit if field.unit != "1" else "share"
        row = (field.name, needed, kind, unit, field.default, field.description)
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join([*lines, ""])
