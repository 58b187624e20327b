"""Tiles of the Copernicus DEM GLO-30: which an area needs, and fetching them.

The public bucket has one folder a tile of one degree, named after its south-west corner; the open
sea has no tiles (readme of the bucket; Registry of Open Data on AWS, "Copernicus DEM"). Heights
are of a surface model: they hold roofs and tree tops.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from qamtu.core.errors import InputError, raise_errors
from qamtu.core.files import write_text
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.progress import Report, silent
from qamtu.country.download import Fetched, Outcome, Wanted, fetch_all
from qamtu.country.rasters import Bounds
from qamtu.kernels.geodesy import EARTH_RADIUS_M

__all__ = [
    "BUCKET_URL",
    "TILE_MB_MAX",
    "TerrainTiles",
    "around",
    "boxes_of",
    "fetch_tiles",
    "tile_names",
]

BUCKET_URL: Final = "https://copernicus-dem-30m.s3.amazonaws.com"
"""Public bucket of the tiles."""
TILE_MB_MAX: Final = 52
"""A tile uncompressed: 3,600 by 3,600 cells of 4 bytes [10⁶ bytes]; fewer north of 50° N."""

_SUMS: Final = "SHA256SUMS"
_ABSENT: Final = "ABSENT.txt"
_NOTE: Final = "LICENCE.md"
_LICENCE: Final = """\
# Heights in this folder

Copernicus DEM GLO-30, 1 arc second, a digital surface model (roofs and tree tops are in it).

- Fetched from {base}
- Attribution that the licence asks for: © DLR e.V. 2010-2014 and © Airbus Defence and Space GmbH
  2014-2018, provided under COPERNICUS by the European Union and ESA; all rights reserved.
- Terms: free of charge for the general public, under the licence of the Copernicus DEM (GLO-30 and
  GLO-90, "Licence for Copernicus DEM instance GLO-30 DSM Public"). Read it before you publish.
- {sums} holds the SHA-256 of each file as it was fetched; {absent} lists tiles that the bucket
  does not have: open sea, or ground that is not public.
