"""A summary as JSON that every reader accepts: sorted keys, finite numbers, null for the rest."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from qamtu.core.files import write_text

__all__ = ["plain", "rows_of", "write_summary"]


def write_summary(path: Path, summary: Mapping[str, Any]) -> None:
    """Write a summary as UTF-8 JSON with sorted keys; what is not a finite number is null.

    Raises
    ------
    StorageFailure
        If the file cannot be written.
    """
    text = json.dumps(plain(summary), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_text(path, text + "\n")


def rows_of(value: object) -> list[dict[str, Any]]:
    """Give a list of records as plain dicts; anything that is not one gives an empty list."""
    made = plain(value)
    return [row for row in made if isinstance(row, dict)] if isinstance(made, list) else []


def plain(value: object) -> Any:
    """Turn a value into what JSON knows: dict, list, str, int, float, bool, None.

    Raises
    ------
    TypeError
        If a value has no plain form.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if value is pd.NA or value is pd.NaT:
        return None
    simpler = _simpler(value)
    return [plain(item) for item in simpler] if isinstance(simpler, list) else plain(simpler)


def _simpler(value: object) -> Any:
    """Take one step towards the plain form: a list of items, or a value nearer to it."""
    made: Any
    if isinstance(value, pd.DataFrame):
        made = value.to_dict("records")
    elif isinstance(value, np.generic):
        made = value.item()
    elif isinstance(value, pd.Series | np.ndarray):
        made = value.tolist()
    elif isinstance(value, date):
        made = value.isoformat()
    elif isinstance(value, Path):
        made = str(value)
    elif is_dataclass(value) and not isinstance(value, type):
        made = asdict(value)
    elif isinstance(value, Sequence):
        made = list(value)
    elif isinstance(value, set | frozenset):
        made = sorted(value, key=str)
    else:
        msg = f"a {type(value).__name__} cannot be written as JSON"
        raise TypeError(msg)
    return made
