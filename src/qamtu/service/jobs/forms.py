"""Between the form of a kind of job and its request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from qamtu.service.jobs.parameters import Parameter, parameters

__all__ = ["request_of", "shown_values"]

_PARTS = re.compile(r"[,;\n]+")


def request_of(kind: str, form: FormData) -> dict[str, Any]:
    """Read a form; what is left empty is not asked, what cannot be read stays text."""
    request: dict[str, Any] = {}
    for parameter in parameters(kind):
        given = [one for one in form.getlist(parameter.name) if isinstance(one, str)]
        if parameter.form == "yes":
            request[parameter.name] = bool(given)
        elif any(one.strip() for one in given):
            request[parameter.name] = _value(parameter, [one.strip() for one in given])
    return request


def shown_values(kind: str, form: FormData | None) -> Mapping[str, Any]:
    """Give what the fields of a form show: what was typed, else the defaults."""
    shown: dict[str, Any] = {}
    for parameter in parameters(kind):
        name, default = parameter.name, parameter.default
        if form is not None:
            typed = [one for one in form.getlist(name) if isinstance(one, str)]
            several = parameter.form == "files"
            shown[name] = typed if several else (typed[0] if typed else "")
            if parameter.form == "yes":
                shown[name] = bool(typed)
        elif parameter.form == "yes":
            shown[name] = bool(default)
        elif isinstance(default, tuple):
            shown[name] = ", ".join(f"{one:g}" if isinstance(one, float) else one
                                    for one in default)  # fmt: skip
        else:
            shown[name] = "" if default is None else (
                f"{default:.12g}" if isinstance(default, float) else str(default)
            )  # fmt: skip
    return shown


def _value(parameter: Parameter, given: list[str]) -> Any:
    text = given[0]
    if parameter.form in {"number", "whole"}:
        return _number(text)
    if parameter.form == "numbers":
        return [_number(one) for one in re.split(r"[,;\s]+", text) if one]
    if parameter.form == "list":
        return [one.strip() for one in _PARTS.split(text) if one.strip()]
    if parameter.form == "files":
        return [one for one in given if one]
    return text


def _number(text: str) -> float | int | str:
    """Read a number with a comma or a point, and spaces between thousands."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".").replace("−", "-")
    try:
        value = float(plain)
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