"""


@dataclass(frozen=True, slots=True)
class TerrainTiles:
    """What fetching left in the folder.

    Parameters
    ----------
    folder
        Where the tiles lie.
    fetched, there, absent, failed
        Names of tiles: fetched now, there before, not in the bucket, not fetched.
    size_bytes
        Bytes transferred now.
    """

    folder: Path
    fetched: tuple[str, ...]
    there: tuple[str, ...]
    absent: tuple[str, ...]
    failed: tuple[str, ...]
    size_bytes: int


def tile_names(areas: Iterable[Bounds]) -> tuple[str, ...]:
    """Name the tiles that rectangles touch, from the south-west, each once.

    Parameters
    ----------
    areas
        West, south, east, north of each rectangle [deg].

    Raises
    ------
    InputError
        If a rectangle is empty or leaves the globe.
    """
    corners: set[tuple[int, int]] = set()
    for west, south, east, north in areas:
        good = np.all(np.isfinite([west, south, east, north]))
        if not (good and west < east and -90.0 <= south < north <= 90.0 and east - west <= 360.0):
            finding = Finding(
                "bounds-empty", Severity.ERROR, f"{(west, south, east, north)} is no rectangle",
                "give west, south, east, north in degrees",
            )  # fmt: skip
            raise InputError("the area of the tiles is no rectangle", [finding])
        corners |= {
            (lat, (lon + 180) % 360 - 180)
            for lat in range(floor(south), ceil(north))
            for lon in range(floor(west), ceil(east))
        }
    return tuple(_name(lat, lon) for lat, lon in sorted(corners))


def _name(lat: int, lon: int) -> str:
    """Name of the tile whose south-west corner lies there [deg]."""
    north = f"{'N' if lat >= 0 else 'S'}{abs(lat):02d}_00"
    east = f"{'E' if lon >= 0 else 'W'}{abs(lon):03d}_00"
    return f"Copernicus_DSM_COG_10_{north}_{east}_DEM"


def boxes_of(shape: Any) -> tuple[Bounds, ...]:
    """Give the squares of one degree that a shape touches: west, south, east, north [deg].

    Parameters
    ----------
    shape
        A polygon in EPSG:4326.
    """
    west, south, east, north = shape.bounds
    boxes = [
        (float(lon), float(lat), lon + 1.0, lat + 1.0)
        for lat in range(floor(south), ceil(north))
        for lon in range(floor(west), ceil(east))
    ]
    touched = shapely.intersects(shape, [shapely.box(*box) for box in boxes])
    return tuple(box for box, one in zip(boxes, touched, strict=True) if one)


def around(lat_deg: float, lon_deg: float, radius_km: float) -> Bounds:
    """Give the rectangle that holds a circle: west, south, east, north [deg].

    Parameters
    ----------
    lat_deg, lon_deg
        Centre [deg].
    radius_km
        Radius [km].
    """
    up = float(np.degrees(1000.0 * radius_km / EARTH_RADIUS_M))
    across = up / max(float(np.cos(np.radians(lat_deg))), 0.01)
    south, north = max(lat_deg - up, -90.0), min(lat_deg + up, 90.0)
    return lon_deg - across, south, lon_deg + across, north


def fetch_tiles(
    areas: Sequence[Bounds], folder: Path, *, base_url: str = BUCKET_URL, parallel: int = 4,
    retries: int = 4, timeout_s: float = 30.0, pause_s: float = 1.0, report: Report = silent,
) -> tuple[TerrainTiles, Findings]:  # fmt: skip
    """Fetch the tiles of some rectangles into a folder; what is there is kept and checked.

    Parameters
    ----------
    areas
        West, south, east, north of each rectangle [deg].
    folder
        Where to put the tiles, with their checksums and a note on the licence.
    base_url
        The bucket, or a mirror of it with the same folders.
    parallel, retries, timeout_s, pause_s, report
        See `fetch_all`.

    Returns
    -------
    tiles
        What is there now.
    findings
        Tiles that the bucket does not have.

    Raises
    ------
    InputError
        If the rectangles or the URL cannot be used, or tiles could not be fetched: with the URL of
        each and how to put it there by hand. What was fetched stays, and parts are continued.
    StorageFailure
        If the folder cannot be written.
    """
    names = tile_names(areas)
    base = base_url.rstrip("/")
    sums = _read_sums(folder / _SUMS)
    wanted = [
        Wanted(f"{base}/{name}/{name}.tif", folder / f"{name}.tif", sums.get(f"{name}.tif", ""))
        for name in names
    ]
    made = fetch_all(
        wanted, parallel=parallel, retries=retries, timeout_s=timeout_s, pause_s=pause_s,
        report=report,
    )  # fmt: skip
    sums |= {one.wanted.path.name: one.sha256 for one in made if one.sha256}
    absent = set(_read_lines(folder / _ABSENT)) | set(_named(made, Outcome.ABSENT))
    absent -= {*_named(made, Outcome.FETCHED), *_named(made, Outcome.THERE)}
    if sums or absent:
        text = "".join(f"{value}  {name}\n" for name, value in sorted(sums.items()))
        write_text(folder / _SUMS, text)
        write_text(folder / _ABSENT, "".join(f"{name}\n" for name in sorted(absent)))
        write_text(folder / _NOTE, _LICENCE.format(base=base, sums=_SUMS, absent=_ABSENT))
    tiles = TerrainTiles(
        folder, _named(made, Outcome.FETCHED), _named(made, Outcome.THERE),
        _named(made, Outcome.ABSENT), _named(made, Outcome.FAILED),
        sum(one.size_bytes for one in made),
    )  # fmt: skip
    raise_errors(_failures(made, folder), _sentence(tiles, base))
    return tiles, Findings(tuple(_absences(tiles)))


def _named(made: Sequence[Fetched], outcome: str) -> tuple[str, ...]:
    return tuple(one.wanted.path.stem for one in made if one.outcome == outcome)


def _read_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.is_file() else []


def _read_sums(path: Path) -> dict[str, str]:
    """Read a list of checksums: one file a line, its SHA-256 before its name."""
    words = _read_lines(path)
    return dict(zip(words[1::2], words[::2], strict=False))


def _sentence(tiles: TerrainTiles, base: str) -> str:
    good = len(tiles.fetched) + len(tiles.there)
    return (
        f"{len(tiles.failed)} tiles could not be fetched from {base} ({good} are there and kept); "
        "the same command goes on where it stopped"
    )


def _failures(made: Sequence[Fetched], folder: Path) -> list[Finding]:
    return [
        Finding("terrain-not-fetched", Severity.ERROR, one.why,
                "look at the network or the proxy and run it again; or fetch the file with any "
                f"tool and put it into {folder}; a mirror is named with --base-url",
                one.wanted.path.name)
        for one in made if one.outcome == Outcome.FAILED
    ]  # fmt: skip


def _absences(tiles: TerrainTiles) -> list[Finding]:
    if not tiles.absent:
        return []
    whole = len(tiles.absent) == sum(
        len(part) for part in (tiles.fetched, tiles.there, tiles.absent)
    )
    return [
        Finding("terrain-tiles-absent", Severity.WARNING if whole else Severity.INFO,
                f"the bucket has no file for {len(tiles.absent)} tiles ({_some(tiles.absent)}): "
                "open sea, or ground that is not public",
                "if it is land, give heights of your own" if not whole else
                "check the area and --base-url: not one tile was there")
    ]  # fmt: skip


def _some(names: Sequence[str]) -> str:
    short = [name.removeprefix("Copernicus_DSM_COG_10_").removesuffix("_DEM") for name in names]
    return ", ".join(short[:4]) + (" …" if len(short) > 4 else "")
