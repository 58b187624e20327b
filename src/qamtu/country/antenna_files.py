"""Antenna patterns as manufacturers publish them: MSI (Planet) text files.

A file has lines of a keyword and a value, then ``HORIZONTAL n`` and n lines of an angle and a
loss, then the same for ``VERTICAL``. Losses are positive dB below the maximum; horizontal angles
run clockwise from boresight, vertical ones from the horizon downwards. A gain without unit is
over a dipole. What deviates from this is brought to it where that is safe, and told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.antenna import DIPOLE_DBI, Pattern

__all__ = ["ANTENNA_SUFFIXES", "read_antenna", "read_antennas"]

ANTENNA_SUFFIXES: Final = (".msi", ".pln", ".ant", ".txt")

_NUMBER: Final = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
_FEWEST: Final = 36
_GAP_DEG: Final = 10.0
_SAME_DB: Final = 0.6


@dataclass(frozen=True, slots=True)
class _Raw:
    """A file as it is: keyword to value, and the two cuts as angles and values."""

    head: dict[str, str]
    declared: dict[str, int]
    cuts: dict[str, list[tuple[float, float]]]


def read_antennas(folder: str | Path) -> tuple[dict[str, Pattern], Findings]:
    """Read all antenna files of a folder.

    Parameters
    ----------
    folder
        Folder with files of `ANTENNA_SUFFIXES`; files of other kinds are left alone.

    Returns
    -------
    patterns
        By file name, by file name without suffix and by the name in the file, all in lower case.
    findings
        What is odd about the files; a file that cannot be used is an error and has no pattern.

    Raises
    ------
    MissingInput
        If the folder is not there.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise MissingInput(
            f"{folder} is not there", [_finding("folder-missing", str(folder), Severity.ERROR,
            "the folder of antenna files is not there", "mend the path")],
        )  # fmt: skip
    made: dict[str, Pattern] = {}
    found: list[Finding] = []
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in ANTENNA_SUFFIXES):
        try:
            pattern, more = read_antenna(path)
        except InputError as error:
            found += error.findings
            continue
        found += more
        for name in (pattern.name, path.stem, path.name):
            made[name.lower()] = pattern
    return made, Findings(tuple(found))


