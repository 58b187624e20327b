"""How a rule tells what it found: one finding a row, and a last one for the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from qamtu.core.findings import Finding, Severity

__all__ = ["Rule", "flagged"]

_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule is called, how bad a breach is and how to mend it."""

    id: str
    severity: Severity
    mend: str
    field: str | None = None


def flagged(
    rule: Rule, rows: Any, what: Callable[[int], str], file: str, shown: int = _SHOWN
) -> list[Finding]:
    """Give a finding for each flagged row, up to ``shown``, and one for all further ones.

    Parameters
    ----------
    rule
        The rule that the rows break.
    rows
        Flags, shape (rows,); missing flags count as false.
    what
        Says what is wrong with a row, by its position.
    file
        Name of the table or file.
    shown
        How many rows are told one by one.
    """
    flags = np.asarray(pd.Series(rows).fillna(False), dtype=bool)  # noqa: FBT003
    places = np.flatnonzero(flags)
    found = [
        Finding(rule.id, rule.severity, what(int(i)), rule.mend, file, int(i) + 2, rule.field)
        for i in places[:shown]
    ]
    if len(places) > shown:
        more = f"{len(places) - shown:,} more rows like these"
        found.append(Finding(rule.id, rule.severity, more, rule.mend, file, None, rule.field))
    return found
