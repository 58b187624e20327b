"""Rasters of heights and land cover: what a file is, and its values on a grid of degrees."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.errors import CRSError, NotGeoreferencedWarning, RasterioError
from rasterio.warp import Resampling, reproject, transform, transform_bounds

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.geodesy import EARTH_RADIUS_M, haversine_m

__all__ = [
    "KINDS",
    "Bounds",
    "Frame",
    "Kind",
    "RasterLayer",
    "built_layers",
    "describe",
    "find_files",
    "folder_layers",
    "read_onto",
]

Kind = Literal["height", "land_cover"]
KINDS: Final[tuple[Kind, ...]] = ("height", "land_cover")
"""What a raster's values may be."""
Bounds = tuple[float, float, float, float]
"""West, south, east, north [deg]."""

_SUFFIXES: Final = frozenset({".tif", ".tiff", ".vrt", ".img", ".hgt", ".dt2", ".dt1", ".asc"})
_FEET: Final = frozenset({"ft", "foot", "feet", "us-ft", "us survey foot"})
_FOOT_M: Final = 0.3048
_DEGREE_ARCSEC: Final = 3600.0
_SURFACE_MODELS: Final = ("copernicus_dsm",)
_NEAREST_RATIO: Final = 1.5
_ALIGNED: Final = 1e-3


@dataclass(frozen=True, slots=True)
class RasterLayer:
    """One raster file of a pack or a user.

    Parameters
    ----------
    path
        The file.
    kind
        ``height`` or ``land_cover``.
    resolution_arcsec
        Size of a cell in latitude [arcsec]; of a projected file, of the degrees it warps to.
    source, licence
        Id in the pack's catalogue and its terms; the file's name and empty for a user's own.
    legend
        Legend of a land cover's codes; empty where it is to be found out.
    bounds
        West, south, east, north [deg].
    surface_model
        Whether heights hold roofs and tree tops (a digital surface model).
    """

    path: Path
    kind: Kind
    resolution_arcsec: float
    source: str
    licence: str
    legend: str = ""
    bounds: Bounds = (-180.0, -90.0, 180.0, 90.0)
    surface_model: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A regular grid of degrees to read onto: north-west corner, steps [deg] and size."""

    west_deg: float
    north_deg: float
    step_lat_deg: float
    step_lon_deg: float
    rows: int
    cols: int

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north [deg]."""
        return (
            self.west_deg, self.north_deg - self.rows * self.step_lat_deg,
            self.west_deg + self.cols * self.step_lon_deg, self.north_deg,
        )  # fmt: skip

    @property
    def lat_deg(self) -> NDArray[np.float64]:
        """Latitude of each row's centre [deg]."""
        return self.north_deg - self.step_lat_deg * (np.arange(self.rows, dtype=np.float64) + 0.5)

    def window(self, bounds: Bounds) -> tuple[slice, slice]:
        """Rows and columns that touch a rectangle; empty slices where none does."""
        west, south, east, north = bounds
        r0 = np.clip(np.floor((self.north_deg - north) / self.step_lat_deg), 0, self.rows)
        r1 = np.clip(np.ceil((self.north_deg - south) / self.step_lat_deg), 0, self.rows)
        c0 = np.clip(np.floor((west - self.west_deg) / self.step_lon_deg), 0, self.cols)
        c1 = np.clip(np.ceil((east - self.west_deg) / self.step_lon_deg), 0, self.cols)
        return slice(int(r0), int(r1)), slice(int(c0), int(c1))

    def part(self, rows: slice, cols: slice) -> Frame:
        """The grid of some rows and columns."""
        return Frame(
            self.west_deg + cols.start * self.step_lon_deg,
            self.north_deg - rows.start * self.step_lat_deg,
            self.step_lat_deg, self.step_lon_deg,
            rows.stop - rows.start, cols.stop - cols.start,
        )  # fmt: skip

    @property
    def transform(self) -> Any:
        """The affine transform of the grid."""
        return Affine(
            self.step_lon_deg, 0.0, self.west_deg, 0.0, -self.step_lat_deg, self.north_deg
        )


def find_files(paths: Iterable[str | Path], found: list[Finding]) -> list[Path]:
    """List raster files; of a folder all of its rasters, deep. What is missing becomes a finding.

    Parameters
    ----------
    paths
        Files and folders.
    found
        Findings are added here.
    """
    files: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inner = sorted(p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES)
            if not inner:
                found.append(
                    Finding("raster-missing", Severity.ERROR, "the folder has no raster",
                            "put GeoTIFF files into it, or name another folder", str(path))
                )  # fmt: skip
            files += inner
        elif path.is_file():
            files.append(path)
        else:
            found.append(
                Finding("raster-missing", Severity.ERROR, "the file is not there",
                        "mend the path", str(path))
            )  # fmt: skip
    return files


