"""``/healthz`` for whoever restarts the service, ``/metrics`` for Prometheus."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from qamtu import __version__
from qamtu.service.accounts.current import principal
from qamtu.service.database.engine import reading
from qamtu.service.health.checks import examine
from qamtu.service.jobs import repository as jobs
from qamtu.service.log import repository as log
from qamtu.service.policies import Resource, require
from qamtu.service.state import state_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz(request: Request) -> Response:
    """Say whether the service is well: 200, or 503 with what is wrong."""
    found = examine(state_of(request))
    well = all(said == "ok" for said in found.values())
    content = {"status": "ok" if well else "failing", "version": __version__, "checks": found}
    return JSONResponse(content, 200 if well else 503, {"Cache-Control": "no-store"})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Give the measures to this machine and to those who may read the settings."""
    state = state_of(request)
    if not _local(request):
        require(principal(request), "read_admin", Resource("settings"))
    with reading(state.sessions) as session:
        entries, by_state = log.size(session), jobs.counts(session)
    text = state.measures.text(
        {("qamtu_log_entries", "Entries of the log."): entries},
        {("qamtu_jobs", "Jobs by state.", "state"): {s.value: n for s, n in by_state.items()}},
    )
    return Response(text, headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE_LATEST)


def _local(request: Request) -> bool:
    """Whether the reader sits on this machine; what came through an unknown proxy does not."""
    if request.client is None:
        return False
    trusted = bool(state_of(request).settings.trusted_proxies)
    if "x-forwarded-for" in request.headers and not trusted:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
