"""Results as a table in Markdown and CSV."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["write"]

_COLUMNS = {
    "group": "set",
    "name": "instance",
    "solver": "solver",
    "cost": "cost",
    "above": "above best known [%]",
    "bound": "bound",
    "gap": "own gap [%]",
    "first_s": "first tree [s]",
    "cpu_s": "CPU [s]",
    "wall_s": "wall [s]",
    "peak_mb": "peak [MB]",
    "floor_mb": "before [MB]",
    "error": "error",
}


def _markdown(frame: pd.DataFrame) -> str:
    def cell(value: object) -> str:
        if isinstance(value, float):
            return "" if math.isnan(value) else f"{value:.6g}"
        return "" if value is None else str(value)

    lines = ["| " + " | ".join(map(str, frame.columns)) + " |", "|---" * frame.shape[1] + "|"]
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in frame.to_numpy(dtype=object)]
    return "\n".join(lines)


def write(rows: list[dict[str, object]], folder: Path, head: str) -> str:
    """Write ``results.csv`` and ``RESULTS.md``; gives the text of the latter."""
    frame = pd.DataFrame(rows)
    for key in ("cost", "bound", "error"):
        if key not in frame:
            frame[key] = np.nan
    cost = frame["cost"].astype(float)
    frame["above"] = 100 * (cost - frame["best"]) / frame["best"]
    frame["gap"] = 100 * (cost - frame["bound"].astype(float)) / cost
    means = (
        frame.groupby(["group", "solver"], sort=False)[["above", "gap", "cpu_s", "peak_mb"]]
        .mean()
        .reset_index()
    )
    counts = frame.groupby(["group", "solver"], sort=False).size().to_numpy()
    means.insert(2, "instances", counts)
    frame = frame[list(_COLUMNS)].rename(columns=_COLUMNS)
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_csv(folder / "results.csv", index=False)
    means = means.rename(columns=_COLUMNS)
    text = f"{head}\n## Mean over each set\n\n{_markdown(means)}\n\n## All\n\n{_markdown(frame)}\n"
    (folder / "RESULTS.md").write_text(text)
    return text
