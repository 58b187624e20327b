"""Cells of OpenCelliD grouped to masts: where sites probably stand, marked as approximate.

The file gives for each cell the middle of where it was heard, not where its mast stands. Cells of
LTE are grouped by their eNodeB (the cell identity without its last 8 bits, 3GPP TS 36.413
section 9.2.1.38) as long as they were heard near each other, others by nearness alone. A mast is
put at the mean of its cells, weighted by their samples; a cell heard away from it is taken to
point there.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import IO, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial import cKDTree

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.country.tables import contract_of
from qamtu.kernels.geodesy import stereographic

__all__ = ["COLUMNS", "is_opencellid", "read_opencellid"]

COLUMNS: Final = (
    "radio", "mcc", "net", "area", "cell", "unit", "lon", "lat", "range", "samples",
    "changeable", "created", "updated", "averageSignal",
)  # fmt: skip
_TECHNOLOGY: Final = {"GSM": "gsm", "UMTS": "umts", "LTE": "lte", "NR": "nr"}
_RADIOS: Final = frozenset({*_TECHNOLOGY, "CDMA"})
_MAST_M: Final = 300.0
_NODE_M: Final = 5000.0
_POINTS_M: Final = 50.0
_BEAM_DEG: Final = 20.0


def is_opencellid(path: Path) -> bool:
    """Tell whether a file is a CSV of OpenCelliD, with its header line or without."""
    if not (path.name.lower().endswith((".csv", ".csv.gz"))):
        return False
    try:
        with _opened(path) as stream:
            first = next(csv.reader(stream), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    plain = [word.strip() for word in first]
    with_header = {"radio", "mcc", "cell", "lon", "lat"} <= set(plain)
    return with_header or (len(plain) == len(COLUMNS) and plain[0].upper() in _RADIOS)


def read_opencellid(
    path: Path, territory: Any | None = None
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Read cells and make sectors of masts with the columns of ``schemas/sites.csv``.

    Parameters
    ----------
    path
        CSV of OpenCelliD, also gzipped.
    territory
        The country's area in EPSG:4326; cells outside are left out and counted.

    Returns
    -------
    sectors
        One row a sector: cells of one mast and technology that are heard in one direction are
        one sector; ``approximate`` is true.
    findings
        What was left out, and that positions are estimates.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    cells, found = _read(path)
    inside = np.ones(len(cells), dtype=bool)
    if territory is not None and len(cells):
        shapely.prepare(territory)
        inside = shapely.contains_xy(territory, cells["lon"].to_numpy(), cells["lat"].to_numpy())
    if not inside.all():
        found.append(
            Finding("cells-outside", Severity.INFO,
                    f"{int((~inside).sum()):,} cells lie outside the country and were left out",
                    "leave it so, or name another pack", path.name)
        )  # fmt: skip
    cells = cells[inside].reset_index(drop=True)
    table = _sectors(cells) if len(cells) else pd.DataFrame(columns=list(contract_of("sites")))
    if territory is not None and len(table):
        stands = shapely.contains_xy(territory, table["lon_deg"], table["lat_deg"])
        table = table[stands].reset_index(drop=True)  # a mean of cells may fall over the border
    masts = table["site_id"].nunique()
    found.append(
        Finding("sites-approximate", Severity.WARNING,
                f"{len(cells):,} cells were heard, not surveyed: grouped to {masts:,} masts whose "
                "places and directions are estimates, often some 100 m off",
                "use a register of sites where there is one", path.name)
    )  # fmt: skip
    made, more = contract_of("sites").validate(table, "sector", path.name)
    made["approximate"] = True
    return made, (*found, *more)


def _opened(path: Path) -> IO[str]:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _read(path: Path) -> tuple[pd.DataFrame, list[Finding]]:
    try:
        with _opened(path) as stream:
            bare = next(csv.reader(stream))[0].strip().upper() in _RADIOS
        with _opened(path) as stream:
            table = pd.read_csv(stream, header=None if bare else 0, dtype="str",
                                names=list(COLUMNS) if bare else None)  # fmt: skip
    except (OSError, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    table.columns = [str(c).strip() for c in table.columns]
    for name in ("lat", "lon", "cell", "samples", "mcc", "net", "area"):
        column = table[name] if name in table.columns else pd.Series(np.nan, index=table.index)
        table[name] = pd.to_numeric(column, errors="coerce")
    table["radio"] = table["radio"].astype("str").str.strip().str.upper()
    good = table["radio"].isin(_TECHNOLOGY) & table[["lat", "lon", "cell"]].notna().all(axis=1)
    good &= (table["lat"].abs() <= 90) & (table["lon"].abs() <= 180)
    good &= (table["lat"] != 0) | (table["lon"] != 0)
    found = []
    if not good.all():
        found.append(
            Finding("cells-unusable", Severity.WARNING,
                    f"{int((~good).sum()):,} rows have no position, no cell or a technology that "
                    "is not GSM, UMTS, LTE or NR, and were left out", "mend or ignore them",
                    path.name)
        )  # fmt: skip
    return table[good].reset_index(drop=True), found


def _sectors(cells: pd.DataFrame) -> pd.DataFrame:
    """Group cells to masts, and the cells of a mast to sectors."""
    cells = cells.assign(
        technology=cells["radio"].map(_TECHNOLOGY),
        operator=cells["mcc"].astype("Int64").astype("str")
        + "-" + cells["net"].astype("Int64").astype("str"),
        weight=cells["samples"].fillna(1.0).clip(lower=1.0),
    )  # fmt: skip
    cells["mast"] = _masts(cells)
    grouped = cells.groupby(["operator", "technology", "mast"], sort=True)
    number = np.asarray(grouped.ngroup(), np.int64)
    lat, lon, weight = (cells[n].to_numpy(np.float64) for n in ("lat", "lon", "weight"))
    operator, technology = cells["operator"].to_numpy(), cells["technology"].to_numpy()
    cell = cells["cell"].to_numpy(np.int64)
    rows: list[dict[str, Any]] = []
    for own in _parted(np.arange(len(cells)), number):
        mean_lat = float(np.average(lat[own], weights=weight[own]))
        mean_lon = float(np.average(lon[own], weights=weight[own]))
        first = own[0]
        site = f"{operator[first]}-{technology[first]}-{cell[own].min()}"
        rows += [
            {"site_id": site, "operator": operator[first], "technology": technology[first],
             "lat_deg": mean_lat, "lon_deg": mean_lon, "azimuth_deg": azimuth}
            for azimuth in _azimuths(lat[own], lon[own], mean_lat, mean_lon)
        ]  # fmt: skip
    table = pd.DataFrame(rows)
    points = gpd.points_from_xy(table["lon_deg"], table["lat_deg"])
    made: pd.DataFrame = gpd.GeoDataFrame(table, geometry=points, crs=4326)
    return made


def _masts(cells: pd.DataFrame) -> NDArray[np.int64]:
    """Number the mast of each cell, unique within operator and technology."""
    made = np.zeros(len(cells), np.int64)
    for (_, technology, _), group in cells.groupby(
        ["operator", "technology", "area"], dropna=False
    ):
        at = group.index.to_numpy()
        parts = [at]
        if technology == "lte":
            node = group["cell"].to_numpy(np.int64) >> 8
            parts = _parted(at, node)
        for part in parts:
            made[part] = _mast_cells(cells, part, _NODE_M if technology == "lte" else _MAST_M)
    return made


def _parted(at: NDArray[np.int64], key: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Part rows by a key."""
    order = np.argsort(key, kind="stable")
    return np.split(at[order], np.flatnonzero(np.diff(key[order])) + 1)


