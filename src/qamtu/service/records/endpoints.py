"""All endpoints of the records."""

from __future__ import annotations

from fastapi import APIRouter

from qamtu.service.records import changing, exporting, reading

__all__ = ["router"]

router = APIRouter()
for _part in (exporting, reading, changing):
    router.include_router(_part.router)
