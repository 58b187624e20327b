"""Pages of the frame itself: sources and licences, how to check a figure."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from qamtu.service.pages.render import page
from qamtu.service.pages.static_files import router as static_router

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
router.include_router(static_router)


@router.get("/about")
def about(request: Request) -> Response:
    """Show what the pages rest on, and how a figure is checked."""
    return page(request, "pages/about.html.j2")
