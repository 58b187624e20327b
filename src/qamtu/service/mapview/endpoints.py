"""The page of the map, and the document that its script reads."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from qamtu.service.mapview import words
from qamtu.service.mapview.content import as_json, coarse, map_content
from qamtu.service.mapview.measures import RegionMeasure, region_measures, shown_value, years_of
from qamtu.service.pages.country import country
from qamtu.service.pages.render import language_of, page
from qamtu.service.plans.access import current_plans
from qamtu.service.state import state_of
from qamtu.service.tiles.layers import LAYERS

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_PREFERRED: Final = "villages_with_fibre"
"""What a map shows at first: a count that differs by region; a share is the same everywhere once
all is built."""


@router.get("/map")
def show_map(
    request: Request,
    measure: Annotated[str, Query(max_length=200)] = "",
    year: Annotated[str, Query(max_length=8)] = "",
) -> Response:
    """Show the map; without a script, the table of its measure."""
    state = state_of(request)
    plans = current_plans(state)
    measures = region_measures(state, plans)
    chosen = _chosen(measures, measure)
    years = years_of(measures)
    shown = int(year) if year.isdigit() and int(year) < 3000 else (years[-1] if years else 0)
    return page(
        request, "mapview/map.html.j2", plans=plans, measures=measures, chosen=chosen,
        years=years, year=shown, rows=_rows(request, chosen, shown, years),
        layers={line: LAYERS[line] for line in plans}, words=words,
        coarse=coarse(state, plans),
    )  # fmt: skip


@router.get("/map/data.json")
def map_data(request: Request) -> Response:
    """Give what the script draws."""
    headers = {"Cache-Control": "private, no-cache", "Content-Language": language_of(request)}
    content = as_json(map_content(request))
    return Response(content, media_type="application/json", headers=headers)


def _chosen(measures: tuple[RegionMeasure, ...], key: str) -> RegionMeasure | None:
    named = [one for one in measures if one.key == key]
    preferred = [one for one in measures if one.metric == _PREFERRED]
    return next(iter([*named, *preferred, *measures]), None)


def _rows(
    request: Request, measure: RegionMeasure | None, year: int, years: list[int]
) -> list[dict[str, Any]]:
    if measure is None:
        return []
    regions = country(state_of(request).settings.pack).regions
    first = years[0] if years else year
    return [{"region": one, "shown": shown_value(measure, one.id, year, first)} for one in regions]
