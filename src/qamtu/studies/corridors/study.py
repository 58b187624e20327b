"""The study of the corridors from a request to a folder of results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from qamtu.connectivity.corridors import Results, run
from qamtu.connectivity.corridors.reach import Mapper
from qamtu.core.files import refuse_existing, replaced_folder
from qamtu.core.progress import Report, Stage, silent
from qamtu.studies.checkpoint import remembering
from qamtu.studies.corridors.data import corridors_inputs, used_files
from qamtu.studies.corridors.output import write_corridors_files
from qamtu.studies.corridors.request import CorridorsRequest
from qamtu.studies.corridors.summary import build_summary
from qamtu.studies.mapping import mapping
from qamtu.studies.radio_report import write_corridors_report

__all__ = ["CorridorsResult", "make_corridors"]


@dataclass(frozen=True, slots=True)
class CorridorsResult:
    """A finished study: where it is and what it says."""

    folder: Path
    summary: dict[str, Any]
    results: Results


def make_corridors(request: CorridorsRequest, progress: Report = silent) -> CorridorsResult:
    """Plan the sites along the roads and write the folder of results, whole or not at all.

    Finished tiles of a run that was stopped are taken up by the same request.

    Parameters
    ----------
    request
        Which roads, from what, under which requirement, and where to put it.
    progress
        Is told each stage.

    Raises
    ------
    OutputExists
        If the folder has something in it and ``overwrite`` is false; found before any work.
    InputError, MissingInput
        With all findings about pack, files and settings.
    Infeasible
        If the share of the length cannot be reached.
    StorageFailure
        If the results cannot be written.
    """
    refuse_existing(request.out, overwrite=request.overwrite)
    with (
        mapping(request.scheduler, request.workers, _wake) as plain,
        remembering(_telling(plain, progress), request.out, progress) as mapper,
    ):
        progress(Stage("reading the pack and the terrain"))
        data = corridors_inputs(request)
        progress(Stage("roads and terrain read", 1.0, f"{len(data.inputs.surfaces)} tiles"))
        results = run(data.inputs, progress=progress, mapper=mapper, strict=request.strict)
        results = replace(results, findings=data.findings + results.findings)
    sources, checksums = used_files(request, data.pack)
    summary = build_summary(
        pack=data.pack, inputs=data.inputs, results=results,
        made_at=dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
        sources=sources, checksums=checksums, region=request.region,
    )  # fmt: skip
    progress(Stage("writing the results"))
    with replaced_folder(request.out, overwrite=request.overwrite) as folder:
        write_corridors_files(folder, results, summary)
        tables = {
            "sites": results.sites, "stretches": results.stretches, "hops": results.hops,
            "roads": results.roads,
        }  # fmt: skip
        write_corridors_report(folder / "report.html", tables, summary, data.pack.tables)
    return CorridorsResult(request.out, summary, results)


def _telling(mapper: Mapper, report: Report) -> Mapper:
    """Give a mapper that tells how many tiles are done."""

    def told(function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterable[Any]:
        listed = list(tasks)
        for done, answer in enumerate(mapper(function, listed)):
            report(Stage("tiles", done / len(listed), f"{done} of {len(listed)} tiles"))
            yield answer

    return told


def _wake() -> None:
    """Load what the tasks need."""
    import_module("qamtu.connectivity.corridors")
