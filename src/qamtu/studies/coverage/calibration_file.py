"""A calibration as a JSON file that says what it was fitted on; read only when it is named."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.coverage import Calibration, Residuals
from qamtu.kernels.terrain import ClutterClass
from qamtu.studies.output.summary import write_summary

__all__ = ["check_calibration", "class_name", "read_calibration", "write_calibration"]

_KIND: Final = "qamtu calibration"
_BAND: Final = 0.2


def class_name(number: int) -> str:
    """Name a clutter class in lower case, for example ``dense_urban``."""
    return ClutterClass(number).name.lower()


def write_calibration(path: Path, calibration: Calibration, about: Mapping[str, Any]) -> None:
    """Write a calibration with its residuals and what it was fitted on.

    Raises
    ------
    StorageFailure
        If the file cannot be written.
    """
    plain = asdict(calibration) | {
        "offset_db": {class_name(i): float(v) for i, v in enumerate(calibration.offset_db)},
        "by_class": {class_name(i): asdict(r) for i, r in calibration.by_class.items()},
        "pooled": [class_name(i) for i in calibration.pooled],
    }
    write_summary(path, {"kind": _KIND, **about, "calibration": plain})


def read_calibration(path: Path) -> tuple[Calibration, dict[str, Any]]:
    """Read a calibration and what it was fitted on.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If it is no calibration.
    """
    if not path.is_file():
        finding = Finding(
            "file-missing", Severity.ERROR, "the calibration is not there",
            "mend the path, or make it with `qamtu calibrate`", str(path),
        )  # fmt: skip
        raise MissingInput(f"{path} is not there", [finding])
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        plain = {_KIND: about.pop("calibration")}[about["kind"]]
        numbers = {one.name.lower(): int(one) for one in ClutterClass}
        offset = np.zeros(len(numbers))
        for name, value in plain["offset_db"].items():
            offset[numbers[name]] = float(value)
        residuals = {n: Residuals(**plain[n]) for n in ("before", "after", "held_out")}
        made = Calibration(
            **{**plain, **residuals, "offset_db": offset,
               "by_class": {numbers[n]: Residuals(**r) for n, r in plain["by_class"].items()},
               "pooled": tuple(numbers[n] for n in plain["pooled"])},
        )  # fmt: skip
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        finding = Finding("calibration-unreadable", Severity.ERROR, f"no calibration: {error!r}",
                          "give a file that `qamtu calibrate` made", str(path))  # fmt: skip
        raise InputError(f"{path} is no calibration", [finding]) from error
    return made, about


def check_calibration(
    about: Mapping[str, Any], model: str, rx_height_m: float, frequencies_mhz: Sequence[float],
    file: str,
) -> list[Finding]:  # fmt: skip
    """Find where a calibration was fitted on something else than it is now applied to."""
    found: list[Finding] = []
    if about.get("model") != model:
        what = f"it was fitted for the model {about.get('model')!r}, not {model!r}"
        found.append(Finding("calibration-other-model", Severity.ERROR, what,
                             "take the same model, or fit it anew", file))  # fmt: skip
    if abs(float(about.get("rx_height_m", rx_height_m)) - rx_height_m) > 0.5:
        what = f"it was fitted at {about.get('rx_height_m')} m above ground, not {rx_height_m:g} m"
        found.append(Finding("calibration-other-height", Severity.WARNING, what,
                             "fit it anew at the receiver's height", file))  # fmt: skip
    fitted = [float(f) for f in about.get("frequencies_mhz", [])]
    far = [f for f in frequencies_mhz if not any(abs(f - g) <= _BAND * g for g in fitted)]
    if far:
        what = (
            f"it was fitted at {', '.join(f'{f:g}' for f in fitted)} MHz and is applied at "
            f"{', '.join(f'{f:g}' for f in far)} MHz"
        )
        found.append(Finding("calibration-other-frequency", Severity.WARNING, what,
                             "fit it on measurements of the same band", file))  # fmt: skip
    return found
