"""Which resources the service offers: one line each."""

from __future__ import annotations

from fastapi import APIRouter

__all__ = ["ROUTERS"]

ROUTERS: tuple[APIRouter, ...] = ()
"""Routers in the order in which their paths are tried."""
