"""What changed since the last report, from its JSON file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Severity
from qamtu.programme.light import Light
from qamtu.studies.session_report.sentences import LIGHTS
from qamtu.studies.session_report.words import Words

__all__ = ["FORMAT", "differences", "read_previous"]

FORMAT: Final = "qamtu-session-report/1"


def read_previous(folder: Path) -> Mapping[str, Any]:
    """Read ``report.json`` of an earlier report.

    Raises
    ------
    MissingInput
        If the folder has none.
    InputError
        If it is no report.
    """
    path = folder / "report.json" if folder.is_dir() else folder
    if not path.is_file():
        raise MissingInput(f"{path} is not there: name the folder of an earlier report")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise KeyError(found["format"])  # noqa: TRY301  # told as one finding below
        dt.date.fromisoformat(found["true_on"])
        lines = {one["commitment"]: one["light"] for one in found["lines"]}
        if not set(lines.values()) <= {light.value for light in Light}:
            raise ValueError(lines)  # noqa: TRY301  # told as one finding below
    except (ValueError, KeyError, TypeError) as error:
        finding = Finding(
            "report-previous-unreadable",
            Severity.ERROR,
            f"it is no report.json of a session report ({type(error).__name__})",
            "name the folder that an earlier run of the report made",
            file=str(path),
        )
        raise InputError("the earlier report cannot be read", [finding]) from error
    previous: Mapping[str, Any] = found
    return previous


def differences(
    previous: Mapping[str, Any] | None, items: Sequence[Mapping[str, Any]],
    contradictions: Mapping[str, str], words: Words,
) -> dict[str, Any]:  # fmt: skip
    """Say what changed.

    Parameters
    ----------
    previous
        The last report, None without one.
    items
        Lines of this report.
    contradictions
        Names of this report's contradictions by id.
    words
        The language.
    """
    if previous is None:
        text = words.t("There is no earlier report to compare with.")
        return {"sentences": [text], "rows": []}
    before = {one["commitment"]: one for one in previous["lines"]}
    rows = [row for item in items if (row := _row(before.get(item["commitment"]), item, words))]
    day = words.day(dt.date.fromisoformat(previous["true_on"]))
    sentences = [words.t("Compared with the report that speaks of: {day}.", day=day)]
    gone = sorted(set(before) - {item["commitment"] for item in items})
    if gone:
        names = "; ".join(str(before[one].get("promise", one)) for one in gone)
        sentences.append(words.t("No longer in the programme: {names}.", names=names))
    old = set(previous.get("contradictions") or ())
    sentences.append(
        words.t("Contradictions: new {new}, resolved {resolved}.",
                new=words.number(len(set(contradictions) - old)),
                resolved=words.number(len(old - set(contradictions))))
    )  # fmt: skip
    if not rows:
        sentences.append(words.t("No light and no value changed."))
    return {"sentences": sentences, "rows": rows}


def _row(
    before: Mapping[str, Any] | None, item: Mapping[str, Any], words: Words
) -> dict[str, str] | None:
    if before is None:
        return {"promise": item["promise"], "before": words.t("not in the report"),
                "now": _state(item, words)}  # fmt: skip
    same = ("light", "value", "basis")
    if all(before.get(name) == item[name] for name in same):
        return None
    return {"promise": item["promise"], "before": _state(before, words),
            "now": _state(item, words)}  # fmt: skip


def _state(item: Mapping[str, Any], words: Words) -> str:
    light = words.t(LIGHTS[Light(item["light"])])
    value = item.get("value")
    if value is None:
        return light
    shown = words.quantity(float(value), str(item.get("unit") or ""))
    if item.get("basis") == "claimed":
        shown = words.t("{value} (said)", value=shown)
    elif item.get("basis") == "estimated":
        shown = words.t("{value} (estimate)", value=shown)
    return f"{light}; {shown}"
