"""The map of the report: regions shaded by a measure, with the routes and settlements of a plan."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from qamtu.programme.records import Texts
from qamtu.studies.session_report.charts import INK, MUTED, svg, text
from qamtu.studies.session_report.words import Words

__all__ = ["MapData", "draw_map"]

_WIDE: Final = 640.0
_SHADES: Final = ("#eef2f6", "#cfdcea", "#a5c0dc", "#6f9cc8", "#3a72ab")
_NO_VALUE: Final = "#ffffff"
_ROUTE, _PLACE = "#8a2d1c", "#8a2d1c"
_MOST_POINTS: Final = 4000


@dataclass(frozen=True, slots=True)
class MapData:
    """What the map shows.

    Parameters
    ----------
    regions
        Polygons in degrees with ``region_id`` and names.
    values
        Value by region; a region without one stays white.
    unit
        Unit of the values.
    title
        What the values are, by language.
    planned
        Whether they are what a plan intends.
    routes
        Lines of a plan in degrees, None without a plan.
    places
        Longitude and latitude of the plan's settlements [deg], shape (settlements, 2).
    places_title
        What the places are, by language.
    plan, table
        SHA-256 of the plan's ``summary.json`` (its id) and of the table that was counted.
    """

    regions: gpd.GeoDataFrame
    values: Mapping[str, float] = field(default_factory=dict)
    unit: str = ""
    title: Texts = field(default_factory=dict)
    planned: bool = False
    routes: gpd.GeoSeries | None = None
    places: npt.NDArray[np.float64] | None = None
    places_title: Texts = field(default_factory=dict)
    plan: str = ""
    table: str = ""


def draw_map(data: MapData, words: Words) -> dict[str, Any]:
    """Draw the map.

    Returns
    -------
    picture
        ``svg``, ``title``, ``alt`` and ``source``: where the numbers can be counted again.
    """
    frame = _Frame(data.regions)
    steps = _steps(list(data.values.values()))
    body: list[str] = []
    names: list[str] = []
    for row in data.regions.itertuples():
        value = data.values.get(str(row.region_id))
        shade = _NO_VALUE if value is None else _SHADES[_step(value, steps)]
        path = frame.area(row.geometry)
        body.append(f'<path d="{path}" fill="{shade}" stroke="#8894a3" stroke-width="0.6"/>')
        names.append(_region_name(row, words))
    if data.routes is not None:
        body += _routes(frame, data.routes)
    if data.places is not None:
        body += _places(frame, data.places)
    body += _labels(frame, data, words)
    height = frame.height + 8
    legend, height = _legend(data, steps, words, height)
    title = words.name(data.title)
    if data.planned:
        title = words.t("{title} (planned, not achieved)", title=title)
    said = [
        f"{name}: {words.quantity(data.values[str(region)], data.unit)}"
        for name, region in zip(names, data.regions["region_id"], strict=True)
        if str(region) in data.values
    ]
    alt = words.t("Map of the regions. {values}", values="; ".join(said))
    source = words.t(
        "Counted from plan_settlements.parquet (SHA-256 {table}) of the plan {plan}: rows with "
        "option fibre and a year, by region_id.", table=data.table, plan=data.plan,
    ) if data.plan else ""  # fmt: skip
    drawing = svg(_WIDE, height, [*body, *legend], alt)
    return {"svg": drawing, "title": title, "alt": alt, "source": source}


class _Frame:
    """Degrees on the picture: cylindrical, true to scale along the middle latitude."""

    def __init__(self, regions: gpd.GeoDataFrame) -> None:
        west, south, east, north = (float(x) for x in regions.total_bounds)
        self._west, self._north = west, north
        self._narrow = math.cos(math.radians((south + north) / 2))
        self._scale = _WIDE / ((east - west) * self._narrow)
        self.height = (north - south) * self._scale

    def xy(self, degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x = (degrees[:, 0] - self._west) * self._narrow * self._scale
        return np.column_stack([x, (self._north - degrees[:, 1]) * self._scale])

    def line(self, geometry: Any) -> str:
        points = self.xy(shapely.get_coordinates(geometry))
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)

    def area(self, geometry: Any) -> str:
        simple = geometry.simplify(0.03)
        parts = getattr(simple, "geoms", [simple])
        return "".join(f"{self.line(part.exterior)}Z" for part in parts)


def _routes(frame: _Frame, routes: gpd.GeoSeries) -> list[str]:
    lines = shapely.get_parts(routes.simplify(0.02).to_numpy())
    path = "".join(frame.line(one) for one in lines if not one.is_empty)
    if not path:
        return []
    return [f'<path d="{path}" fill="none" stroke="{_ROUTE}" stroke-width="0.7"/>']


def _places(frame: _Frame, places: npt.NDArray[np.float64]) -> list[str]:
    thinned = places[:: max(1, math.ceil(len(places) / _MOST_POINTS))]
    path = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in frame.xy(thinned))
    if not path:
        return []
    return [f'<path d="{path}" stroke="{_PLACE}" stroke-width="2.2" stroke-linecap="round"/>']


def _labels(frame: _Frame, data: MapData, words: Words) -> list[str]:
    """Write the values where a region has the room, with a white edge around the figures."""
    made: list[str] = []
    for row in data.regions.itertuples():
        value = data.values.get(str(row.region_id))
        if value is None or row.geometry.area < 4.0:
            continue
        point = shapely.get_coordinates(row.geometry.representative_point())
        x, y = frame.xy(point)[0]
        shown = words.share(value) if data.unit in {"share", "1"} else words.number(value)
        edge = text(x, y, shown, anchor="middle", fill="#ffffff")
        made.append(edge.replace("<text ", '<text stroke="#ffffff" stroke-width="3" '))
        made.append(text(x, y, shown, anchor="middle", fill=INK))
    return made


def _legend(
    data: MapData, steps: Sequence[float], words: Words, top: float
) -> tuple[list[str], float]:
    made: list[str] = []
    x, y = 4.0, top + 12
    bounds = [*steps]
    for place, shade in enumerate(_SHADES[: len(bounds) + 1] if data.values else ()):
        made.append(
            f'<rect x="{x:.0f}" y="{y - 10:.0f}" width="16" height="12" fill="{shade}" '
            'stroke="#8894a3" stroke-width="0.6"/>'
        )
        low = "" if place == 0 else words.any(_rounded(bounds[place - 1]))
        high = "" if place == len(bounds) else words.any(_rounded(bounds[place]))
        if data.unit in {"share", "1"}:
            low = "" if place == 0 else words.share(bounds[place - 1])
            high = "" if place == len(bounds) else words.share(bounds[place])
        label = f"{low}–{high}" if low and high else f"< {high}" if high else f"≥ {low}"
        made.append(text(x + 21, y, label))
        x += 105
    if data.routes is not None:
        y += 20
        made.append(
            f'<line x1="4" y1="{y - 4:.0f}" x2="24" y2="{y - 4:.0f}" stroke="{_ROUTE}" '
            'stroke-width="1.5"/>'
        )
        made.append(text(30, y, words.t("planned routes")))
        made.append(f'<circle cx="196" cy="{y - 4:.0f}" r="2.6" fill="{_PLACE}"/>')
        made.append(text(206, y, words.name(data.places_title) or words.t("planned settlements")))
    if not data.values:
        made.append(text(4, y + 18, words.t("No region has a value."), fill=MUTED))
        y += 18
    return made, y + 10


def _region_name(row: Any, words: Words) -> str:
    name = getattr(row, f"name_{words.language}", None) or getattr(row, "name_en", None)
    return str(name or row.region_id)


def _steps(values: Sequence[float]) -> list[float]:
    """Give the bounds between the shades: fifths of the values, each once."""
    if len(values) < 2:
        return []
    bounds = np.quantile(np.asarray(values), [0.2, 0.4, 0.6, 0.8])
    return sorted({_rounded(float(x)) for x in bounds})


def _step(value: float, steps: Sequence[float]) -> int:
    return int(np.searchsorted(np.asarray(steps), value, side="right"))


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")
