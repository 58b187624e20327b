"""The kinds of jobs: how each becomes the request of a study, and what runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qamtu.core.progress import Report
from qamtu.service.jobs.parameters import REQUESTS, model_of, parameters
from qamtu.studies.corridors import make_corridors
from qamtu.studies.coverage import make_coverage
from qamtu.studies.mobile import make_mobile
from qamtu.studies.national_plan import make_plan

__all__ = ["KINDS", "Kind", "Order", "kind_of", "study_request"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job.

    Parameters
    ----------
    name, title, about
        For the API and for people, in English.
    run
        The study.
    line
        Line whose plan the results are, empty where they are none.
    """

    name: str
    title: str
    about: str
    run: Callable[[Any, Report], Any]
    line: str


KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("plan", "Access plan", "Which settlement gets fibre, radio or satellite, when, where "
             "and for how much.", make_plan, "villages"),
        Kind("mobile", "5G plan of the cities", "Sites that cover the cities' territories at "
             "least cost.", make_mobile, "mobile"),
        Kind("corridors", "Road corridors", "Sites that serve the main roads at least cost.",
             make_corridors, "corridors"),
        Kind("coverage", "Coverage", "What a table of sectors covers.", make_coverage, ""),
    )
}  # fmt: skip
"""By name."""


@dataclass(frozen=True, slots=True)
class Order:
    """All that the process of a job is told; it knows no database.

    Parameters
    ----------
    kind, request
        What is asked, as it was checked; files and plans still by their ids.
    pack
        The service's country pack.
    out
        Folder to make.
    files
        Path of each upload and plan that the request names, by id.
    """

    kind: str
    request: Mapping[str, Any]
    pack: str
    out: str
    files: Mapping[str, str]


def kind_of(name: str) -> Kind | None:
    """Give a kind by name."""
    return KINDS.get(name)


def study_request(order: Order) -> Any:
    """Make the study's own request of an order.

    Raises
    ------
    pydantic.ValidationError
        If the request does not keep to its model.
    """
    asked = model_of(order.kind).model_validate(order.request)
    values: dict[str, Any] = {}
    for parameter in parameters(order.kind):
        value = getattr(asked, parameter.name)
        if parameter.form in {"file", "plan"} and value is not None:
            value = Path(order.files[value])
        elif parameter.form == "files":
            value = tuple(Path(order.files[one]) for one in value)
        values[parameter.name] = value
    return REQUESTS[order.kind](pack=order.pack, out=Path(order.out), overwrite=True, **values)
