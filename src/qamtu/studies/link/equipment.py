"""The radio of a microwave hop from parameters by band, with what the user gives in place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params, load_params
from qamtu.kernels.propagation.microwave import Modulation, Radio, antenna_gain_dbi

__all__ = ["Equipment", "bands", "equipment_of", "link_params"]

_PACKAGE: Final = "qamtu.studies.link"
_VERTICAL_DEG: Final = 90.0
_LADDER: Final = {
    "qpsk": ("QPSK", 2), "qam16": ("16QAM", 4), "qam32": ("32QAM", 5), "qam64": ("64QAM", 6),
    "qam128": ("128QAM", 7), "qam256": ("256QAM", 8), "qam512": ("512QAM", 9),
    "qam1024": ("1024QAM", 10),
}  # fmt: skip
"""Name and bits of a symbol of each modulation, by the stem of its parameters."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """A radio and what it was chosen by.

    Parameters
    ----------
    radio
        What the budget is made with.
    band
        Name of the band, in GHz.
    dish_a_m, dish_b_m
        Diameters [m].
    """

    radio: Radio
    band: str
    dish_a_m: float
    dish_b_m: float


def link_params(override: Path | None = None) -> Params:
    """Load the parameters that ship, with a user's file over them.

    Raises
    ------
    MissingInput, InputError
        If the file is not there or cannot be used.
    """
    folder = files(_PACKAGE).joinpath("params")
    params = load_params(folder.joinpath("clearance.toml")).merged(
        load_params(folder.joinpath("microwave.toml"))
    )
    return params if override is None else params.overridden(override)


def bands(params: Params) -> dict[str, tuple[float, float]]:
    """Edges of each band [GHz] by its name, the lowest first."""
    names = [found[1] for name in params if (found := re.fullmatch(r"band_(\w+)_from", name))]
    edges = {n: (params.value(f"band_{n}_from"), params.value(f"band_{n}_to")) for n in names}
    return dict(sorted(edges.items(), key=lambda pair: pair[1]))


def equipment_of(
    params: Params,
    frequency_ghz: float,
    *,
    bandwidth_mhz: float | None = None,
    dish_a_m: float | None = None,
    dish_b_m: float | None = None,
    tx_power_dbm: float | None = None,
) -> tuple[Equipment, Findings]:
    """Choose the usual radio of a band.

    Parameters
    ----------
    params
        From `link_params`.
    frequency_ghz
        Carrier [GHz].
    bandwidth_mhz, dish_a_m, dish_b_m, tx_power_dbm
        What the user gives; None takes the band's usual value.

    Returns
    -------
    equipment, findings
        The radio, and a note where the carrier is in none of the bands.
    """
    edges = bands(params)
    band = min(edges, key=lambda n: _apart(frequency_ghz, *edges[n]))
    found = []
    if _apart(frequency_ghz, *edges[band]) > 0.0:
        listed = ", ".join(f"{low:g} to {high:g}" for low, high in edges.values())
        found.append(
            Finding(
                "band-between", Severity.WARNING,
                f"{frequency_ghz:g} GHz is in none of the bands with parameters ({listed} GHz): "
                f"equipment of the {band} GHz band was taken",
                "give power, channel and dishes of your own", None, None, "freq",
            )
        )  # fmt: skip

    def usual(given: float | None, name: str) -> float:
        return params.value(f"band_{band}_{name}") if given is None else given

    dishes = (usual(dish_a_m, "dish"), usual(dish_b_m, "dish"))
    gains = antenna_gain_dbi(np.array(dishes), frequency_ghz, params.value("aperture_efficiency"))
    radio = Radio(
        frequency_ghz=frequency_ghz,
        bandwidth_mhz=usual(bandwidth_mhz, "bandwidth"),
        tx_power_dbm=usual(tx_power_dbm, "power"),
        antenna_a_dbi=float(gains[0]),
        antenna_b_dbi=float(gains[1]),
        feeder_loss_db=params.value("feeder_loss"),
        noise_figure_db=params.value("noise_figure"),
        polarisation_deg=_VERTICAL_DEG,
        signature_depth_db=params.value("signature_depth"),
        signature_delay_ns=params.value("signature_delay"),
        modulations=tuple(
            Modulation(
                name, params.value(f"{key}_efficiency"), params.value(f"{key}_snr"),
                params.value(f"{key}_backoff"),
            )
            for key, (name, bits) in _LADDER.items()
            if bits <= params.value(f"band_{band}_bits")
        ),
    )  # fmt: skip
    return Equipment(radio, band, *dishes), Findings(tuple(found))


def _apart(value: float, low: float, high: float) -> float:
    """How many octaves a frequency is from a band; 0 inside."""
    return float(max(np.log2(low / value), np.log2(value / high), 0.0))
