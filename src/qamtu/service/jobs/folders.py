"""Where the files of a job lie, and how its inputs get there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from qamtu.core.errors import raise_errors
from qamtu.core.findings import Finding, Severity
from qamtu.service.accounts.current import Principal
from qamtu.service.jobs.parameters import FILE_KINDS, parameters
from qamtu.service.jobs.repository import Job
from qamtu.service.plans import repository as plans
from qamtu.service.policies import Resource, allowed
from qamtu.service.state import State
from qamtu.service.uploads import repository as uploads
from qamtu.service.uploads.store import stored_path

__all__ = ["JobFolder", "check_inputs", "folder_of", "gather"]


@dataclass(frozen=True, slots=True)
class JobFolder:
    """The places of a job: inputs, results and what its process said."""

    root: Path

    @property
    def inputs(self) -> Path:
        """Files that the request names, under readable names."""
        return self.root / "in"

    @property
    def out(self) -> Path:
        """Results; the folder appears whole or not at all."""
        return self.root / "out"

    @property
    def log(self) -> Path:
        """What the process wrote on its standard error."""
        return self.root / "log.txt"


def folder_of(data: Path, job: str) -> JobFolder:
    """Give the folder of a job."""
    return JobFolder(data.absolute() / "jobs" / job)


def check_inputs(session: Session, kind: str, request: Mapping[str, Any], by: Principal) -> None:
    """Refuse files that are not there, are not the asker's to read, or do not fit.

    Raises
    ------
    InputError
        With a finding for each; one that may not be read is told as one that is not there.
    """
    found = []
    for name, asked, wanted in _named(kind, request):
        if wanted == "plan":
            plan = plans.find(session, asked)
            published = plan is not None and plan.published
            seen = plan is not None and allowed(
                by, "read", Resource("plan", plan.id, plan.region, published=published)
            )
            if not seen:
                found.append(_finding("plan-unknown", name, f"there is no plan {asked}",
                                      "give the id of a plan"))  # fmt: skip
            continue
        upload = uploads.find(session, asked)
        if upload is None or not allowed(by, "read", uploads.resource_of(session, upload)):
            found.append(_finding("upload-unknown", name, f"there is no upload {asked}",
                                  "upload the file first"))  # fmt: skip
        elif Path(upload.name).suffix.lower() not in FILE_KINDS[wanted]:
            fitting = ", ".join(sorted(FILE_KINDS[wanted]))
            found.append(_finding("upload-unfit", name, f"{upload.name} does not fit here",
                                  f"give a file of one of the kinds {fitting}"))  # fmt: skip
    raise_errors(found, "the request cannot be used")


def gather(state: State, session: Session, job: Job) -> dict[str, str]:
    """Lay the inputs of a job into its folder.

    Returns
    -------
    paths
        By id of the upload or plan.

    Raises
    ------
    InputError
        If one is gone.
    """
    folder = folder_of(state.settings.data, job.id)
    shutil.rmtree(folder.inputs, ignore_errors=True)
    folder.inputs.mkdir(parents=True)
    paths: dict[str, str] = {}
    found = []
    for name, asked, wanted in _named(job.kind, job.request):
        if wanted == "plan":
            plan = plans.find(session, asked)
            if plan is not None:
                paths[asked] = str(plans.folder_of(state, plan).absolute())
                continue
        else:
            upload = uploads.find(session, asked)
            source = None if upload is None else stored_path(state.settings.data, upload.sha256)
            if upload is not None and source is not None and source.is_file():
                place = folder.inputs / f"{asked[:8]}-{upload.name}"
                _link(source, place)
                paths[asked] = str(place)
                continue
        found.append(_finding("input-gone", name, f"{asked} is no longer there",
                              "upload the file again"))  # fmt: skip
    raise_errors(found, "inputs are missing")
    return paths


def _named(kind: str, request: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Give each parameter that names files, with each id and the kind of file that fits."""
    named = []
    for parameter in parameters(kind):
        value = request.get(parameter.name)
        if parameter.form in {"file", "plan"} and value is not None:
            named.append((parameter.name, str(value), parameter.files))
        elif parameter.form == "files":
            named += [(parameter.name, str(one), parameter.files) for one in value or ()]
    return named


def _link(source: Path, place: Path) -> None:
    if place.exists():
        return
    try:
        os.link(source, place)
    except OSError:
        shutil.copyfile(source, place)


def _finding(rule: str, field: str, what: str, mend: str) -> Finding:
    return Finding(rule, Severity.ERROR, what, mend, "request", None, field)
