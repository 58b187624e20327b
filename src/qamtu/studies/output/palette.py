"""The colours of a plan: one for each option and each year, the same in QGIS and on the page.

The option colours follow the palette of Okabe and Ito (2008, *Color Universal Design*), which
stays readable with the common kinds of colour blindness.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["OPTIONS", "OPTION_COLOURS", "ROUTE_KIND_COLOURS", "year_colours"]

OPTION_COLOURS: Final[dict[str, str]] = {
    "served": "#7d8a9c",
    "fibre": "#0072b2",
    "microwave": "#009e73",
    "fixed_wireless": "#e69f00",
    "leo_gateway": "#d55e00",
    "leo_terminal": "#cc79a7",
    "geo": "#7b5a45",
}
"""Colour of each option a settlement can have."""

OPTIONS: Final = tuple(OPTION_COLOURS)
"""The options in the order in which legends and tables show them."""

ROUTE_KIND_COLOURS: Final[dict[str, str]] = {
    "road": "#0072b2",
    "spur": "#56b4e9",
    "railway": "#8c564b",
    "bridge": "#d55e00",
    "existing": "#7d8a9c",
}
"""Colour of each kind of route."""

_RAMP: Final = ("#2a63b5", "#1f8a8c", "#57ad5b", "#d2a915", "#e0701c", "#b8324a")


def year_colours(years: Sequence[int]) -> dict[int, str]:
    """Give each year a colour, evenly along one ramp from the first to the last.

    Parameters
    ----------
    years
        Years of the plan [year], in any order; each once is enough.
    """
    ordered = sorted(set(years))
    if len(ordered) <= 1:
        return dict.fromkeys(ordered, _RAMP[0])
    last = len(ordered) - 1
    return {year: _on_ramp(place / last) for place, year in enumerate(ordered)}


def _on_ramp(share: float) -> str:
    """Interpolate the ramp linearly in sRGB at a share [1] of its length."""
    position = share * (len(_RAMP) - 1)
    left = min(int(position), len(_RAMP) - 2)
    part = position - left
    mixed = (
        round(a + (b - a) * part)
        for a, b in zip(_channels(_RAMP[left]), _channels(_RAMP[left + 1]), strict=True)
    )
    return "#" + "".join(f"{value:02x}" for value in mixed)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
