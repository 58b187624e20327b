"""Names of settlements in a form in which scripts and romanisations do not matter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from qamtu.country.names import LANGUAGES, latin_key

__all__ = ["NAMES", "key_of", "write_names"]

NAMES: Final = "names.parquet"
"""Name of the table among a plan's files: settlement_id, key."""

_SETTLEMENTS: Final = "plan_settlements.parquet"

_LATIN: Final[Mapping[str, str]] = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "gh", "д": "d", "е": "e", "ё": "yo",  # noqa: RUF001
    "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n",
    "ң": "ng", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u",  # noqa: RUF001
    "ү": "u", "ф": "f", "х": "kh", "һ": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",  # noqa: RUF001
    "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ї": "i", "є": "e",
    "ґ": "g", "ў": "u", "ҳ": "kh", "ҷ": "dzh", "ӣ": "i", "ӯ": "u",
}  # fmt: skip
"""Cyrillic letters in Latin ones; `latin_key` levels where systems disagree."""


def key_of(name: str) -> str:
    """Give the skeleton of a name in Latin letters; empty where it has no letter of either script.

    ``Қарағанды``, ``Караганда`` and ``Qaraghandy`` differ in their endings alone.
    """
    return latin_key(name, _LATIN)


def write_names(folder: Path) -> None:
    """Write the table of keys beside a plan's settlements."""
    columns = ["settlement_id", *LANGUAGES]
    there = set(pq.read_schema(folder / _SETTLEMENTS).names)
    table = pq.read_table(
        folder / _SETTLEMENTS, columns=[name for name in columns if name in there]
    ).to_pandas()
    long = table.melt("settlement_id", value_name="name").dropna(subset=["name"])
    long["key"] = long["name"].map(key_of)
    made: pd.DataFrame = long.loc[long["key"] != "", ["settlement_id", "key"]].drop_duplicates()
    made = made.sort_values(["key", "settlement_id"], ignore_index=True)
    made.to_parquet(folder / NAMES, index=False)
