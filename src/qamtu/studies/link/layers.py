"""What is drawn into the frame of a link's picture, one function a layer."""

from __future__ import annotations

import math
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.studies.link.plot import (
    CLUTTER,
    DEPTH,
    GROUND,
    GROUND_EDGE,
    INK,
    LINE,
    OPEN,
    SOFT,
    VOID,
    ZONE,
    Plot,
    digits_of,
)

__all__ = [
    "draw_clutter",
    "draw_fresnel",
    "draw_ground",
    "draw_masts",
    "draw_sight",
    "draw_voids",
    "draw_worst",
]

Floats = NDArray[np.float64]

_SAMPLES_A_PIXEL: Final = 1.0


def _kept(plot: Plot) -> NDArray[np.int64]:
    """Rows to draw: about one a pixel, and of each group the highest and the lowest ground."""
    n = len(plot.path.table)
    most = int((plot.x.end - plot.x.start) * _SAMPLES_A_PIXEL)
    if n <= 2 * most:
        return np.arange(n)
    ground = plot.path.column("ground_m") + plot.path.column("clutter_m")
    rows = {0, n - 1}
    for part in np.array_split(np.arange(n), most):
        if np.isfinite(ground[part]).any():
            rows |= {int(part[np.nanargmax(ground[part])]), int(part[np.nanargmin(ground[part])])}
        else:
            rows |= {int(part[0]), int(part[-1])}
    return np.array(sorted(rows))


def _points(plot: Plot, km: Floats, metres: Floats) -> str:
    xs, ys = plot.x(km), plot.y(metres)
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(xs, ys, strict=True))