def read_antenna(path: str | Path) -> tuple[Pattern, Findings]:
    """Read one antenna file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    pattern
        The antenna; loss at each of 360 degrees, gain over an isotropic antenna.
    findings
        What was assumed or mended.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If it has no cuts, no gain, or values that make no pattern.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingInput(f"{path} is not there", [_finding(
            "file-missing", path.name, Severity.ERROR, "the antenna file is not there",
            "mend the name, or put the file into the folder of --antenna")])  # fmt: skip
    raw = _parse(_text(path))
    found: list[Finding] = []
    gain, more = _gain(raw.head, path.name)
    found += more
    cuts = {}
    for plane in ("HORIZONTAL", "VERTICAL"):
        cut, more = _cut(raw, plane, gain, path.name)
        cuts[plane] = cut
        found += more
    tilt = _first(raw.head.get("ELECTRICAL_TILT", raw.head.get("TILT", "")))
    vertical, more = _downwards(cuts["VERTICAL"], tilt, path.name)
    found += more
    errors = [f for f in found if f.severity is Severity.ERROR]
    if errors or gain is None or cuts["HORIZONTAL"] is None or vertical is None:
        raise InputError(f"the antenna file {path} cannot be used", errors)
    frequency, more = _frequency(raw.head, path.name)
    found += more
    pattern = Pattern(
        horizontal_db=cuts["HORIZONTAL"],
        vertical_db=vertical,
        gain_dbi=gain,
        name=raw.head.get("NAME", path.stem) or path.stem,
        frequency_mhz=frequency,
        built_in_tilt_deg=_peak(vertical),
    )
    return pattern, Findings(tuple(found))


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


def _parse(text: str) -> _Raw:
    """Split a file into its keywords and cuts; lines of two numbers belong to the cut above."""
    head: dict[str, str] = {}
    declared: dict[str, int] = {}
    cuts: dict[str, list[tuple[float, float]]] = {}
    plane = ""
    for line in text.splitlines():
        words = line.strip().split(maxsplit=1)
        if not words:
            continue
        key = words[0].upper().rstrip(":=")
        if key in {"HORIZONTAL", "VERTICAL"}:
            plane = key
            cuts[plane] = []
            count = _first(words[1]) if len(words) > 1 else None
            declared[plane] = int(count) if count is not None else 0
        elif plane and _NUMBER.match(words[0]):
            pair = _pair(line)
            if pair is not None:
                cuts[plane].append(pair)
        else:
            head[key] = words[1].strip() if len(words) > 1 else ""
    return _Raw(head, declared, cuts)


def _pair(line: str) -> tuple[float, float] | None:
    """Read two numbers; a comma is a decimal one unless it parts them."""
    words = line.replace(";", " ").split()
    if len(words) == 1:
        words = line.split(",")
    numbers = [_first(word) for word in words]
    if len(numbers) < 2 or numbers[0] is None or numbers[1] is None:
        return None
    return numbers[0], numbers[1]


def _first(text: str) -> float | None:
    match = _NUMBER.search(text)
    return None if match is None else float(match.group().replace(",", "."))


def _gain(head: Mapping[str, str], file: str) -> tuple[float | None, list[Finding]]:
    """Read the gain as dBi; without a unit it is over a dipole."""
    text = head.get("GAIN", "")
    value = _first(text)
    if value is None:
        return None, [_finding("antenna-gain", file, Severity.ERROR,
                               "the file names no gain", "add a line GAIN 17.5 dBi",
                               "GAIN")]  # fmt: skip
    unit = text.lower()
    if "dbi" in unit:
        return value, []
    if "dbd" in unit:
        return value + DIPOLE_DBI, []
    what = f"the gain {text!r} names no unit: dBd was taken, which makes {value + DIPOLE_DBI:g} dBi"
    return value + DIPOLE_DBI, [_finding("antenna-gain-unit", file, Severity.WARNING, what,
                                         "write dBi or dBd behind the gain", "GAIN")]  # fmt: skip


def _frequency(head: Mapping[str, str], file: str) -> tuple[float, list[Finding]]:
    text = head.get("FREQUENCY", "")
    value = _first(text)
    if value is None:
        return float("nan"), []
    if "ghz" in text.lower():
        return value * 1000.0, []
    if value < 30.0:
        what = f"the frequency {text!r} makes no sense in MHz: GHz was taken"
        return value * 1000.0, [_finding("antenna-frequency", file, Severity.WARNING, what,
                                         "give the frequency in MHz", "FREQUENCY")]  # fmt: skip
    return value, []


def _cut(
    raw: _Raw, plane: str, gain: float | None, file: str
) -> tuple[NDArray[np.float64] | None, list[Finding]]:
    """Bring one cut to a positive loss at each of 360 degrees."""
    pairs = raw.cuts.get(plane, [])
    if len(pairs) < _FEWEST:
        what = f"the {plane.lower()} cut has {len(pairs)} values, at least {_FEWEST} are needed"
        return None, [_finding("antenna-cut", file, Severity.ERROR, what,
                               f"give {plane} 360 and a line for each degree", plane)]  # fmt: skip
    found: list[Finding] = []
    angle = np.array([a for a, _ in pairs]) % 360.0
    value = np.array([v for _, v in pairs])
    angle, first = np.unique(np.round(angle, 6), return_index=True)
    value = value[first]
    gap = float(np.diff(np.append(angle, angle[0] + 360.0)).max())
    if gap > _GAP_DEG:
        what = f"the {plane.lower()} cut has no values over {gap:g}°"
        mend = "give the missing angles"
        return None, [_finding("antenna-angles", file, Severity.ERROR, what, mend, plane)]
    step = float(np.median(np.diff(angle)))
    missing = round(360.0 / step) - len(angle)
    if missing > 0 or raw.declared.get(plane, 0) not in {0, len(pairs)}:
        what = (
            f"the {plane.lower()} cut has {len(angle)} angles, {max(missing, 0)} are missing; "
            "they were put in between their neighbours"
        )
        found.append(_finding("antenna-angles", file, Severity.WARNING, what,
                              "give the missing angles", plane))  # fmt: skip
    loss, more = _as_loss(value, gain, plane, file)
    found += more
    if loss is None:
        return None, found
    return np.interp(np.arange(360.0), angle, loss, period=360.0), found


def _as_loss(
    value: NDArray[np.float64], gain: float | None, plane: str, file: str
) -> tuple[NDArray[np.float64] | None, list[Finding]]:
    """Turn values into positive losses, whatever their sign means."""
    if value.min() >= 0.0:
        if value.min() <= _SAME_DB * 5 or plane == "VERTICAL":
            return value, []
        what = f"the least loss of the {plane.lower()} cut is {value.min():g} dB, not about 0"
        return value, [_finding("antenna-no-maximum", file, Severity.WARNING, what,
                                "look whether gain and cut belong together", plane)]  # fmt: skip
    mend = "give losses as positive dB below the maximum"
    if value.max() <= _SAME_DB:
        what = f"the {plane.lower()} cut is negative: its sign was turned to make losses"
        return np.maximum(-value, 0.0), [
            _finding("antenna-sign", file, Severity.WARNING, what, mend, plane)
        ]
    if gain is not None and min(abs(value.max() - g) for g in (gain, gain - DIPOLE_DBI)) < _SAME_DB:
        what = f"the {plane.lower()} cut holds gains: they were taken from the greatest"
        return value.max() - value, [
            _finding("antenna-sign", file, Severity.WARNING, what, mend, plane)
        ]
    what = f"the {plane.lower()} cut has values from {value.min():g} to {value.max():g}"
    return None, [_finding("antenna-sign", file, Severity.ERROR, what, mend, plane)]


def _downwards(
    vertical: NDArray[np.float64] | None, tilt: float | None, file: str
) -> tuple[NDArray[np.float64] | None, list[Finding]]:
    """Bring the vertical cut to angles from the horizon downwards."""
    if vertical is None:
        return None, []
    peak = _peak(vertical)
    mend = "count vertical angles from the horizon downwards"
    if 60.0 <= peak <= 120.0 and vertical[0] > 10.0:
        what = f"the vertical beam points to {peak:g}°: angles from the zenith were taken"
        turned = np.roll(vertical, -90)
        return turned, [_finding("antenna-zenith", file, Severity.WARNING, what, mend, "VERTICAL")]
    if tilt is not None and tilt >= 1.0 and abs(peak + tilt) < 0.5 * tilt:
        what = (
            f"the vertical beam points {-peak:g}° up while the tilt is {tilt:g}°: "
            "angles upwards were taken"
        )
        turned = np.roll(vertical[::-1], 1)
        return turned, [_finding("antenna-upwards", file, Severity.WARNING, what, mend, "VERTICAL")]
    return vertical, []


def _peak(vertical: NDArray[np.float64]) -> float:
    """Angle of the maximum below the horizon, −180 to 180 [deg]; 0 where all are alike."""
    lowest = np.flatnonzero(vertical <= vertical.min() + 1e-9)
    if len(lowest) > 180:
        return 0.0
    signed = (lowest + 180) % 360 - 180
    return float(signed[np.argmin(np.abs(signed))])


def _finding(
    id: str,  # noqa: A002
    file: str,
    severity: Severity,
    what: str,
    mend: str,
    field: str | None = None,
) -> Finding:
    return Finding(id, severity, what, mend, file, None, field)
