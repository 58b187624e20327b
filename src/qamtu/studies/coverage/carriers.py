"""Whose sites a study follows, and what the carriers of a table of sites leave in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.studies.coverage.layout import operators_of
from qamtu.studies.coverage.request import CoverageRequest

__all__ = ["guessed", "overlapping", "own_rows"]

_ALL: Final = "all"


def own_rows(sectors: pd.DataFrame, request: CoverageRequest) -> NDArray[np.int64]:
    """Give the rows of the operator that is asked; of several operators one has to be asked.

    Raises
    ------
    InputError
        If there are several and none was asked, or the one asked has no site.
    """
    names = np.array(operators_of(sectors), dtype=object)
    known = sorted(set(names))
    asked = request.operator.strip()
    if asked.lower() == _ALL or (not asked and len(known) < 2):
        return np.arange(len(sectors))
    listed = ", ".join(f"{one or 'no name'} ({int((names == one).sum()):,})" for one in known[:12])
    listed += f" and {len(known) - 12} more" if len(known) > 12 else ""
    if not asked:
        what = f"the sectors are of {len(known)} operators: {listed}. A phone is served by its own"
        mend = "name one (--operator NAME), or map the best of all (--operator all)"
        raise _refusal("operators-several", what, mend, request)
    rows = np.flatnonzero(names == asked)
    if not rows.size:
        what = f"no sector is of {asked!r}; the operators are {listed}"
        raise _refusal("operator-unknown", what, "name one of them, or all", request)
    return rows


def _refusal(rule: str, what: str, mend: str, request: CoverageRequest) -> InputError:
    finding = Finding(rule, Severity.ERROR, what, mend, request.sites.name, None, "operator")
    return InputError(f"{request.sites} cannot be used", [finding])


def guessed(
    found: Sequence[Finding], sectors: pd.DataFrame, request: CoverageRequest
) -> list[Finding]:
    """Warn where carriers are defaults: then all sectors of a technology share one."""
    taken = any(f.id == "site-default" and f.field == "frequency_mhz" for f in found)
    if not taken or sectors["site_id"].nunique() < 2:
        return []
    return [Finding("carrier-guessed", Severity.WARNING,
                    "sectors without a frequency all have the one default of their technology: "
                    "they disturb each other more than in a network, and SINR and throughput mean "
                    "little",
                    "give frequency_mhz and bandwidth_mhz", request.sites.name, None,
                    "frequency_mhz")]  # fmt: skip


def overlapping(sectors: pd.DataFrame, file: str) -> list[Finding]:
    """Find carriers of one operator that overlap without being the same: no interference there."""
    table = sectors.assign(operator=operators_of(sectors))
    carriers = table[["operator", "technology", "frequency_mhz", "bandwidth_mhz"]].drop_duplicates()
    low = (carriers["frequency_mhz"] - carriers["bandwidth_mhz"] / 2.0).to_numpy(np.float64)
    high = (carriers["frequency_mhz"] + carriers["bandwidth_mhz"] / 2.0).to_numpy(np.float64)
    over = (low[:, None] < high[None, :]) & (low[None, :] < high[:, None])
    owner = carriers["operator"].to_numpy()
    over &= owner[:, None] == owner[None, :]
    pairs = (int(over.sum()) - len(carriers)) // 2
    if not pairs:
        return []
    return [Finding("carriers-overlap", Severity.WARNING,
                    f"{pairs} pairs of carriers overlap but are not the same: the study counts no "
                    "interference between them", "give one middle and bandwidth to what is one "
                    "carrier", file, None, "frequency_mhz")]  # fmt: skip
