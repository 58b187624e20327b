"""The link study: from two names to a folder with profile, losses, budget, picture and page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from qamtu.core.errors import InputError, MissingInput, raise_errors
from qamtu.core.files import refuse_existing, replaced_folder
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params
from qamtu.core.progress import Report, Stage, silent
from qamtu.country import Pack, load_pack, read_surface
from qamtu.country.clutter import terrain_params
from qamtu.kernels.propagation.clearance import ClearanceRule
from qamtu.kernels.propagation.climate import has_maps
from qamtu.studies.link.budget import link_budget
from qamtu.studies.link.ends import End, find_end, read_own_sites
from qamtu.studies.link.equipment import equipment_of, link_params
from qamtu.studies.link.losses import Loss, all_losses
from qamtu.studies.link.output import write_link_files
from qamtu.studies.link.path import LinkPath, bounds_of, check_length, trace_path
from qamtu.studies.link.request import LinkRequest, check_height, check_request
from qamtu.studies.link.summary import link_summary

__all__ = ["LinkResult", "make_link"]

_T = TypeVar("_T")

_HEIGHT_M = 30.0
_BUDGET_FROM_GHZ = 6.0


@dataclass(frozen=True, slots=True)
class LinkResult:
    """A finished link: where it is and what it says."""

    folder: Path
    summary: dict[str, Any]
    path: LinkPath


def make_link(request: LinkRequest, progress: Report = silent) -> LinkResult:
    """Compute one link and write its folder, whole or not at all.

    Parameters
    ----------
    request
        What to compute, from what, and where to put it.
    progress
        Is told each stage.

    Raises
    ------
    OutputExists
        If the folder has something in it and ``overwrite`` is false; found before any work.
    InputError, MissingInput
        With all findings about ends, settings and terrain.
    StorageFailure
        If the results cannot be written.
    """
    refuse_existing(request.out, overwrite=request.overwrite)
    found: list[Finding] = [*check_request(request)]
    progress(Stage("reading the pack"))
    pack = load_pack(request.pack)
    params = _gathered(found, lambda: link_params(request.params), Params({}))
    ends = _ends(request, pack, found)
    raise_errors(found, "the link cannot be computed", strict=request.strict)
    assert ends is not None  # an end that is not found is an error
    a, b, heights = ends
    progress(Stage("reading the terrain"))
    path, limit = _path(request, pack, params, (a, b), heights, found)
    progress(Stage("profile", 1.0, f"{len(path.table):,} points"))
    losses = all_losses(
        path, heights, request.frequency_ghz, k_factor=request.k_factor,
        time_percent=request.time_percent, location_percent=request.location_percent,
    )  # fmt: skip
    budget = _budget(request, params, path, losses, found)
    headline = _headline(request, losses, budget, found)
    raise_errors(found, "the link cannot be computed", strict=request.strict)
    progress(Stage("losses", 1.0, headline))
    summary = link_summary(
        request, pack, params, (a, b), heights, path, losses, budget,
        headline=headline, findings=Findings(tuple(dict.fromkeys(found))),
        coarse=path.coarse_arcsec > limit * 1.01,
        made_at=dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    progress(Stage("writing the results"))
    with replaced_folder(request.out, overwrite=request.overwrite) as folder:
        write_link_files(folder, path, summary, request.language)
    return LinkResult(request.out, summary, path)


def _gathered(found: list[Finding], make: Callable[[], _T], otherwise: _T) -> _T:
    """Make something; where that fails, put down why and go on, so that all is told at once."""
    try:
        return make()
    except InputError as error:
        plain = Finding("unusable", Severity.ERROR, str(error.args[0]), "mend what was given")
        found += error.findings or [plain]
        return otherwise


def _ends(
    request: LinkRequest, pack: Pack, found: list[Finding]
) -> tuple[End, End, tuple[float, float]] | None:
    """Find both ends and their antenna heights; None where one is not found."""
    sites: pd.DataFrame | None = None
    if request.sites is not None:
        file = request.sites
        if not file.is_file():
            msg = f"the sites file {file} is not there"
            raise MissingInput(msg)
        empty: tuple[pd.DataFrame | None, Findings] = (None, Findings())
        sites, more = _gathered(found, lambda: read_own_sites(file, _HEIGHT_M), empty)
        found += more
    made: list[End | None] = [
        _gathered(found, lambda t=text, s=side: find_end(t, s, pack, sites), None)  # type: ignore[misc]
        for side, text in (("A", request.a), ("B", request.b))
    ]
    a, b = made
    if a is None or b is None:
        return None
    found += check_length(a, b)
    heights = (_height(request.height_a_m, a), _height(request.height_b_m, b))
    for side, given, end in (("A", request.height_a_m, a), ("B", request.height_b_m, b)):
        if given is None and end.height_m is not None:
            found += check_height(side, end.height_m)
    return a, b, heights


def _height(given: float | None, end: End) -> float:
    if given is not None:
        return given
    return end.height_m if end.height_m is not None else _HEIGHT_M


def _path(
    request: LinkRequest, pack: Pack, params: Params, ends: tuple[End, End],
    heights: tuple[float, float], found: list[Finding],
) -> tuple[LinkPath, float]:  # fmt: skip
    """Sample the path; also the resolution from which terrain counts as coarse [arcsec]."""
    a, b = ends
    surface, more = read_surface(
        pack, bounds_of(a, b), heights=request.heights, land_cover=request.land_cover,
        clutter_table=request.clutter_table, buildings=request.buildings,
    )  # fmt: skip
    found += more
    path = trace_path(
        surface, a, b, heights, request.frequency_ghz, _rule(request, params), request.step_m
    )
    ground = path.column("ground_m")
    for side, end, row in (("A", a, 0), ("B", b, -1)):
        if ground[row] != ground[row]:
            found.append(
                Finding(
                    "end-terrain", Severity.ERROR,
                    f"{side} at {end.lat_deg:.5f},{end.lon_deg:.5f} lies where no terrain is known",
                    "check its coordinates, or give heights that hold it (--terrain)",
                    None, None, side,
                )
            )  # fmt: skip
    if path.voids and not any(f.id == "end-terrain" for f in found):
        found.append(
            Finding(
                "path-void", Severity.WARNING,
                f"{path.voids} of {len(path.table)} points of the path have no height: nothing is "
                "said of clearance and terrain losses",
                "give heights for them (--terrain)",
            )
        )  # fmt: skip
    limit = terrain_params(pack.params.get("terrain")).value("coarse_terrain")
    raise_errors(found, "the link cannot be computed", strict=request.strict)
    return path, limit


def _rule(request: LinkRequest, params: Params) -> ClearanceRule:
    """Make the clearance rule of the request and of the factors of the worst month."""
    found = (re.fullmatch(r"k_worst_month_(\d+)km", name) for name in params)
    by_km = sorted((float(one[1]), params.value(one[0])) for one in found if one)
    return ClearanceRule(
        request.k_factor, request.share_median, tuple(km for km, _ in by_km),
        tuple(k for _, k in by_km), request.share_low,
    )  # fmt: skip


def _budget(
    request: LinkRequest,
    params: Params,
    path: LinkPath,
    losses: tuple[Loss, ...],
    found: list[Finding],
) -> dict[str, Any] | None:
    """Make the microwave budget where it makes sense: from 6 GHz on, or when asked for."""
    asked = request.model == "microwave"
    if path.voids or not (asked or request.frequency_ghz >= _BUDGET_FROM_GHZ):
        return None
    if not has_maps():
        severity = Severity.ERROR if asked else Severity.WARNING
        found.append(
            Finding("extra-missing", severity, "the microwave budget needs the package itur",
                    'install the extra: pip install "qamtu[radio]", or choose another --model')
        )  # fmt: skip
        return None
    equipment, more = equipment_of(
        params, request.frequency_ghz, bandwidth_mhz=request.bandwidth_mhz,
        dish_a_m=request.dish_a_m, dish_b_m=request.dish_b_m, tx_power_dbm=request.tx_power_dbm,
    )  # fmt: skip
    found += more
    diffraction = next((loss.excess_db or 0.0 for loss in losses if loss.model == "p526"), 0.0)
    return link_budget(path, equipment, request.availability, diffraction)


def _headline(
    request: LinkRequest,
    losses: tuple[Loss, ...],
    budget: dict[str, Any] | None,
    found: list[Finding],
) -> str:
    """Choose the model at the head: the one asked for, else what suits the frequency."""
    known = {loss.model: loss for loss in losses}
    if request.model == "auto":
        if budget is not None:
            return "microwave"
        return next(
            (m for m in ("p1812", "itm", "p526") if m in known and known[m].loss_db is not None),
            "free",
        )
    chosen = known.get(request.model)
    if chosen is not None and chosen.loss_db is None:
        severity = Severity.WARNING if chosen.why.endswith("have no height") else Severity.ERROR
        found.append(
            Finding("model-out-of-range", severity, f"{chosen.edition}: {chosen.why}",
                    "choose another --model, or auto", None, None, "model")
        )  # fmt: skip
    return request.model
