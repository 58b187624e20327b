"""All chosen sites together: best server, interference and throughput, computed anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.candidates import Places
from qamtu.connectivity.mobile.options import Option
from qamtu.connectivity.mobile.radio import Radio
from qamtu.connectivity.mobile.reach import LossModel, Window, site_window
from qamtu.connectivity.mobile.territory import Territory
from qamtu.kernels.coverage import (
    SectorSpec,
    Servers,
    add_sector,
    new_servers,
    sinr_db,
    throughput_mbps,
)

__all__ = ["Served", "serve"]


@dataclass(frozen=True, eq=False)
class Served:
    """What a set of sites gives a territory.

    Parameters
    ----------
    level_dbm : float32[rows, cols]
        Median level outdoors of the best server, one resource element [dBm]; NaN where none
        reaches.
    server : int32[rows, cols]
        Number of the best sector, -1 where none.
    covered : bool[d]
        Cells where the level holds at the share of locations.
    sinr_ok : bool[d]
        Cells of those where the ratio of the best server to loaded others and noise is what is
        asked for, at the share of locations.
    throughput : float32[d]
        Throughput of one user who has the carrier, at the share of locations [Mbit/s]; 0 where
        not covered.
    """

    level_dbm: NDArray[np.float32]
    server: NDArray[np.int32]
    covered: NDArray[np.bool_]
    sinr_ok: NDArray[np.bool_]
    throughput: NDArray[np.float32]

    def share(self, weight: NDArray[np.float64], *, with_sinr: bool) -> float:
        """Share of a weight that is covered, and with the ratio asked for where told so [1]."""
        flags = self.covered & self.sinr_ok if with_sinr else self.covered
        total = float(weight.sum())
        return float(weight[flags].sum()) / total if total > 0.0 else 0.0


def serve(
    options: Sequence[Option], places: Places, territory: Territory, radio: Radio,
    loss: LossModel, radius_m: float,
) -> Served:  # fmt: skip
    """Predict level, interference and throughput of sites that all work at once.

    Losses are computed anew over the whole radius, not taken from the covering problem. The
    others' sectors are loaded with ``radio.load``; walls and vehicles weaken all alike. The margin
    for the share of locations is taken off the wanted signal and not off what disturbs it: others
    count with their medians.

    Parameters
    ----------
    options
        The sites.
    places
        Places that the options number.
    territory, radio, loss
        Cells, band, propagation.
    radius_m
        Radius of the losses [m].
    """
    frame = territory.frame
    servers = new_servers(*frame.shape)
    count = sum(len(option.sectors) for option in options)
    load = np.full(max(count, 1), radio.load, np.float32)
    index = 0
    for option in options:
        place = option.place
        window = site_window(
            loss, frame, float(places.lat_deg[place]), float(places.lon_deg[place]),
            float(places.height_m[place]), radius_m,
        )  # fmt: skip
        for sector in option.sectors:
            if window is not None:
                _add(servers, window, territory, sector, index, load, radio)
            index += 1
    inside = territory.number >= 0
    best = servers.best_dbm + np.float32(radio.loss_db)
    level = np.where(np.isfinite(best), best, np.nan).astype(np.float32)
    sinr = sinr_db(servers, radio.noise_dbm) - np.float32(radio.location_db)
    covered = np.nan_to_num(level, nan=-np.inf) >= radio.needed_dbm - radio.interference_db
    ok = np.nan_to_num(sinr, nan=-np.inf) >= radio.sinr_min_db
    speed = throughput_mbps(
        sinr, radio.bandwidth_mhz, radio.shannon, share=radio.downlink_share, layers=radio.layers
    )
    return Served(
        level_dbm=level,
        server=servers.server,
        covered=covered[inside],
        sinr_ok=ok[inside],
        throughput=np.where(covered & np.isfinite(speed), speed, 0.0)[inside].astype(np.float32),
    )


def _add(
    servers: Servers, window: Window, territory: Territory, sector: SectorSpec, index: int,
    load: NDArray[np.float32], radio: Radio,
) -> None:  # fmt: skip
    rows, cols = window.loss_db.shape
    part = (slice(window.row, window.row + rows), slice(window.col, window.col + cols))
    add_sector(
        servers, window.loss_db, window.frame.lat_deg, window.frame.lon_deg,
        territory.ground_m[part], sector, index, load, rx_height_m=radio.receiver_height_m,
        offset_db=radio.offset_db - radio.loss_db, row=window.row, col=window.col,
    )  # fmt: skip
