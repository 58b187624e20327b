"""The mobile study from a request to a folder of results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from qamtu.connectivity.mobile import Results, run
from qamtu.connectivity.mobile.model import Mapper, city_stage
from qamtu.core.files import refuse_existing, replaced_folder
from qamtu.core.progress import Report, Stage, silent
from qamtu.studies.checkpoint import remembering
from qamtu.studies.mapping import mapping
from qamtu.studies.mobile.data import mobile_inputs, used_files
from qamtu.studies.mobile.output import write_mobile_files
from qamtu.studies.mobile.request import MobileRequest
from qamtu.studies.mobile.summary import build_summary
from qamtu.studies.radio_report import write_mobile_report

__all__ = ["MobileResult", "make_mobile"]


@dataclass(frozen=True, slots=True)
class MobileResult:
    """A finished study: where it is and what it says."""

    folder: Path
    summary: dict[str, Any]
    results: Results


def make_mobile(request: MobileRequest, progress: Report = silent) -> MobileResult:
    """Plan the sites of cities and write the folder of results, whole or not at all.

    Finished cities of a run that was stopped are taken up by the same request.

    Parameters
    ----------
    request
        Which cities, from what, under which requirement, and where to put it.
    progress
        Is told each city.

    Raises
    ------
    OutputExists
        If the folder has something in it and ``overwrite`` is false; found before any work.
    InputError, MissingInput
        With all findings about pack, files and settings.
    StorageFailure
        If the results cannot be written.
    """
    refuse_existing(request.out, overwrite=request.overwrite)
    with (
        mapping(request.scheduler, request.workers, _wake) as plain,
        remembering(_telling(plain, progress), request.out, progress) as mapper,
    ):
        progress(Stage("reading the pack and the terrain"))
        data = mobile_inputs(request)
        results = run(data.inputs, mapper=mapper, strict=request.strict)
        results = replace(results, findings=data.findings + results.findings)
    sources, checksums = used_files(request, data.pack)
    summary = build_summary(
        pack=data.pack, inputs=data.inputs, results=results,
        made_at=dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
        sources=sources, checksums=checksums,
    )  # fmt: skip
    progress(Stage("writing the results"))
    with replaced_folder(request.out, overwrite=request.overwrite) as folder:
        write_mobile_files(folder, results, summary)
        tables = {"cities": results.cities, "sites": results.sites, "sectors": results.sectors}
        write_mobile_report(
            folder / "report.html", tables, folder / "coverage", summary, data.pack.tables
        )
    return MobileResult(request.out, summary, results)


def _telling(plain: Mapper, progress: Report) -> Mapper:
    """Give a mapper that tells of each city as soon as it is done, before all are kept."""

    def mapper(function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        listed = list(tasks)
        for number, answer in enumerate(plain(function, listed), start=1):
            progress(city_stage(answer, number, len(listed)))
            yield answer

    return mapper


def _wake() -> None:
    """Load what the tasks need."""
    import_module("qamtu.connectivity.mobile")
