"""The core: contracts, parameters, findings, files, money, units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qamtu.core.errors import (
    InputError,
    MissingInput,
    OutputExists,
    QamtuError,
    StorageFailure,
    raise_errors,
)
from qamtu.core.fields import Contract, Field, Intent, load_contract
from qamtu.core.files import replaced_folder, write_text
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.measures import Measure
from qamtu.core.money import annuity_factor, present_value, repriced
from qamtu.core.params import load_params
from qamtu.core.provenance import file_sha256

PARAMETER = """
[speed]
value = 100.0
unit = "Mbit/s"
date = "2025-01-01"
source = "a test"
description = "a speed"
low = 50.0
high = 200.0
"""


def field(name: str, dtype: str, intent: Intent = Intent.REQUIRED, default: str = "") -> Field:
    return Field(name, intent, dtype, "", "place", default, "", f"what {name} is")


CONTRACT = Contract(
    "test",
    (
        field("id", "str"),
        field("people", "int"),
        field("lat", "float"),
        field("kind", "category:town|village"),
        field("fibre", "bool", Intent.OPTIONAL, "false"),
        field("made", "float", Intent.OUTPUT),
    ),
)


def test_a_good_table_gets_types_and_defaults() -> None:
    given_table = pd.DataFrame(
        {"id": [1, 2], "people": ["10", "20"], "lat": ["1.5", 2], "kind": ["town", "village"]}
    )
    table, found = CONTRACT.validate(given_table, "place", "places.csv")
    assert len(found) == 0
    assert table["people"].tolist() == [10, 20]
    assert table["lat"].tolist() == [1.5, 2.0]
    assert table["fibre"].tolist() == [False, False]
    assert "made" not in table.columns


def test_a_blank_optional_cell_takes_the_default() -> None:
    table = pd.DataFrame(
        {
            "id": ["a", "b"],
            "people": [1, 2],
            "lat": [1.0, 2.0],
            "kind": ["town", "town"],
            "fibre": ["yes", None],
        }
    )
    made, found = CONTRACT.validate(table, "place", "places.csv")
    assert len(found) == 0
    assert made["fibre"].tolist() == [True, False]


def test_every_bad_cell_is_found_at_once_with_its_row() -> None:
    bad = pd.DataFrame(
        {
            "id": ["a", "", "c", "d"],
            "people": ["10", "x", "2.5", "nan"],
            "lat": [1.0, float("inf"), 2.0, 3.0],
            "kind": ["town", "village", "moon", "town"],
            "fibre": ["yes", "no", "maybe", ""],
        }
    )
    _, found = CONTRACT.validate(bad, "place", "places.csv")
    places = {(f.row, f.field) for f in found}
    assert places == {
        (3, "id"), (3, "people"), (4, "people"), (5, "people"), (3, "lat"), (4, "kind"), (4, "fibre"),
    }  # fmt: skip
    assert all(f.file == "places.csv" and f.mend for f in found)


def test_a_missing_column_names_what_is_there() -> None:
    _, found = CONTRACT.validate(pd.DataFrame({"id": ["a"]}), "place", "places.csv")
    assert {f.field for f in found} == {"people", "lat", "kind"}
    assert all(f.id == "column-missing" and "id" in f.what for f in found)


def test_a_contract_file_with_wrong_columns_is_refused(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "oddpackage").mkdir()
    (tmp_path / "oddpackage" / "__init__.py").touch()
    (tmp_path / "oddpackage" / "fields.csv").write_text("name,unit\na,km\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match="columns must be"):
        load_contract("oddpackage")


def test_a_parameter_keeps_value_unit_date_and_source(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(PARAMETER)
    speed = load_params(path)["speed"]
    assert (speed.value, speed.unit, speed.date, speed.source) == (
        100.0,
        "Mbit/s",
        "2025-01-01",
        "a test",
    )


def test_an_override_keeps_the_unit_and_names_its_file(tmp_path: Path) -> None:
    path, mine = tmp_path / "p.toml", tmp_path / "mine.toml"
    path.write_text(PARAMETER)
    mine.write_text("speed = 300\n")
    made = load_params(path).overridden(mine)["speed"]
    assert (made.value, made.unit, made.source, made.high) == (300.0, "Mbit/s", str(mine), 300.0)


def test_all_faults_of_an_override_are_found_at_once(tmp_path: Path) -> None:
    path, mine = tmp_path / "p.toml", tmp_path / "mine.toml"
    path.write_text(PARAMETER + PARAMETER.replace("[speed]", "[other]"))
    mine.write_text('sped = 1\nspeed = "fast"\n[other]\nvalue = 1.0\nunit = "km"\n')
    with pytest.raises(InputError) as caught:
        load_params(path).overridden(mine)
    assert {f.field for f in caught.value.findings} == {"sped", "speed", "other"}
    assert "speed" in next(f.mend for f in caught.value.findings if f.field == "sped")


@pytest.mark.parametrize("text", ["not toml = = 1", "[a]\nvalue = nan\n", "[a]\nvalue = 1.0\n"])
def test_a_bad_parameter_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text)
    with pytest.raises(InputError):
        load_params(path)


def test_a_missing_override_says_so(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(PARAMETER)
    with pytest.raises(MissingInput):
        load_params(path).overridden(tmp_path / "none.toml")


def test_only_errors_stop_unless_strict() -> None:
    found = Findings(
        (Finding("a", Severity.WARNING, "w", "m"), Finding("b", Severity.INFO, "i", "m"))
    )
    raise_errors(found, "fine")
    with pytest.raises(InputError) as caught:
        raise_errors(found, "strict", strict=True)
    assert [f.id for f in caught.value.findings] == ["a"]
    assert list(found.to_frame()["severity"]) == ["warning", "info"]


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with pytest.raises(RuntimeError), replaced_folder(target) as folder:
        (folder / "half").write_text("x")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with replaced_folder(target) as folder:
        (folder / "whole").write_text("x")
    assert (target / "whole").read_text() == "x"


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine").write_text("precious")
    with pytest.raises(OutputExists), replaced_folder(target):
        pass
    assert (target / "mine").read_text() == "precious"
    with pytest.raises(KeyboardInterrupt), replaced_folder(target, overwrite=True):
        raise KeyboardInterrupt
    assert (target / "mine").read_text() == "precious"
    with replaced_folder(target, overwrite=True) as folder:
        (folder / "new").write_text("x")
    assert [p.name for p in target.iterdir()] == ["new"]


def test_a_full_disk_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    target = tmp_path / "out"
    with pytest.raises(StorageFailure, match="No space left"), replaced_folder(target) as folder:
        (folder / "file").symlink_to(full)
        with (folder / "file").open("w") as stream:
            stream.write("x")
    assert not target.exists()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(StorageFailure, match="could not be written"):
        write_text(blocked / "below" / "deep.txt", "y")


@given(st.floats(0.001, 0.5), st.integers(1, 60))
def test_an_annuity_is_the_sum_of_its_payments(rate: float, years: int) -> None:
    paid = sum(present_value(1.0, rate, t) for t in range(1, years + 1))
    assert annuity_factor(rate, years) == pytest.approx(paid, rel=1e-9)


def test_money_at_the_edges() -> None:
    assert annuity_factor(0.0, 7) == 7.0
    assert repriced(10.0, exchange=500.0, inflation=1.1) == pytest.approx(5500.0)
    with pytest.raises(InputError):
        annuity_factor(-1.0, 5)


def test_a_measure_refuses_an_unknown_unit() -> None:
    with pytest.raises(InputError, match="furlong"):
        Measure("m", 1.0, "furlong", "country", "2026-01-01", (), estimated=False)


def test_exit_codes_are_distinct_and_documented() -> None:
    def tree(kind: type[QamtuError]) -> list[type[QamtuError]]:
        return [kind, *(leaf for child in kind.__subclasses__() for leaf in tree(child))]

    drawn = [kind for kind in tree(QamtuError) if kind.__module__ == QamtuError.__module__]
    codes = [kind.exit_code for kind in drawn]
    assert len(set(codes)) == len(codes)
    assert {kind.exit_code for kind in tree(QamtuError)} == set(codes)  # others take one of these
    assert 0 not in codes


def test_a_checksum_follows_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"abc")
    assert file_sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert np.all([len(file_sha256(path)) == 64])
