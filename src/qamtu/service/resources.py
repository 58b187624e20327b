"""Which resources the service offers: one line each."""

from __future__ import annotations

from fastapi import APIRouter

from qamtu.service.pages.endpoints import router as pages

__all__ = ["ROUTERS"]

ROUTERS: tuple[APIRouter, ...] = (pages,)
"""Routers in the order in which their paths are tried."""
