"""The whole frame's servers, carrier by carrier, and what a map shows of them, row by row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qamtu.core.errors import StorageFailure
from qamtu.kernels.coverage import (
    Servers,
    Shannon,
    merge_servers,
    new_servers,
    sinr_db,
    throughput_mbps,
)
from qamtu.studies.coverage.layout import Carrier
from qamtu.studies.coverage.request import Margins
from qamtu.studies.coverage.tile import TileAnswer

__all__ = ["RATED", "Bands", "CarrierRule", "Layers", "blocks", "new_layers"]

RATED: Final = frozenset({"lte", "nr"})
"""Technologies to which the mapping from SINR to throughput belongs."""

_IN_MEMORY_BYTES: Final = 1_500_000_000
_DISK_SHARE: Final = 0.8
_ROWS: Final = 256


@dataclass(frozen=True, slots=True)
class CarrierRule:
    """How levels of one carrier are read.

    Parameters
    ----------
    carrier
        The carrier.
    margins
        What is taken off.
    noise_dbm : float
        Noise in the bandwidth that its levels are of [dBm].
    share, layers : float
        Share of the time for the downlink; spatial layers.
    weakest_dbm : float
        Least level that counts as covered [dBm].
    """

    carrier: Carrier
    margins: Margins
    noise_dbm: float
    share: float
    layers: float
    weakest_dbm: float


@dataclass(frozen=True, eq=False)
class Layers:
    """Servers of the whole frame by carrier, and the terrain's resolution.

    Parameters
    ----------
    servers
        One a carrier.
    resolution_arcsec : float32[rows, cols]
        Terrain under each cell that a site reaches [arcsec].
    """

    servers: tuple[Servers, ...]
    resolution_arcsec: NDArray[np.float32]

    def add(self, answer: TileAnswer, load: NDArray[np.float32]) -> None:
        """Merge a tile."""
        window = answer.window
        for carrier, servers in answer.servers.items():
            merge_servers(self.servers[carrier], servers, load, row=window.row, col=window.col)
        here = np.s_[window.row : window.row + window.rows, window.col : window.col + window.cols]
        self.resolution_arcsec[here] = np.fmin(
            self.resolution_arcsec[here], answer.resolution_arcsec
        )


@dataclass(frozen=True, eq=False)
class Bands:
    """Some rows of what the map shows, float32[r, cols] but ``server`` and ``class``.

    Parameters
    ----------
    row : int
        First row in the frame.
    best_dbm, second_dbm
        Level of the server and of the next best sector of its carrier, margins taken off [dBm].
    server : int32
        Number of the sector; −1 where there is none.
    sinr_db
        On the server's carrier [dB].
    throughput_mbps
        On the carrier of LTE or NR that gives most [Mbit/s]; NaN where there is none.
    above_db
        How far the level lies above the least one that counts as covered [dB].
    resolution_arcsec
        Terrain [arcsec].
    """

    row: int
    best_dbm: NDArray[np.float32]
    second_dbm: NDArray[np.float32]
    server: NDArray[np.int32]
    sinr_db: NDArray[np.float32]
    throughput_mbps: NDArray[np.float32]
    above_db: NDArray[np.float32]
    resolution_arcsec: NDArray[np.float32]


def new_layers(rows: int, cols: int, carriers: int, folder: Path) -> Layers:
    """Give layers without any sector; in files of ``folder`` where memory would be too small.

    Raises
    ------
    StorageFailure
        If the disk has not the room for those files.
    """
    size = rows * cols * (16 * carriers + 4)
    if size <= _IN_MEMORY_BYTES:
        servers = tuple(new_servers(rows, cols) for _ in range(carriers))
        return Layers(servers, np.full((rows, cols), np.nan, np.float32))
    folder.mkdir(parents=True, exist_ok=True)
    room = shutil.disk_usage(folder).free
    if size > _DISK_SHARE * room:
        raise StorageFailure(
            f"{rows:,} × {cols:,} cells of {carriers} carriers need {size / 1e9:,.0f} GB beside "
            f"the results, and {room / 1e9:,.0f} GB are free there; take larger cells (--cell), "
            "or fewer sites at a time"
        )

    def on_disk(name: str, dtype: Any, value: float) -> NDArray[Any]:
        made = np.memmap(folder / f"{name}.raw", dtype, "w+", shape=(rows, cols))
        for row in range(0, rows, _ROWS):
            made[row : row + _ROWS] = value
        return made

    return Layers(
        tuple(
            Servers(
                on_disk(f"best_{c}", np.float32, -np.inf),
                on_disk(f"second_{c}", np.float32, -np.inf),
                on_disk(f"server_{c}", np.int32, -1),
                on_disk(f"other_{c}", np.float32, 0.0),
            )
            for c in range(carriers)
        ),
        on_disk("resolution", np.float32, np.nan),
    )


def blocks(layers: Layers, rules: Sequence[CarrierRule], shannon: Shannon) -> Iterator[Bands]:
    """Walk the frame in blocks of rows and give what the map shows.

    The server is the sector whose level lies highest above the least of its technology. The
    margin for a share of locations is taken off its level and SINR, not off what disturbs it.
    """
    for row in range(0, layers.resolution_arcsec.shape[0], _ROWS):
        part = np.s_[row : row + _ROWS]
        shape = layers.resolution_arcsec[part].shape
        made: Mapping[str, NDArray[np.float32]] = {
            name: np.full(shape, np.nan, np.float32)
            for name in ("best_dbm", "second_dbm", "sinr_db", "throughput_mbps", "above_db")
        }
        server = np.full(shape, -1, np.int32)
        for rule, whole in zip(rules, layers.servers, strict=True):
            own = Servers(*(np.ascontiguousarray(getattr(whole, name)[part]) for name in _NAMES))
            margin = np.float32(rule.margins.location_db)
            sinr = sinr_db(own, rule.noise_dbm) - margin
            if rule.carrier.technology in RATED:
                rate = throughput_mbps(
                    sinr, rule.carrier.bandwidth_mhz, shannon, share=rule.share, layers=rule.layers
                )
                made["throughput_mbps"][:] = np.fmax(made["throughput_mbps"], rate)
            level = np.where(own.server >= 0, own.best_dbm - margin, np.nan)
            above = level - np.float32(rule.weakest_dbm)
            wins = (own.server >= 0) & ~(above <= made["above_db"])
            second = np.where(np.isfinite(own.second_dbm), own.second_dbm - margin, np.nan)
            for name, values in (
                ("best_dbm", level), ("second_dbm", second), ("sinr_db", sinr), ("above_db", above)
            ):  # fmt: skip
                made[name][wins] = values[wins]
            server[wins] = own.server[wins]
        yield Bands(row=row, server=server, resolution_arcsec=np.array(
            layers.resolution_arcsec[part]), **made)  # fmt: skip


_NAMES: Final = ("best_dbm", "second_dbm", "server", "other_mw")
