from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qamtu.core.findings import Finding, Severity
from qamtu.core.spreadsheets import guarded
from qamtu.studies.output.summary import plain, rows_of, write_summary

nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@dataclass(frozen=True)
class Made:
    value: float


@given(nested)
def test_anything_nested_is_written_as_strict_json(value):
    write_summary_text = plain({"value": value})
    assert "NaN" not in repr(write_summary_text.keys())
    assert plain(write_summary_text) == write_summary_text


@given(st.text())
def test_safe_text_never_starts_a_formula_and_loses_nothing(text):
    made = guarded(text)
    assert not made.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert made.removeprefix("'") == text.removeprefix("'")


def test_every_known_kind_becomes_plain():
    finding = Finding("a-b", Severity.WARNING, "what", "mend")
    given_value = {
        "a": np.float64("nan"), "b": np.int32(3), "c": pd.NA, "d": pd.Timestamp("2026-01-02"),
        "e": date(2026, 1, 2), "f": Path("x"), "g": Made(1.5), "h": np.array([1.0, np.inf]),
        "i": pd.DataFrame({"x": [1]}), "j": finding, "k": {3, 1}, "l": pd.NaT,
    }  # fmt: skip
    assert plain(given_value) == {
        "a": None, "b": 3, "c": None, "d": "2026-01-02T00:00:00", "e": "2026-01-02", "f": "x",
        "g": {"value": 1.5}, "h": [1.0, None], "i": [{"x": 1}],
        "j": {"id": "a-b", "severity": "warning", "what": "what", "mend": "mend", "file": None, "row": None, "field": None},
        "k": [1, 3], "l": None,
    }  # fmt: skip


def test_what_has_no_plain_form_is_refused(tmp_path):
    with pytest.raises(TypeError, match="object"):
        write_summary(tmp_path / "summary.json", {"x": object()})


def test_rows_of_takes_tables_and_lists_and_nothing_else():
    assert rows_of(pd.DataFrame({"x": [1]})) == [{"x": 1}]
    assert rows_of([{"x": 1}, 3]) == [{"x": 1}]
    assert rows_of(None) == []
    assert rows_of("text") == []
