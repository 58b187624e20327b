"""The rules that tables of a pack and of users are held against: one function a rule."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from qamtu.core.findings import Finding, Findings

__all__ = ["check_tables"]


def check_tables(tables: Mapping[str, pd.DataFrame]) -> Findings:
    """Run every rule over the tables of a pack."""
    found: list[Finding] = []
    return Findings(tuple(found))
