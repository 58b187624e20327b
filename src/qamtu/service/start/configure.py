"""Settings from a file, the environment and the command line; unknown names are refused."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qamtu.core.errors import MissingInput, raise_errors
from qamtu.core.findings import Finding, Severity
from qamtu.service.settings import OidcSettings, Settings

__all__ = ["PREFIX", "read_settings"]

PREFIX = "QAMTU_"
"""Variables of the environment are named so: ``QAMTU_DATABASE_URL``."""

_FIELDS = {one.name: one for one in dataclasses.fields(Settings)}
_TEXTS = frozenset(name for name, one in _FIELDS.items() if one.type in {"str", "Path"})
_NUMBERS = frozenset(name for name, one in _FIELDS.items() if one.type == "int")
_LISTS = frozenset(name for name, one in _FIELDS.items() if one.type == "tuple[str, ...]")
_OIDC = frozenset(one.name for one in dataclasses.fields(OidcSettings))
_OIDC_NEEDED = _OIDC - {"role_claim", "roles"}


def read_settings(
    file: Path | None, environment: Mapping[str, str], given: Mapping[str, Any]
) -> Settings:
    """Give the settings of the service.

    Parameters
    ----------
    file
        TOML file whose keys are the fields of `Settings`; ``[[oidc]]`` for each provider.
    environment
        Variables; ``QAMTU_<FIELD>`` counts before the file, for texts and whole numbers.
    given
        Of the command line, before both; None where nothing was given.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If a key or value cannot be used, with every finding.
    """
    told = _read(file) if file is not None else {}
    for name in _TEXTS | _NUMBERS:
        value = environment.get(f"{PREFIX}{name.upper()}")
        if value is not None:
            told[name] = int(value) if name in _NUMBERS and value.isdigit() else value
    told |= {name: value for name, value in given.items() if value is not None}
    findings = [one for name, value in told.items() for one in _check(name, value, file)]
    raise_errors(findings, "the settings of the service cannot be used")
    told["data"] = Path(told["data"])
    for name in _LISTS & told.keys():
        told[name] = tuple(told[name])
    told["oidc"] = tuple(OidcSettings(**one) for one in told.get("oidc", ()))
    return Settings(**told)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MissingInput(f"there is no file {file}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        wrong = Finding(
            "settings-file", Severity.ERROR, f"it is no TOML: {error}", "mend it", file=str(file)
        )
        raise_errors([wrong], f"{file} cannot be read")
        raise


def _check(name: str, value: Any, file: Path | None) -> list[Finding]:
    if name not in _FIELDS:
        return [_finding(name, "is not known", f"use {', '.join(sorted(_FIELDS))}", file)]
    if name in _TEXTS and not isinstance(value, str | Path):
        return [_finding(name, "is no text", "put it into quotes", file)]
    if name in _NUMBERS and (not isinstance(value, int) or value < 1):
        return [_finding(name, "is no number above 0", "give a whole number", file)]
    if name in _LISTS and not _texts(value):
        return [_finding(name, "is no list of texts", 'write it as ["a", "b"]', file)]
    if name == "oidc" and not _providers(value):
        mend = f"write [[oidc]] with {', '.join(sorted(_OIDC))}"
        return [_finding(name, "does not describe a provider", mend, file)]
    return []


def _texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


def _providers(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and _OIDC_NEEDED <= one.keys() <= _OIDC and _texts(list(one.values()))
        for one in value
    )


def _finding(name: str, what: str, mend: str, file: Path | None) -> Finding:
    place = None if file is None else str(file)
    return Finding("settings", Severity.ERROR, f"{name} {what}", mend, file=place, field=name)