def describe(
    path: Path, kind: Kind, found: list[Finding], *, source: str = "", licence: str = "",
    legend: str = "",
) -> RasterLayer | None:  # fmt: skip
    """Read what a raster is; None with a finding where it cannot be used.

    Parameters
    ----------
    path, kind
        The file and what its values are.
    found
        Findings are added here: unreadable, without a coordinate system or place, turned over,
        coordinates swapped.
    source, licence, legend
        As in `RasterLayer`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as data:
                layer = _described(data, path, kind, found)
    except (RasterioError, CRSError, OSError) as error:
        found.append(
            Finding("raster-unreadable", Severity.ERROR, f"the file cannot be read: {error}",
                    "fetch or export it again as GeoTIFF", str(path))
        )  # fmt: skip
        return None
    if layer is None:
        return None
    arcsec, bounds = layer
    name = path.name.lower()
    return RasterLayer(
        path, kind, arcsec, source or path.name, licence, legend, bounds,
        kind == "height" and name.startswith(_SURFACE_MODELS),
    )  # fmt: skip


def _described(
    data: Any, path: Path, kind: Kind, found: list[Finding]
) -> tuple[float, Bounds] | None:
    """Give resolution [arcsec] and bounds of an open raster, or tell why it cannot be used."""
    if data.crs is None:
        found.append(
            Finding("raster-crs-missing", Severity.ERROR, "the file names no coordinate system",
                    f"name it, for example: rio edit-info --crs EPSG:4326 {path.name}", str(path))
        )  # fmt: skip
        return None
    if data.transform.is_identity:
        found.append(
            Finding("raster-place-missing", Severity.ERROR, "the file does not say where it lies",
                    "export it with its georeference (GeoTIFF tags or a world file)", str(path))
        )  # fmt: skip
        return None
    if kind == "land_cover" and np.issubdtype(np.dtype(data.dtypes[0]), np.floating):
        found.append(
            Finding("land-cover-not-classes", Severity.WARNING,
                    f"land cover holds {data.dtypes[0]} values, not whole class codes",
                    "give a raster of classes; values were rounded", str(path))
        )  # fmt: skip
    if data.transform.e > 0 or data.transform.a < 0:
        found.append(
            Finding("raster-turned", Severity.INFO, "rows run from south to north, or columns from "
                    "east to west; they were turned", "nothing, if it looks right on a map",
                    str(path))
        )  # fmt: skip
    left, bottom, right, top = _edges(data)
    if data.crs.is_geographic:
        if max(abs(bottom), abs(top)) > 90.0 + 1e-6:
            found.append(
                Finding("raster-swapped", Severity.ERROR,
                        f"latitudes run from {bottom:g} to {top:g}: latitude and longitude are "
                        "swapped", "export it with x as longitude and y as latitude", str(path))
            )  # fmt: skip
            return None
        if data.crs.to_epsg() == 4326:
            return abs(data.transform.e) * _DEGREE_ARCSEC, (left, bottom, right, top)
    west, south, east, north = transform_bounds(data.crs, "EPSG:4326", left, bottom, right, top)
    return _cell_arcsec(data), (west, south, east, north)


def _cell_arcsec(data: Any) -> float:
    """Size of a raster's cell at its centre, the shorter side, as degrees of latitude [arcsec]."""
    row, col = data.height / 2.0, data.width / 2.0
    corners = ((col, row), (col + 1.0, row), (col, row + 1.0))
    t = data.transform
    xs = [t.a * c + t.b * r + t.c for c, r in corners]
    ys = [t.d * c + t.e * r + t.f for c, r in corners]
    lon, lat = transform(data.crs, "EPSG:4326", xs, ys)
    sides = haversine_m(lat[0], lon[0], lat[1:], lon[1:])
    return float(np.degrees(sides.min() / EARTH_RADIUS_M) * _DEGREE_ARCSEC)


def _edges(data: Any) -> Bounds:
    """Edges of a raster in its own coordinates, whichever way its rows run."""
    xs = (data.transform.c, data.transform.c + data.transform.a * data.width)
    ys = (data.transform.f, data.transform.f + data.transform.e * data.height)
    return min(xs), min(ys), max(xs), max(ys)