def _mast_cells(cells: pd.DataFrame, rows: NDArray[np.int64], reach_m: float) -> NDArray[np.int64]:
    """Give each of some rows the least cell of those that were heard within a mast's reach."""
    cell = cells["cell"].to_numpy(np.int64)[rows]
    if len(rows) == 1:
        return cell
    lat, lon = (cells[name].to_numpy(np.float64)[rows] for name in ("lat", "lon"))
    x, y = stereographic(lat, lon, float(lat.mean()), float(lon.mean()))
    label = _near(np.column_stack([x, y]), reach_m)
    least = np.full(len(rows), np.iinfo(np.int64).max)
    np.minimum.at(least, label, cell)
    return least[label]


def _near(places: NDArray[np.float64], reach_m: float) -> NDArray[np.int64]:
    """Label places so that those of one label lie within a mast's reach of each other."""
    label = np.arange(len(places))
    tree = cKDTree(places)
    for block in _blocks(tree, len(places), reach_m):
        if len(block) > 1:
            joined = fcluster(linkage(places[block], "complete"), reach_m, "distance")
            _, first, member = np.unique(joined, return_index=True, return_inverse=True)
            label[block] = block[first[member]]
    return label


def _blocks(tree: cKDTree, n: int, reach_m: float) -> list[NDArray[np.int64]]:
    """Part places into blocks that are further than a mast's reach from each other, or small."""
    seen = np.zeros(n, dtype=bool)
    made = []
    for start in range(n):
        if seen[start]:
            continue
        members: list[int] = []
        stack = [start]
        seen[start] = True
        while stack and len(members) < 2000:
            here = stack.pop()
            members.append(here)
            for other in tree.query_ball_point(tree.data[here], reach_m):
                if not seen[other]:
                    seen[other] = True
                    stack.append(other)
        for left in stack:
            seen[left] = False
        made.append(np.array(sorted(members), dtype=np.int64))
    return made


def _azimuths(
    cell_lat: NDArray[np.float64], cell_lon: NDArray[np.float64], lat: float, lon: float
) -> list[float]:
    """Directions of a mast's cells; one direction that is not known if all lie together."""
    if cell_lat.size == 1:
        return [float("nan")]
    x, y = stereographic(cell_lat, cell_lon, lat, lon)
    away = np.hypot(x, y) > _POINTS_M
    if not away.any():
        return [float("nan")]
    bearing = np.sort(np.degrees(np.arctan2(x[away], y[away])) % 360.0)
    made: list[list[float]] = [[float(bearing[0])]]
    for value in bearing[1:]:
        if value - made[-1][0] <= _BEAM_DEG:
            made[-1].append(float(value))
        else:
            made.append([float(value)])
    if len(made) > 1 and made[0][0] + 360.0 - made[-1][0] <= _BEAM_DEG:
        made[0] = [value - 360.0 for value in made.pop()] + made[0]
    return [round(float(np.mean(values)) % 360.0, 1) for values in made]
