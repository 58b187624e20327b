"""Which resources the service offers: one line each."""

from __future__ import annotations

from fastapi import APIRouter

from qamtu.service.accounts.account_pages import router as account
from qamtu.service.accounts.api import router as account_api
from qamtu.service.accounts.endpoints import router as accounts
from qamtu.service.accounts.oidc_pages import router as providers
from qamtu.service.admin.endpoints import router as admin
from qamtu.service.board.endpoints import router as board
from qamtu.service.compare.endpoints import router as compare
from qamtu.service.exchange.endpoints import router as exchange
from qamtu.service.health.endpoints import router as health
from qamtu.service.jobs.endpoints import router as jobs
from qamtu.service.jobs.pages import router as job_pages
from qamtu.service.log.endpoints import router as log
from qamtu.service.mapview.endpoints import router as mapview
from qamtu.service.pages.endpoints import router as pages
from qamtu.service.plans.endpoints import router as plans
from qamtu.service.records.endpoints import router as records
from qamtu.service.reports.endpoints import router as reports
from qamtu.service.settlements.endpoints import router as settlements
from qamtu.service.tiles.endpoints import router as tiles
from qamtu.service.uploads.endpoints import router as uploads
from qamtu.service.uploads.pages import router as upload_pages

__all__ = ["ROUTERS"]

ROUTERS: tuple[APIRouter, ...] = (
    health,
    records,
    pages,
    board,
    log,
    accounts,
    account,
    account_api,
    admin,
    providers,
    plans,
    tiles,
    mapview,
    settlements,
    compare,
    exchange,
    reports,
    jobs,
    job_pages,
    uploads,
    upload_pages,
)
"""Routers in the order in which their paths are tried."""
