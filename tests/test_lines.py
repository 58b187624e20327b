"""The shape of every line: no exclusion list."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
from pathlib import Path

import pytest

import qamtu
from qamtu.core.fields import Contract, Intent, load_contract
from qamtu.core.measures import Measure
from qamtu.core.params import load_params

AREAS = ("connectivity", "security", "govtech", "economy", "ai")
ROOT = Path(qamtu.__file__).parent


def lines() -> list[str]:
    found = []
    for area in AREAS:
        folder = ROOT / area
        if folder.is_dir():
            found += [
                f"qamtu.{area}.{m.name}" for m in pkgutil.iter_modules([str(folder)]) if m.ispkg
            ]
    return found


def contracts() -> dict[str, Contract]:
    made = {line: load_contract(line) for line in lines()}
    folder = ROOT / "country" / "schemas"
    made |= {
        f"country/{path.stem}": load_contract("qamtu.country.schemas", path.name)
        for path in sorted(folder.glob("*.csv"))
    }
    return made


def test_there_is_a_line() -> None:
    assert "qamtu.connectivity.villages" in lines()


@pytest.mark.parametrize("name", lines())
def test_a_line_has_its_door(name: str) -> None:
    line = importlib.import_module(name)
    assert {"Inputs", "Results", "run"} <= set(line.__all__)
    assert line.__doc__
    for kind in (line.Inputs, line.Results):
        assert dataclasses.is_dataclass(kind)
        assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert line.Results.measures.__annotations__["return"] == f"tuple[{Measure.__name__}, ...]"


@pytest.mark.parametrize("name", lines())
def test_inputs_are_the_contracts_single_fields(name: str) -> None:
    line, contract = importlib.import_module(name), load_contract(name)
    told = {f.name: f for f in contract.of_shape("", Intent.REQUIRED, Intent.OPTIONAL)}
    fields = {f.name: f for f in dataclasses.fields(line.Inputs)}
    assert set(told) == set(fields)
    for key, field in fields.items():
        if told[key].intent is Intent.REQUIRED:
            assert field.default is dataclasses.MISSING, key
        elif told[key].default:
            assert float(told[key].default) == pytest.approx(float(field.default)), key
        else:
            assert field.default is None, key


@pytest.mark.parametrize("name", lines())
def test_a_line_has_its_files(name: str) -> None:
    folder = Path(importlib.import_module(name).__file__).parent
    for file in ("fields.csv", "inputs.py", "results.py", "model.py", "checks.py"):
        assert (folder / file).is_file(), file
    files = sorted((folder / "params").glob("*.toml"))
    assert files
    for file in files:
        for parameter in load_params(file).values():
            assert parameter.source, parameter.name
            assert parameter.date, parameter.name
            assert parameter.description, parameter.name


@pytest.mark.parametrize("name", lines())
def test_a_line_imports_no_other_line_and_no_country(name: str) -> None:
    folder = Path(importlib.import_module(name).__file__).parent
    others = tuple(o for o in lines() if o != name)
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [a.name for a in node.names]
            for imported in names:
                assert not imported.startswith(("qamtu.country", "qamtu.programme", *others)), path


def test_one_field_name_has_one_unit_dtype_and_meaning() -> None:
    seen: dict[str, tuple[str, str, str]] = {}
    for where, contract in contracts().items():
        for field in contract.fields:
            kind = field.dtype.partition(":")[0].replace("category", "str")
            known = seen.setdefault(field.name, (kind, field.unit, where))
            assert known[:2] == (kind, field.unit), (
                f"{field.name} is {known[:2]} in {known[2]} and {(kind, field.unit)} in {where}"
            )
