"""Reading users' own tables: CSV, GeoPackage, GeoParquet and GeoJSON, as people write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyogrio.errors import DataSourceError
from shapely.errors import ShapelyError

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.country.checks_shapes import check_geometry
from qamtu.country.parquet import read_parquet
from qamtu.country.tables import TableKind, contract_of, table_kind
from qamtu.country.topology import complete_network

__all__ = ["ALIASES", "SUFFIXES", "read_raw", "read_table"]

SUFFIXES: Final = (".parquet", ".gpkg", ".geojson", ".csv")

ALIASES: Final[dict[str, str]] = {
    "id": "settlement_id", "osm_id": "settlement_id", "code": "settlement_id",
    "lat": "lat_deg", "latitude": "lat_deg", "y": "lat_deg", "широта": "lat_deg",
    "ендік": "lat_deg", "lon": "lon_deg", "lng": "lon_deg", "long": "lon_deg",
    "longitude": "lon_deg", "x": "lon_deg", "долгота": "lon_deg", "бойлық": "lon_deg",
    "pop": "population", "people": "population", "население": "population",
    "халық": "population", "name:en": "name_en", "name": "name_en", "name:ru": "name_ru",
    "name:kk": "name_kk", "название": "name_ru", "наименование": "name_ru", "атауы": "name_kk",
    "type": "kind", "place": "kind", "region": "region_id", "district": "district_id",
    "fibre": "has_fibre", "fiber": "has_fibre", "has_fiber": "has_fibre", "wkt": "geometry",
    "length": "length_m", "class": "road_class", "highway": "road_class",
    "slope": "slope_deg", "height": "height_m", "elevation": "height_m",
    "site": "site_id", "cell": "sector_id", "cell_id": "sector_id", "sector": "sector_id",
    "azimuth": "azimuth_deg", "tilt": "tilt_deg", "mechanical_tilt": "tilt_deg",
    "electrical_tilt": "electrical_tilt_deg", "antenna": "pattern", "gain": "gain_dbi",
    "eirp": "eirp_dbm", "power": "power_w", "feeder_loss": "feeder_loss_db",
    "frequency": "frequency_mhz", "freq": "frequency_mhz", "bandwidth": "bandwidth_mhz",
    "load": "load_share", "radio": "technology", "rat": "technology",
    "rsrp": "level_dbm", "rsrp_dbm": "level_dbm", "level": "level_dbm", "rxlev": "level_dbm",
    "rssi": "level_dbm", "rssi_dbm": "level_dbm", "time": "measured_at", "timestamp": "measured_at",
}  # fmt: skip
"""What columns may be called; of several names of one field the first counts."""

_RSSI: Final = frozenset({"rssi", "rssi_dbm"})
_GIVEN: Final = {"да": "true", "нет": "false", "иә": "true", "жоқ": "false"}


def read_table(path: str | Path, name: str) -> tuple[pd.DataFrame, Findings]:
    """Read a user's table of one kind and hold it against its contract.

    Column names may be those of the contract or common ones (`ALIASES`), in any case. A CSV may
    be in UTF-8 (with or without a mark) or Windows-1251, with comma, semicolon or tab between
    fields and comma or point in decimals; geometry is WKT or, for points, two columns.
    Coordinates of other systems are brought to EPSG:4326. Roads and railways without nodes are cut
    where they touch, see `complete_network`.

    Parameters
    ----------
    path
        The file.
    name
        Which table it is: ``settlements``, ``settlement_updates``, ``roads`` ….

    Returns
    -------
    table
        With the columns and dtypes of the contract; a GeoDataFrame where there is a geometry.
    findings
        Everything wrong or odd, with row and remedy. An empty file gives an empty table.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If it is of no known kind or cannot be read at all.
    """
    path = Path(path)
    kind = table_kind(name)
    raw, found = read_raw(path, kind)
    contract = contract_of(name)
    table, more = contract.validate(raw, kind.shape, path.name)
    found += tuple(more)
    if kind.geometry != "none" and "geometry" in table.columns:
        table = gpd.GeoDataFrame(table, geometry="geometry", crs=4326)
        drawn = tuple(check_geometry(table, kind, path.name))
        found += drawn
        if kind.name in {"roads", "railways"} and len(table) and not Findings(drawn).errors:
            table = complete_network(table, kind.id_column)
    return table, Findings(found)


def read_raw(path: Path, kind: TableKind) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Read a file as it is, its columns renamed, its geometry in EPSG:4326.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If it is of no known kind or cannot be read at all.
    """
    if path.is_dir():
        finding = Finding("file-is-folder", Severity.ERROR, "it is a folder, not a file",
                          "name the file in it", str(path))  # fmt: skip
        raise InputError(f"{path} is a folder", [finding])
    if not path.is_file():
        finding = Finding("file-missing", Severity.ERROR, "the file is not there",
                          "mend the path", str(path))  # fmt: skip
        raise MissingInput(f"{path} is not there", [finding])
    suffix = path.suffix.lower()
    if suffix in {".csv", ".tsv", ".txt"}:
        return _named_and_placed(_read_csv(path), kind, path)
    if suffix in {".parquet", ".geoparquet"}:
        table = _read_parquet(path)
    elif suffix in {".gpkg", ".geojson", ".json", ".shp"}:
        table = _read_layers(path)
    else:
        raise _unreadable(path, "only CSV, GeoPackage, GeoJSON and Parquet can be read")
    if not isinstance(table, gpd.GeoDataFrame):
        return _named_and_placed(table, kind, path)
    table, found = _degrees(table, path)
    made, more = _named_and_placed(table, kind, path)
    return made, (*found, *more)


