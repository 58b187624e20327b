"""The profile of a link as an SVG: ground on the curved Earth, clutter, line, Fresnel zone."""

from __future__ import annotations

import math
from typing import Final

from markupsafe import escape

from qamtu.studies.link.layers import (
    draw_clutter,
    draw_fresnel,
    draw_ground,
    draw_masts,
    draw_sight,
    draw_voids,
    draw_worst,
)
from qamtu.studies.link.path import LinkPath
from qamtu.studies.link.plot import SOFT, START_NARROW, Frame, Plot, digits_of, make_plot, places
from qamtu.studies.link.scales import ticks

__all__ = ["draw_profile"]

_ARCSEC_M: Final = 30.9


def draw_profile(
    path: LinkPath,
    title: str,
    names: tuple[str, str],
    heights_m: tuple[float, float],
    *,
    k_factor: float,
    language: str,
    coarse: bool,
    frame: Frame | None = None,
    headed: bool = True,
) -> str:
    """Draw a path.

    Parameters
    ----------
    path
        The path.
    title
        Line above the picture.
    names, heights_m
        Of both ends, antennas above ground [m].
    k_factor
        Effective Earth on which it stands [1].
    language
        Of all words.
    coarse
        Whether the terrain is coarse.
    frame
        Size; 1200 by 640 if None.
    headed
        Whether the title is written above.

    Returns
    -------
    str
        An SVG document that needs no other file.
    """
    frame = frame or Frame()
    plot = make_plot(path, frame, language, k_factor)
    parts = [
        _axes(plot),
        draw_voids(plot),
        draw_fresnel(plot),
        draw_ground(plot),
        draw_clutter(plot),
        draw_sight(plot),
        draw_worst(plot),
        draw_masts(plot, names, heights_m),
        _words(plot, title if headed else "", coarse=coarse),
        _legend(plot),
    ]
    label = escape(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width} {frame.height}" '
        f'width="{frame.width}" height="{frame.height}" role="img" aria-label="{label}" '
        "font-family=\"Inter, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif\">"
        f"<title>{label}</title>"
        f'<rect width="{frame.width}" height="{frame.height}" fill="#ffffff"/>'
        f"{''.join(parts)}</svg>\n"
    )


def _axes(plot: Plot) -> str:
    x, y, frame = plot.x, plot.y, plot.frame
    made = []
    for value in ticks(y.low, y.high, 5 if frame.narrow else 7):
        at = y.at(value)
        made.append(
            f'<path d="M{x.start:.1f} {at:.1f}H{x.end:.1f}" stroke="#e4e9ed" stroke-width="1"/>'
        )
        made.append(
            plot.text(x.start - 8, at + frame.font * 0.35, plot.number(value),
                      text_anchor="end", fill=SOFT)
        )  # fmt: skip
    span = ticks(x.low, x.high, 5 if frame.narrow else 11)
    digits = 0 if all(float(v).is_integer() for v in span) else (1 if span[-1] > 1 else 2)
    for value in span:
        at = x.at(value)
        made.append(f'<path d="M{at:.1f} {y.start:.1f}v6" stroke="{SOFT}" stroke-width="1"/>')
        made.append(
            plot.text(at, y.start + 6 + frame.font * 1.1, plot.number(value, digits),
                      text_anchor="middle", fill=SOFT)
        )  # fmt: skip
    middle = (x.start + x.end) / 2.0
    made.append(
        plot.text(middle, y.start + frame.font * 2.75, plot.say("distance"),
                  text_anchor="middle", fill=SOFT)
    )  # fmt: skip
    if frame.narrow:
        made.append(plot.text(6, y.end - frame.font * 0.9, plot.say("height"), fill=SOFT))
    else:
        at, half = frame.font * 1.4, (y.start + y.end) / 2.0
        made.append(
            plot.text(at, half, plot.say("height"), fill=SOFT, text_anchor="middle",
                      transform=f"rotate(-90 {at:.1f} {half:.1f})")
        )  # fmt: skip
    made.append(
        f'<path d="M{x.start:.1f} {y.start:.1f}H{x.end:.1f}" stroke="{SOFT}" stroke-width="1.2"/>'
    )
    return "".join(made)


def _words(plot: Plot, title: str, *, coarse: bool) -> str:
    """Title, and what the terrain is made of."""
    font = plot.frame.font
    narrow = plot.frame.narrow
    size, start = (font, 10.0) if narrow else (font * 1.2, plot.x.start)
    made = [plot.text(start, font * 1.6, title, font_weight=700, font_size=size)] * bool(title)
    arcsec = plot.path.coarse_arcsec
    if not math.isfinite(arcsec):
        words = plot.say("terrain_unknown")
    else:
        name = "terrain_coarse" if coarse else "terrain_fine"
        words = plot.say(
            name, n=plot.number(arcsec, digits_of(arcsec)), m=plot.number(arcsec * _ARCSEC_M)
        )
    colour = "#8a4b00" if coarse else SOFT
    if narrow:
        row = 3.0 if title else 1.6
        made.append(plot.text(10, font * row, words, fill=colour, font_size=font * 0.9))
    else:
        made.append(plot.text(plot.x.end, font * 1.6, words, fill=colour, text_anchor="end"))
    return "".join(made)


def _legend(plot: Plot) -> str:
    """Say what each colour is."""
    font = plot.frame.font
    start = START_NARROW if plot.frame.narrow else plot.x.start
    made = []
    for (mark, words), (x, row) in zip(
        plot.legend, places(plot.frame, start, plot.legend), strict=True
    ):
        y = plot.y.start + font * (4.5 + 1.5 * row)
        made.append(f'<g transform="translate({x:.1f} {y:.1f})">{mark}</g>')
        made.append(plot.text(x + 29, y, words, fill=SOFT, font_size=round(font * 0.92, 1)))
    return "".join(made)
