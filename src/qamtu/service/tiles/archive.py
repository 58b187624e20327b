"""Writes and reads PMTiles archives (specification version 3), the tiles gzipped."""

from __future__ import annotations

import gzip
import mmap
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from pmtiles.reader import MemorySource, Reader
from pmtiles.reader import all_tiles as walk
from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    TileType,
    deserialize_directory,
    find_tile,
    zxy_to_tileid,
)
from pmtiles.writer import Writer

__all__ = ["Archive", "Tile", "all_tiles", "open_archive", "write_archive"]

Tile: TypeAlias = tuple[int, int, int]
"""Zoom, column and row of a tile (Web Mercator, row 0 in the north)."""

_LEVEL: Final = 9


def write_archive(
    path: Path, tiles: Mapping[Tile, bytes], metadata: Mapping[str, object],
    bounds: tuple[float, float, float, float],
) -> None:  # fmt: skip
    """Write tiles into an archive, whole or not at all; the same tiles give the same bytes.

    Parameters
    ----------
    path
        File to make.
    tiles
        Uncompressed tiles; at least one.
    metadata
        JSON of the archive: ``vector_layers`` and ``attribution`` by custom.
    bounds
        West, south, east, north [deg].
    """
    beside = path.with_name(f".{path.name}.part")
    numbered = sorted((zxy_to_tileid(*tile), content) for tile, content in tiles.items())
    west, south, east, north = (round(value * 1e7) for value in bounds)
    with beside.open("wb") as file:
        writer = Writer(file)  # type: ignore[no-untyped-call]
        for number, content in numbered:
            writer.write_tile(number, gzip.compress(content, _LEVEL, mtime=0))  # type: ignore[no-untyped-call]
        writer.finalize(  # type: ignore[no-untyped-call]
            {
                "version": 3,
                "tile_type": TileType.MVT,
                "tile_compression": Compression.GZIP,
                "min_lon_e7": west, "min_lat_e7": south,
                "max_lon_e7": east, "max_lat_e7": north,
                "center_zoom": min(zoom for zoom, _, _ in tiles) + 1,
                "center_lon_e7": (west + east) // 2, "center_lat_e7": (south + north) // 2,
            },
            dict(metadata),
        )  # fmt: skip
    beside.replace(path)


def all_tiles(path: Path) -> Iterator[tuple[Tile, bytes]]:
    """Walk the tiles of an archive as they are stored."""
    yield from walk(MemorySource(path.read_bytes()))  # type: ignore[no-untyped-call]


class Archive:
    """An archive that is open for reading; threads may share it.

    Parameters
    ----------
    path
        The file; it must not change while it is open.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        reader = Reader(MemorySource(self._bytes))  # type: ignore[no-untyped-call]
        self._header: HeaderDict = reader.header()  # type: ignore[no-untyped-call]
        self.metadata: dict[str, object] = reader.metadata()  # type: ignore[no-untyped-call]
        self._root = self._directory(self._header["root_offset"], self._header["root_length"])
        self._leaf = lru_cache(maxsize=64)(self._directory)

    @property
    def zooms(self) -> tuple[int, int]:
        """First and last zoom."""
        return self._header["min_zoom"], self._header["max_zoom"]

    @property
    def count(self) -> int:
        """How many places have a tile."""
        return self._header["addressed_tiles_count"]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north [deg]."""
        head = self._header
        return (
            head["min_lon_e7"] / 1e7, head["min_lat_e7"] / 1e7,
            head["max_lon_e7"] / 1e7, head["max_lat_e7"] / 1e7,
        )  # fmt: skip

    def get(self, tile: Tile) -> bytes | None:
        """Give a tile as it is stored, gzipped; None where there is none."""
        zoom, column, row = tile
        if not (0 <= zoom <= 31 and 0 <= column < 2**zoom and 0 <= row < 2**zoom):
            return None
        number, entries = zxy_to_tileid(*tile), self._root
        while True:
            entry = find_tile(entries, number)
            if entry is None:
                return None
            if entry.run_length:
                at = self._header["tile_data_offset"] + entry.offset
                return self._bytes[at : at + entry.length]
            entries = self._leaf(self._header["leaf_directory_offset"] + entry.offset, entry.length)

    def _directory(self, offset: int, length: int) -> list[Entry]:
        return deserialize_directory(self._bytes[offset : offset + length])


@lru_cache(maxsize=64)
def open_archive(path: Path) -> Archive:
    """Open an archive, or give the one that is open; its path must name its content."""
    return Archive(path)
