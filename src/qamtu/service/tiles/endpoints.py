"""Serves vector tiles and what a map must know of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as FromPath

from qamtu.service.accounts.current import Principal, principal
from qamtu.service.errors import NotFound
from qamtu.service.plans.access import seen
from qamtu.service.state import State, state_of
from qamtu.service.tiles.archive import Archive
from qamtu.service.tiles.repository import base_archive, plan_archive

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["tiles"])

Running = Annotated[State, Depends(state_of)]
Asker = Annotated[Principal, Depends(principal)]
PlanId = Annotated[str, FromPath(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of its summary")]
Zoom = Annotated[int, FromPath(ge=0, le=24)]
Place = Annotated[int, FromPath(ge=0, le=2**24 - 1)]

_TYPE = "application/vnd.mapbox-vector-tile"
_YEAR = "max-age=31536000, immutable"
_TILE: dict[int | str, dict[str, object]] = {
    200: {"content": {_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    204: {"description": "There is nothing to draw here"},
}


@router.get("/plans/{plan}/tiles/{zoom}/{column}/{row}.mvt", response_class=Response,
            responses=_TILE)  # fmt: skip
def read_tile(
    request: Request, state: Running, asker: Asker, plan: PlanId, zoom: Zoom, column: Place,
    row: Place,
) -> Response:  # fmt: skip
    """Give a tile of a plan; a plan's tiles never change."""
    found = seen(state, asker, plan)
    kept = f"{'public' if found.published else 'private'}, {_YEAR}"
    return _answer(request, plan_archive(state, plan), plan, (zoom, column, row), kept)


@router.get("/tiles/base/{name}/{zoom}/{column}/{row}.mvt", response_class=Response,
            responses=_TILE)  # fmt: skip
def read_base_tile(
    request: Request, state: Running, name: str, zoom: Zoom, column: Place, row: Place
) -> Response:
    """Give a tile of the country: borders of the regions, roads, waters."""
    known, archive = base_archive(state)
    if name != known:
        raise NotFound(f"There are no tiles {name}.")
    return _answer(request, archive, known, (zoom, column, row), f"public, {_YEAR}")


def _answer(
    request: Request, archive: Archive, name: str, tile: tuple[int, int, int], kept: str
) -> Response:
    zoom, column, row = tile
    tag = f'"{name[:16]}-{zoom}-{column}-{row}"'
    headers = {"ETag": tag, "Cache-Control": kept}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = archive.get(tile)
    if content is None:
        return Response(status_code=204, headers=headers)
    headers["Content-Encoding"] = "gzip"  # as it lies in the archive; every map reader takes it
    return Response(content, media_type=_TYPE, headers=headers)
