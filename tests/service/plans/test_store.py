"""Folders of results are held against their summary and kept by content."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from qamtu.core.errors import InputError, MissingInput
from qamtu.service.plans.store import check_folder


def test_a_folder_without_a_summary_is_refused(tmp_path):
    with pytest.raises(MissingInput, match=r"summary\.json"):
        check_folder(tmp_path)


def test_an_unknown_line_is_refused(tmp_path):
    (tmp_path / "summary.json").write_text(json.dumps({"kind": "wallet"}))
    with pytest.raises(InputError, match="known line"):
        check_folder(tmp_path)


def test_missing_tables_are_named(tmp_path):
    (tmp_path / "summary.json").write_text(json.dumps({"totals": {}}))
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "plan_routes.parquet")
    with pytest.raises(MissingInput, match=r"plan_settlements\.parquet$"):
        check_folder(tmp_path)
