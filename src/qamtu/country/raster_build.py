"""Rasters of a built pack: Cloud Optimized GeoTIFF of the sources, the same bytes every time."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import rasterio
from rasterio.errors import RasterioError, RasterioIOError
from rasterio.shutil import copy as copy_raster

from qamtu.core.errors import InputError, StorageFailure, raise_errors
from qamtu.core.findings import Finding
from qamtu.country.catalogue import SourceCatalogue
from qamtu.country.rasters import describe
from qamtu.country.settings import RasterSource

__all__ = ["write_rasters"]

_OPTIONS: Final[dict[str, str]] = {
    "COMPRESS": "DEFLATE", "LEVEL": "9", "PREDICTOR": "YES", "BLOCKSIZE": "256",
    "NUM_THREADS": "1", "BIGTIFF": "NO",
}  # fmt: skip
_OVERVIEWS: Final = {"height": "AVERAGE", "land_cover": "NEAREST"}


def write_rasters(
    wanted: tuple[RasterSource, ...], catalogue: SourceCatalogue, folder: Path
) -> list[dict[str, Any]]:
    """Write the rasters of a pack and describe them for its manifest.

    Parameters
    ----------
    wanted
        Which sources, and what they are.
    catalogue
        Where they lie and on what terms.
    folder
        Folder of the pack; files go to ``rasters/height`` and ``rasters/land_cover``.

    Returns
    -------
    list
        One entry a raster, as `qamtu.country.rasters.built_layers` reads it.

    Raises
    ------
    InputError
        If a source is no raster that can be used.
    StorageFailure
        If a file cannot be written.
    """
    licences = {source.id: source.licence for source in catalogue.sources}
    made = []
    for one in wanted:
        path = catalogue.path(one.source)
        if one.kind not in _OVERVIEWS:
            known = ", ".join(_OVERVIEWS)
            raise InputError(f"rasters: {one.source!r} is of kind {one.kind!r}, not of {known}")
        target = folder / "rasters" / one.kind / f"{one.source}.tif"
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_cog(path, target, _OVERVIEWS[one.kind])
        found: list[Finding] = []
        layer = describe(
            target, one.kind, found,  # type: ignore[arg-type]
            source=one.source, licence=licences[one.source], legend=one.legend,
        )  # fmt: skip
        raise_errors(found, f"the raster {path} cannot be used")
        if layer is None:
            raise InputError(f"the raster {path} cannot be used")
        entry = asdict(layer) | {"file": target.relative_to(folder).as_posix()}
        del entry["path"]
        entry["resolution_arcsec"] = round(layer.resolution_arcsec, 6)
        entry["bounds"] = [round(edge, 9) for edge in layer.bounds]
        entry["surface_model"] = one.surface_model
        made.append(entry)
    return made


def _write_cog(path: Path, target: Path, overviews: str) -> None:
    try:
        with rasterio.open(path) as data:
            copy_raster(data, target, driver="COG", OVERVIEW_RESAMPLING=overviews, **_OPTIONS)
    except RasterioIOError as error:
        raise InputError(f"{path} cannot be read as a raster: {error}") from error
    except RasterioError as error:
        raise StorageFailure(f"{target} could not be written: {error}") from error
