"""Coverage: received power, best and second server, SINR, throughput, margins."""

from qamtu.kernels.coverage.calibration import (
    Calibration,
    Residuals,
    blocks_of,
    correct_loss,
    correction_db,
    fit_calibration,
    residuals_of,
)
from qamtu.kernels.coverage.margins import (
    location_margin_db,
    normal_loss_db,
    share_of_locations,
)
from qamtu.kernels.coverage.power import received_power
from qamtu.kernels.coverage.sector import (
    SectorSpec,
    eirp_dbm,
    noise_dbm,
    resource_blocks,
    rsrp_offset_db,
    subcarrier_khz,
)
from qamtu.kernels.coverage.servers import (
    Servers,
    add_level,
    add_sector,
    merge_servers,
    new_servers,
    sinr_db,
)
from qamtu.kernels.coverage.throughput import Shannon, sinr_for, throughput_mbps

__all__ = [
    "Calibration",
    "Residuals",
    "SectorSpec",
    "Servers",
    "Shannon",
    "add_level",
    "add_sector",
    "blocks_of",
    "correct_loss",
    "correction_db",
    "eirp_dbm",
    "fit_calibration",
    "location_margin_db",
    "merge_servers",
    "new_servers",
    "noise_dbm",
    "normal_loss_db",
    "received_power",
    "residuals_of",
    "resource_blocks",
    "rsrp_offset_db",
    "share_of_locations",
    "sinr_db",
    "sinr_for",
    "subcarrier_khz",
    "throughput_mbps",
]
