"""The API's word on who asks: ``GET /api/v1/account``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from qamtu.service.accounts.current import Principal, principal

__all__ = ["Asker", "router"]

router = APIRouter(prefix="/api/v1", tags=["accounts"])


class Asker(BaseModel):
    """Who asks, as the service understands it."""

    id: str
    role: str
    region: str | None
    organisation: str | None
    scopes: list[str] | None


@router.get("/account", summary="Who asks")
def asker(who: Annotated[Principal, Depends(principal)]) -> Asker:
    """Say who the request is taken to come from: an account, or the public."""
    return Asker(
        id=who.id,
        role=who.role,
        region=who.region,
        organisation=who.organisation,
        scopes=None if who.scopes is None else sorted(who.scopes),
    )
