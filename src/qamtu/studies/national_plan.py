"""The national access plan: from a pack and a user's own tables to a folder of results."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from qamtu.connectivity.villages import Inputs, Results, run
from qamtu.connectivity.villages.divide import Limits, Mapper
from qamtu.core.files import refuse_existing, replaced_folder
from qamtu.core.progress import Report, Stage, silent
from qamtu.country import Pack
from qamtu.studies.assumptions import assumptions
from qamtu.studies.checkpoint import remembering
from qamtu.studies.hops import clear_hops
from qamtu.studies.mapping import mapping
from qamtu.studies.monte_carlo import cost_band
from qamtu.studies.output import write_plan_files
from qamtu.studies.plan_data import PlanRequest, plan_inputs, used_sources
from qamtu.studies.report import write_report
from qamtu.studies.sensitivity import default_changes, sensitivity_table
from qamtu.studies.summary import build_summary

__all__ = ["PlanResult", "make_plan"]


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A finished plan: where it is and what it says."""

    folder: Path
    summary: dict[str, Any]
    results: Results


def make_plan(request: PlanRequest, progress: Report = silent) -> PlanResult:
    """Plan a country or one region and write the folder of results, whole or not at all.

    Parameters
    ----------
    request
        What to plan, from what, under which targets, and where to put it.
    progress
        Is told each stage.

    Raises
    ------
    OutputExists
        If the folder has something in it and ``overwrite`` is false; found before any work.
    InputError, MissingInput
        With all findings about pack, tables and settings.
    Infeasible
        If the targets cannot be met.
    StorageFailure
        If the results cannot be written.
    """
    refuse_existing(request.out, overwrite=request.overwrite)
    with (
        mapping(request.scheduler, request.workers) as plain,
        remembering(plain, request.out, progress) as mapper,
    ):
        progress(Stage("reading the pack"))
        pack, inputs, findings = plan_inputs(request)
        if request.line_of_sight:
            hops, seen = clear_hops(
                pack, inputs.settlements, inputs.params, heights=request.terrain, progress=progress
            )
            inputs, findings = replace(inputs, hops=hops), findings + seen
        results = run(inputs, progress=progress, mapper=mapper, strict=request.strict)
        results = replace(results, findings=findings + results.findings)
        sensitivity = _sensitivity(request, inputs, results, mapper, progress)
    regions = inputs.regions
    if request.region is not None:  # the others only say where the country ends
        regions = regions[regions["region_id"].isin(results.settlements["region_id"])]
    summary = _summary(request, pack, inputs, results, sensitivity, progress)
    progress(Stage("writing the results"))
    tables = {
        "settlements": results.settlements,
        "routes": results.routes,
        "regions": regions,
    }
    with replaced_folder(request.out, overwrite=request.overwrite) as folder:
        write_plan_files(folder, tables, summary)
        write_report(
            folder / "report.html",
            tables | {"routes": results.routes.rename(columns=_PAGE_COLUMNS)},
            summary,
            regions=regions,
            districts=pack.tables.get("districts"),
            roads=inputs.roads,
            water=inputs.water,
        )
    return PlanResult(request.out, summary, results)


_PAGE_COLUMNS = {"node_near": "node_from", "node_far": "node_to"}


def _sensitivity(
    request: PlanRequest, inputs: Inputs, results: Results, mapper: Mapper, progress: Report
) -> pd.DataFrame:
    """Plan anew under the usual changes, at the prices that the targets led to."""
    if not request.sensitivity:
        return pd.DataFrame()
    table = sensitivity_table(
        inputs.settlements,
        results.prepared.graph,
        inputs.params,
        results.choice,
        results.choice.edges,
        default_changes(inputs.params),
        weights=results.weights,
        limits=Limits(inputs.point_time_limit_s, inputs.gap_limit, inputs.max_rounds, inputs.seed),
        service=(inputs.speed_down_mbps_min, inputs.latency_ms_max),
        hops=inputs.hops,
        mapper=mapper,
    )
    progress(Stage("sensitivity", 1.0, f"{len(table)} changes"))
    return table


def _summary(
    request: PlanRequest,
    pack: Pack,
    inputs: Inputs,
    results: Results,
    sensitivity: pd.DataFrame,
    progress: Report,
) -> dict[str, Any]:
    band = None
    if request.draws > 0:
        band = cost_band(
            results.prepared, results.choice, inputs.params, draws=request.draws, seed=inputs.seed
        )
        progress(Stage("Monte Carlo", 1.0, f"{request.draws} draws"))
    sources, checksums = used_sources(request, pack)
    return build_summary(
        title=pack.title,
        pack=pack.code,
        currency=pack.currency,
        made_at=dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
        inputs=inputs,
        results=results,
        sensitivity=sensitivity,
        band=band,
        sources=sources,
        checksums=checksums,
        assumptions=assumptions(line_of_sight=inputs.hops is not None),
        region=request.region,
    )