def _runs(known: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last place of each run of true values."""
    runs = [(value, [i for i, _ in group]) for value, group in
            groupby(enumerate(known), key=lambda pair: bool(pair[1]))]  # fmt: skip
    return [(places[0], places[-1]) for value, places in runs if value]


def draw_ground(plot: Plot) -> str:
    """Ground on the effective Earth; below it, dotted, a curve of equal height above the sea."""
    rows = _kept(plot)
    km = plot.path.column("distance_m")[rows] / 1000.0
    bulge = plot.path.column("bulge_m")[rows]
    raised = plot.path.column("ground_m")[rows] + bulge
    base = np.maximum(plot.floor_m + bulge, plot.y.low)
    bottom = np.full(len(km), plot.y.low)
    made = []
    for first, last in _runs(np.isfinite(raised)):
        part = slice(first, last + 1)
        back = km[part][::-1]
        top = _points(plot, km[part], raised[part])
        deep = _points(plot, back, bottom[part])
        under = _points(plot, back, base[part][::-1])
        made.append(f'<polygon points="{top} {deep}" fill="{DEPTH}"/>')
        made.append(f'<polygon points="{top} {under}" fill="{GROUND}"/>')
        made.append(
            f'<polyline points="{top}" fill="none" stroke="{GROUND_EDGE}" stroke-width="1.6" '
            'stroke-linejoin="round"/>'
        )
    curve = _points(plot, km, base)
    made.append(
        f'<polyline points="{curve}" fill="none" stroke="{SOFT}" stroke-width="1.2" '
        'stroke-dasharray="2 4"/>'
    )
    return "".join(made)


def draw_clutter(plot: Plot) -> str:
    """What stands on the ground, a colour a kind, each point as wide as its share of the path."""
    rows = _kept(plot)
    table = plot.path.table.iloc[rows]
    km = table["distance_m"].to_numpy() / 1000.0
    low = (table["ground_m"] + table["bulge_m"]).to_numpy(dtype=float)
    tall = table["clutter_m"].to_numpy(dtype=float)
    edge = np.concatenate([km[:1], (km[1:] + km[:-1]) / 2.0, km[-1:]])
    under = np.concatenate([low[:1], (low[1:] + low[:-1]) / 2.0, low[-1:]])
    colours = [CLUTTER.get(str(kind), OPEN) for kind in table["clutter_class"]]
    kinds = np.where((tall > 0) & np.isfinite(low), np.array(colours, dtype=object), "")
    made = []
    for colour in sorted({str(k) for k in kinds if k}):
        for first, last in _runs(kinds == colour):
            base = [(edge[first], under[first])]
            for i in range(first, last + 1):
                base += [(km[i], low[i]), (edge[i + 1], under[i + 1])]
            top = []
            for i in range(first, last + 1):
                feet = ((edge[i], under[i]), (km[i], low[i]), (edge[i + 1], under[i + 1]))
                top += [(x, y + tall[i]) for x, y in feet if np.isfinite(y)]
            ring = np.array([*top, *(p for p in reversed(base) if np.isfinite(p[1]))])
            points = _points(plot, ring[:, 0], ring[:, 1])
            made.append(f'<polygon points="{points}" fill="{colour}"/>')
    return "".join(made)


def draw_voids(plot: Plot) -> str:
    """Bands where no raster knows the height."""
    unknown = ~np.isfinite(plot.path.column("ground_m"))
    km = plot.path.column("distance_m") / 1000.0
    made = []
    for first, last in _runs(unknown):
        start, end = plot.x.at(km[max(first - 1, 0)]), plot.x.at(km[min(last + 1, len(km) - 1)])
        made.append(
            f'<rect x="{start:.1f}" y="{plot.y.end:.1f}" width="{max(end - start, 2):.1f}" '
            f'height="{plot.y.start - plot.y.end:.1f}" fill="{VOID}"/>'
        )
    return "".join(made)


def draw_fresnel(plot: Plot) -> str:
    """The first zone and 60 % of its radius about the line."""
    line, radius = plot.path.column("line_m"), plot.path.column("radius_m")
    if not np.isfinite(line).all():
        return ""
    rows = np.unique(np.linspace(0, len(line) - 1, min(len(line), 240)).astype(int))
    km = plot.path.column("distance_m")[rows] / 1000.0
    made = []
    for share, opacity, dash in ((1.0, 0.16, ""), (0.6, 0.2, ' stroke-dasharray="5 4"')):
        up = _points(plot, km, np.maximum(line[rows] + share * radius[rows], plot.y.low))
        low = np.maximum(line[rows] - share * radius[rows], plot.y.low)  # the rest is under ground
        down = _points(plot, km[::-1], low[::-1])
        made.append(
            f'<polygon points="{up} {down}" fill="{ZONE}" fill-opacity="{opacity}" '
            f'stroke="{ZONE}" stroke-width="1.1"{dash}/>'
        )
    return "".join(made)


def draw_sight(plot: Plot) -> str:
    """The straight line between both antennas."""
    line = plot.path.column("line_m")
    if not np.isfinite(line).all():
        return ""
    ends = _points(
        plot, np.array([0.0, plot.path.length_m / 1000.0]), np.array([line[0], line[-1]])
    )
    return f'<polyline points="{ends}" fill="none" stroke="{LINE}" stroke-width="2"/>'


def draw_worst(plot: Plot) -> str:
    """The point with the least clearance: a dot, and how much is free there."""
    row = plot.path.worst
    if row < 0:
        return ""
    at = plot.path.table.iloc[row]
    x = plot.x.at(at["distance_m"] / 1000.0)
    top = plot.y.at(at["ground_m"] + at["bulge_m"] + at["clutter_m"])
    line = plot.y.at(at["line_m"])
    if at["clearance_m"] < 0:
        words = plot.say(
            "blocked_by", n=plot.number(-at["clearance_m"], 0 if at["clearance_m"] < -10 else 1)
        )
    else:
        words = plot.say("of_radius", n=plot.number(float(at["ratio"]), 2))
    where = plot.say("kilometres", n=plot.number(at["distance_m"] / 1000.0, 1))
    words = f"{plot.say('worst')}, {where}: {words}"
    font = plot.frame.font
    half = 0.27 * font * len(words)
    middle = min(max(x, plot.x.start + half), plot.x.end - half)
    over = plot.y.end + font * (0.9 if plot.frame.narrow else 0.3)  # the axis leaves room there
    return (
        f'<path d="M{x:.1f} {min(top, line):.1f}V{over + font * 0.4:.1f}" stroke="{SOFT}" '
        'stroke-width="1"/>'
        f'<path d="M{x:.1f} {top:.1f}V{line:.1f}" stroke="{INK}" stroke-width="1.6" '
        'stroke-dasharray="4 3"/>'
        f'<circle cx="{x:.1f}" cy="{top:.1f}" r="5" fill="#ffffff" stroke="{INK}" '
        'stroke-width="2"/>' + plot.text(middle, over, words, text_anchor="middle", font_weight=650)
    )


def draw_masts(plot: Plot, names: tuple[str, str], heights_m: tuple[float, float]) -> str:
    """Both masts with the names of the ends and the antennas above ground [m]."""
    ground, line = plot.path.column("ground_m"), plot.path.column("line_m")
    made = []
    font = plot.frame.font
    room = int((plot.x.end - plot.x.start) / (font * 0.62) * 0.42)
    for end, anchor in ((0, "start"), (-1, "end")):
        if not math.isfinite(ground[end]):
            continue
        x = plot.x.start if end == 0 else plot.x.end
        foot, top = plot.y.at(ground[end]), plot.y.at(line[end])
        made.append(
            f'<path d="M{x:.1f} {foot:.1f}V{top:.1f}" stroke="{INK}" stroke-width="3.4"/>'
            f'<circle cx="{x:.1f}" cy="{top:.1f}" r="4.4" fill="{LINE}"/>'
        )
        side = "A" if end == 0 else "B"
        high = plot.say("metres", n=plot.number(heights_m[end], digits_of(heights_m[end])))
        name = names[end] if len(names[end]) <= room else names[end][: room - 1] + "…"
        over = plot.y.end - font * (2.3 if not plot.frame.narrow else 2.2)
        made.append(plot.text(x, over, f"{side}: {name}, {high}", text_anchor=anchor,
                              font_weight=600))  # fmt: skip
    return "".join(made)
