"""All figures of a coverage study in one document, and what its rasters say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from qamtu import __version__
from qamtu.core.findings import Finding
from qamtu.core.provenance import Source
from qamtu.kernels.propagation.area.raster import ResamplingError
from qamtu.studies.coverage.figures import Figures, level_curve
from qamtu.studies.coverage.layers import RATED, CarrierRule
from qamtu.studies.coverage.prepare import Prepared
from qamtu.studies.coverage.request import CoverageRequest

__all__ = ["ASSUMPTIONS", "MODEL_NAMES", "build_summary", "raster_tags"]

MODEL_NAMES: Final = {
    "p1812": "ITU-R P.1812-8", "itm": "NTIA ITM 1.4", "free_space": "ITU-R P.525-4",
}  # fmt: skip

ASSUMPTIONS: Final = (
    "A level is the median over a cell's locations unless another share of them was asked.",
    "The margin for a share of locations is taken off the server, not off what disturbs it.",
    "Interference is counted between sectors of the same technology, middle and bandwidth.",
    "Throughput is that of one user alone on one carrier (3GPP TR 36.942 annex A).",
    "Antennas of sectors are fixed beams: beams that follow a user do better.",
    "People of a settlement are held to live evenly over a disc of a stated density.",
    "The coarser the terrain, the more shadows are missed and the more are made up.",
)
"""Sentences that a reader must know, whatever was asked."""


def raster_tags(request: CoverageRequest, prepared: Prepared, made_at: str) -> dict[str, str]:
    """Give the tags of every raster: model, settings, terrain, sources, date."""
    resolution = prepared.sectors["resolution_arcsec"]
    terrain = [one.source for one in prepared.pack.rasters] + [p.name for p in request.terrain]
    place = "indoors" if request.indoor else "in a vehicle" if request.in_vehicle else "outdoors"
    return {
        "TITLE": f"coverage of {request.sites.name}",
        "SOFTWARE": f"qamtu {__version__}",
        "DATE": made_at,
        "MODEL": MODEL_NAMES.get(request.model, request.model),
        "LEVEL": "RSRP for LTE and NR, received power of the carrier for GSM and UMTS",
        "OPERATOR": request.operator or "as in the sites",
        "RADIUS_M": f"{request.radius_m:g}",
        "RECEIVER": f"{request.rx_height_m:g} m above ground, {place}",
        "TIME_PERCENT": f"{request.time_percent:g}",
        "LOCATION_PERCENT": f"{request.location_percent:g}",
        "TERRAIN_ARCSEC_AT_SITES": f"{resolution.min():g} to {resolution.max():g}",
        "TERRAIN_SOURCES": ", ".join(sorted(set(terrain))),
        "CALIBRATION": request.calibration.name if request.calibration else "none",
        "PARAMETERS": "; ".join(f"{n} = {p.value:g} {p.unit}" for n, p in prepared.params.items()),
    }


def build_summary(
    request: CoverageRequest,
    prepared: Prepared,
    figures: Figures,
    *,
    made_at: str,
    regions: Sequence[Mapping[str, Any]],
    rules: Sequence[CarrierRule],
    sources: Iterable[Source],
    findings: Sequence[Finding],
    resampling: Sequence[ResamplingError],
    weakest_dbm: float,
    stages: Sequence[tuple[str, float]],
) -> dict[str, Any]:
    """Put a study's figures together.

    Parameters
    ----------
    request, prepared, figures
        What was asked, read and counted.
    made_at
        When, ISO 8601 in UTC.
    regions
        Figures by region.
    rules
        How each carrier was read.
    sources, findings
        What the data is, and what is odd about it.
    resampling
        Sampled errors of rasters against paths of their own.
    weakest_dbm : float
        Level from which a cell counts as covered [dBm].
    stages
        Name and seconds of each stage.
    """
    sectors = prepared.sectors
    covered = max(figures.bands_km2.values())
    return {
        "title": f"coverage of {request.sites.stem}",
        "kind": "coverage",
        "pack": prepared.pack.code,
        "made_at": made_at,
        "version": __version__,
        "seed": request.seed,
        "currency": prepared.pack.currency,
        "price_year": prepared.pack.price_year,
        "settings": {
            **{k: v for k, v in asdict(request).items() if k not in {"out", "overwrite"}},
            "model_name": MODEL_NAMES.get(request.model, request.model),
        },
        "totals": {
            "sites": int(sectors["site_id"].nunique()),
            "sectors": len(sectors),
            "sites_approximate": int(
                sectors.loc[sectors["approximate"].astype(bool), "site_id"].nunique()
            ),
            "cells": prepared.layout.frame.rows * prepared.layout.frame.cols,
            "area_reached_km2": figures.reached_km2,
            "area_covered_km2": covered,
            "area_covered_share": covered / figures.reached_km2 if figures.reached_km2 else 0.0,
            **{
                f"{name}_{kind}": sum(row[f"{name}_{kind}"] for row in regions)
                for name in ("settlements", "people")
                for kind in ("reached", "covered")
            },
        },
        "levels": [
            {"band": name, "level_dbm": weakest_dbm + level, "area_km2":
             figures.bands_km2[name]}
            for name, level in figures.levels_db.items()
        ],
        "by_region": list(regions),
        "by_carrier": [_carrier(rule, i, prepared) for i, rule in enumerate(rules)],
        "curve": level_curve(figures, weakest_dbm),
        "throughput": figures.rates_km2,
        "terrain": _terrain(figures, findings),
        "resampling": _resampling(resampling),
        "calibration": _calibration(request, prepared),
        "parameters": [asdict(prepared.params[name]) for name in prepared.params],
        "sources": [asdict(source) for source in sources],
        "assumptions": _assumptions(request, prepared, rules),
        "findings": [
            asdict(f) | {"severity": f.severity.value, "where": f.where} for f in findings
        ],
        "stages": [{"name": name, "seconds": seconds} for name, seconds in stages],
    }  # fmt: skip


_NO_THROUGHPUT: Final = (
    "Throughput is given for LTE and NR only: GSM and UMTS have levels and SINR, no throughput."
)
_OPERATORS: Final = (
    "The best server is that of all operators, as if every phone might use every network; sites of "
    "different operators do not disturb each other."
)


def _assumptions(
    request: CoverageRequest, prepared: Prepared, rules: Sequence[CarrierRule]
) -> list[str]:
    """Give the sentences that a reader must know, with what this study was asked."""
    step = f"{prepared.params.value('profile_step'):g} m"
    if request.buildings is not None:
        step += ", or the terrain's cells where they are finer"
    houses = (
        f"In built-up ground the loss depends on the stated profile step ({step}): it sets how "
        "near before the receiver the last houses stand."
    )
    plain = {one.carrier.technology for one in rules} - RATED
    return [
        *ASSUMPTIONS,
        *([houses] if request.model == "p1812" else []),
        *([_NO_THROUGHPUT] if plain else []),
        *([_OPERATORS] if len({one.carrier.operator for one in rules}) > 1 else []),
    ]


def _carrier(rule: CarrierRule, number: int, prepared: Prepared) -> dict[str, Any]:
    own = prepared.layout.carrier_of == number
    return {
        "carrier": rule.carrier.name,
        "operator": rule.carrier.operator,
        "technology": rule.carrier.technology,
        "frequency_mhz": rule.carrier.frequency_mhz,
        "bandwidth_mhz": rule.carrier.bandwidth_mhz,
        "sectors": int(own.sum()),
        "area_km2": float(prepared.sectors.loc[own, "area_km2"].sum()),
        "noise_dbm": rule.noise_dbm,
        "location_sigma_db": rule.margins.sigma_db,
        "entry_loss_db": rule.margins.entry_db,
        "location_margin_db": rule.margins.location_db,
    }


def _terrain(figures: Figures, findings: Sequence[Finding]) -> dict[str, Any]:
    """Share of what is reached by resolution of its terrain."""
    whole = sum(figures.resolution_km2.values()) or 1.0
    shares = {
        f"{value:g}": km2 / whole
        for value, km2 in sorted(figures.resolution_km2.items())
        if np.isfinite(value)
    }
    unknown = sum(km2 for value, km2 in figures.resolution_km2.items() if not np.isfinite(value))
    return {
        "resolution_arcsec": shares,
        "unknown_share": unknown / whole,
        "coarse": any(f.id == "terrain-coarse" for f in findings),
    }


def _resampling(found: Sequence[ResamplingError]) -> dict[str, float] | None:
    """Errors of the sampled sites together: the mean median, the worst of the others."""
    known = [one for one in found if one.cells]
    if not known:
        return None
    return {
        "median_db": float(np.mean([one.median_db for one in known])),
        "p95_db": max(one.p95_db for one in known),
        "max_db": max(one.max_db for one in known),
        "bias_db": float(np.mean([one.bias_db for one in known])),
        "cells": sum(one.cells for one in known),
        "sites": len(known),
    }


def _calibration(request: CoverageRequest, prepared: Prepared) -> dict[str, Any] | None:
    made = prepared.calibration
    if made is None or request.calibration is None:
        return None
    return {
        "file": request.calibration.name,
        "fitted_on": prepared.calibrated_on,
        "method": made.method,
        "slope_db": made.slope_db,
        "offset_db": [float(v) for v in made.offset_db],
        "before": asdict(made.before),
        "after": asdict(made.after),
        "held_out": asdict(made.held_out),
    }