def _named_and_placed(
    table: pd.DataFrame, kind: TableKind, path: Path
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Give columns the contract's names and readable values; tell which names were doubtful."""
    named, doubts = _renamed(table, kind, path)
    made, found = _placed(named, kind, path)
    return made, (*doubts, *found)


def _unreadable(path: Path, why: object) -> InputError:
    finding = Finding("file-unreadable", Severity.ERROR, str(why),
                      "save it again as CSV (UTF-8) or GeoPackage", str(path))  # fmt: skip
    return InputError(f"{path} cannot be read", [finding])


def _read_csv(path: Path) -> pd.DataFrame:
    """Read CSV as text; encoding and separator are found out."""
    content = path.read_bytes()
    if b"\x00" in content[:4096]:
        raise _unreadable(path, "the file is binary, not text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", errors="replace")
    if not text.strip():
        raise _unreadable(path, "the file is empty")
    header = text.splitlines()[0]
    try:
        separator = csv.Sniffer().sniff(header, delimiters=",;\t|").delimiter
    except csv.Error:
        separator = ","
    try:
        table = pd.read_csv(io.StringIO(text), sep=separator, dtype="str", skipinitialspace=True)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise _unreadable(path, error) from error
    return table.loc[:, ~table.columns.astype("str").str.startswith("Unnamed:")]


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        return read_parquet(path)
    except InputError as error:
        raise _unreadable(path, error) from error


def _read_layers(path: Path) -> pd.DataFrame:
    try:
        table = gpd.read_file(path)
    except (DataSourceError, OSError, RuntimeError, ValueError) as error:
        raise _unreadable(path, error) from error
    return pd.DataFrame(table) if not isinstance(table, gpd.GeoDataFrame) else table


def _degrees(table: gpd.GeoDataFrame, path: Path) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Bring geometries to EPSG:4326; an unnamed system is taken for it and told."""
    if table.crs is None:
        finding = Finding("crs-missing", Severity.WARNING,
                          "the file names no coordinate system: degrees (EPSG:4326) were assumed",
                          "save it with its coordinate system", path.name)  # fmt: skip
        return table.set_crs(4326), (finding,)
    return (table if table.crs == 4326 else table.to_crs(4326)), ()


def _renamed(
    table: pd.DataFrame, kind: TableKind, path: Path
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Give columns the contract's names; of several for one field its own, else `ALIASES`' first.

    What was chosen among aliases is told, as a warning where the field is a number.
    """
    contract = contract_of(kind.name)
    aliases = ALIASES | {"id": kind.id_column, "osm_id": kind.id_column, "code": kind.id_column}
    order = {alias: place for place, alias in enumerate(aliases)}
    meant: dict[str, list[Any]] = {}
    for column in table.columns:
        plain = str(column).strip().lower()
        target = plain if plain in contract else aliases.get(plain, "")
        if target in contract:
            meant.setdefault(target, []).append(column)

    def rank(column: Any) -> int:
        return order.get(str(column).strip().lower(), -1)  # the contract's own name comes first

    names: dict[Any, str] = {}
    found: list[Finding] = []
    for target, columns in meant.items():
        first, *others = sorted(columns, key=rank)
        names[first] = target
        plain = str(first).strip().lower()
        if others and plain != target:
            number = contract[target].dtype in {"float", "int"}
            found.append(
                Finding("column-twice", Severity.WARNING if number else Severity.INFO,
                        f"{' and '.join(repr(str(c)) for c in (first, *others))} all mean "
                        f"{target}: {str(first)!r} was read",
                        f"name the column that counts {target}, or leave the others out",
                        path.name, None, target)
            )  # fmt: skip
        if target == "level_dbm" and plain in _RSSI:
            found.append(_rssi(str(first), path.name))
    return table.rename(columns=names), tuple(found)


def _rssi(column: str, file: str) -> Finding:
    """Say that the power of a carrier is no RSRP (3GPP TS 36.214, sections 5.1.1 and 5.1.3)."""
    return Finding(
        "level-rssi", Severity.WARNING,
        f"the column {column!r} was read as the level: RSSI is the power of the whole carrier with "
        "noise and interference, while levels of LTE and NR are RSRP, the power of one "
        "subcarrier: lower by 10 log10(12 N) dB, N resource blocks, on a carrier that is full "
        "(31 dB at 20 MHz of LTE)",
        "give a column rsrp for LTE and NR; RSSI fits GSM and UMTS only", file, None, "level_dbm",
    )  # fmt: skip


def _placed(
    table: pd.DataFrame, kind: TableKind, path: Path
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Make numbers and flags readable, and points and coordinates of each other."""
    made = table.copy()
    found: list[Finding] = []
    for field in contract_of(kind.name).values():
        if field.name in made.columns and made[field.name].dtype in ("object", "str"):
            if field.dtype in {"float", "int"}:
                made[field.name] = _numbers(made[field.name])
            elif field.dtype == "bool":
                folded = made[field.name].str.strip().str.lower()
                made[field.name] = folded.replace(_GIVEN)
    if kind.geometry == "none":
        return made, ()
    if "geometry" in made.columns and not isinstance(made, gpd.GeoDataFrame):
        made, found = _from_wkt(made, path)
    if kind.geometry == "point":
        made = _points(made)
    return made, tuple(found)


def _numbers(column: pd.Series[Any]) -> pd.Series[Any]:
    """Read decimal commas and spaces between thousands; what is no number stays as text."""
    text = column.str.strip().str.replace("[\u00a0\u202f ]", "", regex=True)
    return text.str.replace(",", ".", regex=False)


def _from_wkt(table: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, list[Finding]]:
    shapes: list[Any] = []
    found: list[Finding] = []
    for i, text in enumerate(table["geometry"]):
        try:
            shapes.append(shapely.from_wkt(text) if isinstance(text, str) else None)
        except ShapelyError as error:
            shapes.append(None)
            found.append(
                Finding("geometry-unreadable", Severity.ERROR, f"{error}"[:200],
                        "give well-known text, for example LINESTRING (76.9 43.2, 77.0 43.3)",
                        path.name, i + 2, "geometry")
            )  # fmt: skip
    made = table.drop(columns="geometry")
    return gpd.GeoDataFrame(made, geometry=shapes, crs=4326), found


def _points(table: pd.DataFrame) -> Any:
    """Fill coordinates from points, or points from coordinates."""
    made: Any = table.copy()
    if isinstance(made, gpd.GeoDataFrame) and not made.geometry.isna().all():
        middle = made.geometry.representative_point()
        if "lat_deg" not in made.columns:
            made["lat_deg"] = middle.y
        if "lon_deg" not in made.columns:
            made["lon_deg"] = middle.x
        return made
    if not {"lat_deg", "lon_deg"} <= set(made.columns):
        return pd.DataFrame(made)
    lat = pd.to_numeric(made["lat_deg"], errors="coerce").to_numpy(dtype=np.float64)
    lon = pd.to_numeric(made["lon_deg"], errors="coerce").to_numpy(dtype=np.float64)
    points: Any = shapely.points(lon, lat)
    points[~(np.isfinite(lat) & np.isfinite(lon))] = None
    plain = pd.DataFrame(made).drop(columns="geometry", errors="ignore")
    return gpd.GeoDataFrame(plain, geometry=points, crs=4326)
