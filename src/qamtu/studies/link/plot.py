"""The frame of a link's picture: size, axes, colours and what its legend has to say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from markupsafe import escape

from qamtu.studies.link.path import LinkPath
from qamtu.studies.link.scales import Scale, number
from qamtu.studies.link.texts import say

__all__ = [
    "CLUTTER",
    "DEPTH",
    "GROUND",
    "GROUND_EDGE",
    "INK",
    "LINE",
    "OPEN",
    "SOFT",
    "START_NARROW",
    "VOID",
    "ZONE",
    "Frame",
    "Plot",
    "digits_of",
    "make_plot",
    "places",
]

INK: Final = "#16232e"
SOFT: Final = "#526373"
LINE: Final = "#b8324a"
ZONE: Final = "#0b6b8a"
GROUND: Final = "#c9b493"
DEPTH: Final = "#ece3d3"
GROUND_EDGE: Final = "#7a6a4f"
CLUTTER: Final = {
    "trees": "#3f7d46",
    "urban_or_trees": "#8d6fa3",
    "suburban": "#8d6fa3",
    "dense_urban": "#8d6fa3",
}
_BUILT: Final = frozenset({"urban_or_trees", "suburban", "dense_urban"})
OPEN: Final = "#9fb96d"
VOID: Final = "#f3d9d7"
START_NARROW: Final = 10.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Size and type of a picture [pixel].

    Parameters
    ----------
    width, height
        Of the whole.
    font
        Size of the letters.
    """

    width: int = 1200
    height: int = 640
    font: int = 15

    @property
    def narrow(self) -> bool:
        """Whether there is little room for words."""
        return self.width < 700


@dataclass(frozen=True, slots=True)
class Plot:
    """What all layers share."""

    path: LinkPath
    frame: Frame
    language: str
    k: float
    legend: tuple[tuple[str, str], ...]
    x: Scale
    y: Scale
    floor_m: float

    def say(self, name: str, **values: object) -> str:
        """Give a text in the picture's language."""
        return say(self.language, name, **values)

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number as the language does."""
        return number(value, digits, self.language)

    def text(self, x: float, y: float, words: str, **style: object) -> str:
        """Set words at a place [pixel] in a style of SVG attributes."""
        look = {"font-size": self.frame.font, "fill": INK} | {
            name.replace("_", "-"): value for name, value in style.items()
        }
        given = " ".join(f'{name}="{escape(str(value))}"' for name, value in look.items())
        return f'<text x="{x:.1f}" y="{y:.1f}" {given}>{escape(words)}</text>'


def make_plot(path: LinkPath, frame: Frame, language: str, k_factor: float) -> Plot:
    """Choose the axes so that ground, clutter, masts and zone are all inside."""
    bulge, ground = path.column("bulge_m"), path.column("ground_m")
    raised = ground + bulge
    top = max(
        float(np.nanmax(raised + path.column("clutter_m"), initial=-math.inf)),
        float(np.nanmax(path.column("line_m") + path.column("radius_m"), initial=-math.inf)),
    )
    low = float(np.nanmin(raised, initial=math.inf))
    low = min(low, float(np.nanmin(path.column("line_m"), initial=math.inf)))
    if not (math.isfinite(top) and math.isfinite(low)):
        low, top = 0.0, 100.0
    room = max(top - low, 30.0)
    line = frame.font * 1.45
    left, right = (line * 4.6, line * 1.4) if not frame.narrow else (line * 3.0, line * 0.9)
    entries = _entries(path, language, k_factor)
    start = START_NARROW if frame.narrow else left
    rows = places(frame, start, entries)[-1][1] + 1
    legend = frame.font * (2.0 + 1.5 * rows)
    head = line * (5.6 if frame.narrow else 4.4)
    x = Scale(0.0, path.length_m / 1000.0, left, frame.width - right)
    y = Scale(low - 0.08 * room, top + 0.12 * room, frame.height - legend - frame.font * 2.4, head)
    floor = float(np.nanmin(raised - bulge, initial=low))
    return Plot(path, frame, language, k_factor, entries, x, y, min(floor, low) - 0.04 * room)


def _entries(path: LinkPath, language: str, k: float) -> tuple[tuple[str, str], ...]:
    """Mark and words of each colour that is in the picture."""
    box = '<rect width="22" height="12" y="-10" '
    zone = f'{box}fill="{ZONE}" stroke="{ZONE}" fill-opacity='
    stroke = '<path d="M0 -4h22" stroke='
    made = [
        (f'{box}fill="{GROUND}" stroke="{GROUND_EDGE}"/>', say(language, "ground")),
        (f'{stroke}"{LINE}" stroke-width="2.4"/>', say(language, "line")),
        (f'{zone}"0.16"/>', say(language, "zone")),
        (f'{zone}"0.34" stroke-dasharray="5 3"/>', say(language, "zone60")),
        (
            f'{stroke}"{SOFT}" stroke-width="1.6" stroke-dasharray="2 4"/>',
            say(language, "earth", k=number(k, 2, language)),
        ),
    ]
    standing = set(path.table.loc[path.table["clutter_m"] > 0, "clutter_class"])
    if standing & _BUILT:
        made.append((f'{box}fill="{CLUTTER["suburban"]}"/>', say(language, "built")))
    if "trees" in standing:
        made.append((f'{box}fill="{CLUTTER["trees"]}"/>', say(language, "trees")))
    if standing - _BUILT - {"trees"}:
        made.append((f'{box}fill="{OPEN}"/>', say(language, "open_land")))
    if path.voids:
        made.append((f'{box}fill="{VOID}"/>', say(language, "void")))
    return tuple(made)


def places(
    frame: Frame, start: float, entries: Sequence[tuple[str, str]]
) -> list[tuple[float, int]]:
    """Set entries in lines: left edge [pixel] and line of each."""
    x, row = start, 0
    made = []
    for _, words in entries:
        letter = 0.49 if words.isascii() else 0.545
        width = 29 + letter * frame.font * len(words)
        if x + width > frame.width - 4 and x > start:
            x, row = start, row + 1
        made.append((x, row))
        x += width + 16
    return made


def digits_of(value: float) -> int:
    """Decimals that a number needs: none where it is whole, else one."""
    return 0 if float(value).is_integer() else 1
