"""What may be asked of each kind of job: a table over the studies' own requests, by one contract.

The type and default of a parameter are those of the study's request; the table says its unit,
bounds and choices; `words` says it to people. What the table does not name cannot be asked:
paths, schedulers and folders are the service's alone. A file is named by the id of an upload,
never by a path.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from qamtu.service.jobs.words import label_of
from qamtu.studies.corridors import CorridorsRequest
from qamtu.studies.coverage import CoverageRequest
from qamtu.studies.mobile import MobileRequest
from qamtu.studies.plan_data import PlanRequest

__all__ = ["FILE_KINDS", "REQUESTS", "Parameter", "model_of", "parameters"]

REQUESTS: Final[Mapping[str, type[Any]]] = {
    "plan": PlanRequest,
    "mobile": MobileRequest,
    "corridors": CorridorsRequest,
    "coverage": CoverageRequest,
}
"""The study's request behind each kind of job."""

FILE_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "table": frozenset({".csv", ".gpkg", ".parquet", ".geojson"}),
    "vector": frozenset({".gpkg", ".parquet", ".geojson"}),
    "buildings": frozenset({".gpkg", ".pbf"}),
    "raster": frozenset({".tif"}),
    "osm": frozenset({".pbf"}),
    "csv": frozenset({".csv"}),
    "toml": frozenset({".toml"}),
}
"""Endings of stored files that serve as each kind of input."""

_MOST = 20
_Upload = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
_Plan = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
_Word = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f]*$")]
_Words = Annotated[tuple[_Word, ...], Field(max_length=200)]
_Uploads = Annotated[tuple[_Upload, ...], Field(max_length=_MOST)]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that may be asked of a kind of job.

    Parameters
    ----------
    name, unit
        As in the study's request.
    least, most
        Bounds of a number, None where there is none.
    choices
        The closed list of a word, empty otherwise.
    files
        Kind of input file (of `FILE_KINDS`), ``plan``, or empty.
    group
        ``main``, ``files`` or ``search``: where a form shows it.
    label
        One line for people, in English.
    form
        ``number``, ``whole``, ``text``, ``list``, ``numbers``, ``yes``, ``choice``, ``file``,
        ``files`` or ``plan``.
    required
        Whether it must be given.
    default
        Of the study's request.
    """

    name: str
    unit: str
    least: float | None
    most: float | None
    choices: tuple[str, ...]
    files: str
    group: str
    label: str
    form: str
    required: bool
    default: Any


@cache
def parameters(kind: str) -> tuple[Parameter, ...]:
    """Give what may be asked of a kind of job, in the order of the form."""
    text = files("qamtu.service.jobs").joinpath("parameters.csv").read_text(encoding="utf-8")
    request = REQUESTS[kind]
    hints = get_type_hints(request)
    defaults = {field.name: field.default for field in fields(request)}
    return tuple(
        _parameter(kind, row, hints[row["name"]], defaults[row["name"]])
        for row in csv.DictReader(text.splitlines())
        if row["kind"] == kind
    )


@cache
def model_of(kind: str) -> type[BaseModel]:
    """Give the pydantic model of a request; it refuses what it does not know."""
    made: dict[str, Any] = {}
    for parameter in parameters(kind):
        wanted = _type_of(parameter)
        if parameter.required:
            made[parameter.name] = (wanted, Field(description=parameter.label))
            continue
        default = None if parameter.form in {"file", "plan"} else parameter.default
        if default is None:
            wanted = wanted | None
        made[parameter.name] = (wanted, Field(default, description=parameter.label))
    config = ConfigDict(extra="forbid", frozen=True, title=f"{kind.capitalize()}Request")
    model: type[BaseModel] = create_model(
        f"{kind.capitalize()}JobRequest", __config__=config, **made
    )
    return model


def _parameter(kind: str, row: Mapping[str, str], hint: Any, default: Any) -> Parameter:
    listed = row["choices"]
    of_files = listed if listed in FILE_KINDS or listed == "plan" else ""
    choices = tuple(listed.split("|")) if listed and not of_files else ()
    return Parameter(
        name=row["name"], unit=row["unit"],
        least=float(row["least"]) if row["least"] else None,
        most=float(row["most"]) if row["most"] else None,
        choices=choices, files=of_files, group=row["group"], label=label_of(kind, row["name"]),
        form=_form(hint, choices, of_files), required=default is MISSING,
        default=None if default is MISSING else default,
    )  # fmt: skip


def _form(hint: Any, choices: tuple[str, ...], of_files: str) -> str:
    if of_files == "plan":
        return "plan"
    if choices:
        return "choice"
    forms = {
        bool: "yes", Path: "file", Path | None: "file", tuple[Path, ...]: "files",
        tuple[str, ...]: "list", tuple[float, ...]: "numbers", int: "whole",
        int | None: "whole", float: "number", float | None: "number",
    }  # fmt: skip
    return forms.get(hint, "text")


def _type_of(parameter: Parameter) -> Any:
    bounds: dict[str, Any] = {"ge": parameter.least, "le": parameter.most}
    number = Annotated[float, Field(allow_inf_nan=False, **bounds)]
    plain: dict[str, Any] = {
        "yes": bool,
        "number": number,
        "whole": Annotated[int, Field(**bounds)],
        "list": _Words,
        "numbers": Annotated[tuple[number, ...], Field(min_length=1, max_length=_MOST)],
        "file": _Upload,
        "files": _Uploads,
        "plan": _Plan,
        "text": _Word,
    }
    if parameter.form == "choice":
        return Literal[parameter.choices]
    return plain[parameter.form]
