"""Results as ``RESULTS.md`` and ``results.json``."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["write"]

_COLUMNS = {
    "points": "points",
    "name": "entry",
    "computes": "computes",
    "per_s": "losses a second",
    "microseconds": "µs a loss",
    "profiles": "profiles",
    "median_db": "median loss [dB]",
    "apart_db": "median apart [dB]",
    "error": "error",
}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 1000.0 else f"{value:.3g}"
    return str(value)


def _table(rows: list[dict[str, object]]) -> str:
    keys = [key for key in _COLUMNS if any(row.get(key) is not None for row in rows)]
    lines = ["| " + " | ".join(_COLUMNS[key] for key in keys) + " |", "|---" * len(keys) + "|"]
    lines += ["| " + " | ".join(_cell(row.get(key)) for key in keys) + " |" for row in rows]
    return "\n".join(lines)


def write(rows: list[dict[str, object]], folder: Path, head: str) -> str:
    """Write both files into ``propagation`` below a folder; gives the text of the former."""
    folder = folder / "propagation"
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        if isinstance(row.get("per_s"), float):
            row["microseconds"] = 1e6 / float(str(row["per_s"]))
    text = head
    for task in ("paths", "radials"):
        chosen = [row for row in rows if row["task"] == task]
        if chosen:
            text += f"\n## {task.capitalize()}\n\n{_table(chosen)}\n"
    text += (
        '\n"median apart" is the median difference of single losses: itmlogic from our ITM, pycraf '
        "from our P.1812-8.\n"
    )
    (folder / "results.json").write_text(json.dumps(rows, indent=1) + "\n")
    (folder / "RESULTS.md").write_text(text)
    return text
