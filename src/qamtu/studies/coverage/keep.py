"""Finished tiles are kept beside the results, so that a stopped study goes on from there.

Every tile is one file of arrays, named by the digest of what it was asked; files are written whole
or not at all. The folder goes when the study ends well.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from qamtu import __version__
from qamtu.core.files import write_bytes
from qamtu.kernels.coverage import Servers
from qamtu.kernels.propagation.area.raster import ResamplingError
from qamtu.studies.coverage.layout import Window
from qamtu.studies.coverage.tile import TileAnswer

__all__ = ["digest_of", "fingerprint", "read_tile", "resume_folder", "write_tile"]

_ARRAYS = ("best_dbm", "second_dbm", "server", "other_mw")


def resume_folder(target: Path) -> Path:
    """Give the folder in which tiles of an unfinished study are kept."""
    return target.with_name(f".{target.name}.resume")


def digest_of(*asked: Any) -> str:
    """Name a question: alike only for the same data, settings and version."""
    text = json.dumps([__version__, *asked], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def fingerprint(paths: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """Tell files apart by path, size and time of their last change; folders by all they hold."""
    made = []
    for path in paths:
        for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
            with contextlib.suppress(OSError):
                about = one.stat()
                made.append((str(one), about.st_size, about.st_mtime_ns))
    return tuple(made)


def write_tile(path: Path, answer: TileAnswer) -> None:
    """Write a tile's answer.

    Raises
    ------
    StorageFailure
        If it cannot be written.
    """
    arrays: dict[str, Any] = {
        "window": np.array([answer.window.row, answer.window.col, answer.window.rows,
                            answer.window.cols]),
        "resolution": answer.resolution_arcsec,
    }  # fmt: skip
    for carrier, servers in answer.servers.items():
        for name in _ARRAYS:
            arrays[f"{name}_{carrier}"] = getattr(servers, name)
    if answer.resampling is not None:
        arrays["resampling"] = np.array(list(asdict(answer.resampling).values()))
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    write_bytes(path, stream.getvalue())


def read_tile(path: Path) -> TileAnswer | None:
    """Read a tile's answer; one that cannot be read is computed again."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            carriers = [int(n.removeprefix("server_")) for n in arrays if n.startswith("server_")]
            servers = {c: Servers(*(arrays[f"{n}_{c}"] for n in _ARRAYS)) for c in sorted(carriers)}
            resampling = None
            if "resampling" in arrays:
                median, p95, most, bias, cells = arrays["resampling"].tolist()
                resampling = ResamplingError(median, p95, most, bias, int(cells))
            window = Window(*(int(v) for v in arrays["window"]))
            return TileAnswer(window, servers, arrays["resolution"], resampling)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