def read_onto(
    layer: RasterLayer, frame: Frame, found: list[Finding]
) -> tuple[slice, slice, NDArray[np.float32]] | None:
    """Read the part of a raster that lies on a grid.

    Heights are averaged where the grid is coarser than 1.5 cells of the raster and bilinear
    elsewhere; land cover is the most frequent class or the nearest.

    Parameters
    ----------
    layer
        The raster.
    frame
        The grid.
    found
        Findings are added here.

    Returns
    -------
    rows, cols : slice
        Part of the grid that the raster touches.
    values : float32[rows, cols]
        Heights [m] or class codes; NaN where there is none. None in place of all three where
        the raster does not touch the grid or cannot be read.
    """
    rows, cols = frame.window(layer.bounds)
    if rows.start >= rows.stop or cols.start >= cols.stop:
        return None
    part = frame.part(rows, cols)
    coarser = part.step_lat_deg * _DEGREE_ARCSEC > _NEAREST_RATIO * layer.resolution_arcsec
    if layer.kind == "height":
        method = Resampling.average if coarser else Resampling.bilinear
    else:
        method = Resampling.mode if coarser else Resampling.nearest
    values = np.full((part.rows, part.cols), np.nan, dtype=np.float32)
    try:
        with rasterio.open(layer.path) as data:
            if not _copied(data, part, values):
                reproject(
                    source=rasterio.band(data, 1), destination=values, src_crs=data.crs,
                    src_transform=data.transform, src_nodata=_nodata(data), dst_crs="EPSG:4326",
                    dst_transform=part.transform, dst_nodata=np.nan, resampling=method,
                    init_dest_nodata=True, num_threads=1,
                )  # fmt: skip
            scale, offset, unit = data.scales[0], data.offsets[0], data.units[0]
    except (RasterioError, CRSError, OSError) as error:
        found.append(
            Finding("raster-unreadable", Severity.ERROR, f"the file is damaged: {error}",
                    "fetch or export it again", str(layer.path))
        )  # fmt: skip
        return None
    if (scale, offset) != (1.0, 0.0):
        values = (values * scale + offset).astype(np.float32)
    if layer.kind == "height" and (unit or "").lower() in _FEET:
        values = (values * _FOOT_M).astype(np.float32)
        found.append(
            Finding("heights-in-feet-converted", Severity.INFO,
                    "the file says that its heights are feet; they were made metres",
                    "nothing", str(layer.path))
        )  # fmt: skip
    return rows, cols, values


def _copied(data: Any, part: Frame, values: NDArray[np.float32]) -> bool:
    """Copy the cells of a raster whose own grid is the frame's; tell whether it is."""
    t = data.transform
    if data.crs.to_epsg() != 4326 or t.a <= 0 or t.e >= 0 or t.b or t.d:
        return False
    col, row = (part.west_deg - t.c) / t.a, (part.north_deg - t.f) / t.e
    end_col, end_row = (
        col + part.step_lon_deg / t.a * part.cols,
        row - (part.step_lat_deg / t.e * part.rows),
    )
    edges = np.array([col, row, end_col, end_row])
    whole = np.rint(edges)
    size = (whole[2] - whole[0], whole[3] - whole[1])
    if np.abs(edges - whole).max() > _ALIGNED or size != (part.cols, part.rows):
        return False
    c0, r0 = max(0, int(whole[0])), max(0, int(whole[1]))
    c1, r1 = min(data.width, int(whole[2])), min(data.height, int(whole[3]))
    if c0 >= c1 or r0 >= r1:
        return True
    read = data.read(1, window=((r0, r1), (c0, c1))).astype(np.float32)
    nodata = _nodata(data)
    if nodata is not None and not np.isnan(nodata):
        read[read == np.float32(nodata)] = np.nan
    top, left = r0 - int(whole[1]), c0 - int(whole[0])
    values[top : top + r1 - r0, left : left + c1 - c0] = read
    return True


def _nodata(data: Any) -> float | None:
    """Value of a raster's voids; where it names none, the one that its type commonly has."""
    if data.nodata is not None:
        return float(data.nodata)
    kind = np.dtype(data.dtypes[0])
    if np.issubdtype(kind, np.floating):
        return float("nan")
    return -32768.0 if kind == np.int16 else None


def built_layers(folder: Path, listed: Iterable[Mapping[str, Any]]) -> tuple[RasterLayer, ...]:
    """Give the rasters of a built pack as its manifest lists them.

    Raises
    ------
    KeyError
        If an entry lacks a key.
    """
    return tuple(
        RasterLayer(
            folder / str(one["file"]), one["kind"], float(one["resolution_arcsec"]),
            str(one["source"]), str(one["licence"]), str(one.get("legend", "")),
            tuple(one["bounds"]), bool(one.get("surface_model", False)),
        )
        for one in listed
    )  # fmt: skip


def folder_layers(folder: Path) -> tuple[tuple[RasterLayer, ...], Findings]:
    """Find the rasters of a pack that a user filled.

    Parameters
    ----------
    folder
        Folder of the pack; heights lie in ``rasters/height``, land cover in
        ``rasters/land_cover``.

    Returns
    -------
    layers
        Those that can be used.
    findings
        What is wrong with the others.
    """
    found: list[Finding] = []
    layers = []
    for kind in KINDS:
        place = folder / "rasters" / kind
        if place.is_dir() and any(p.suffix.lower() in _SUFFIXES for p in place.rglob("*")):
            layers += [describe(path, kind, found) for path in find_files([place], found)]
    return tuple(one for one in layers if one is not None), Findings(tuple(found))
