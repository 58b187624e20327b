"""Every page of the service, in one place: what the browser tests open, and as whom."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PAGES", "Page"]


@dataclass(frozen=True)
class Page:
    """One page.

    ``path`` may hold ``{plan}`` and the like, which `tests/service/browser/conftest.py` fills.
    ``role`` is who opens it; ``map`` is True where it draws a map (opened without WebGL, so that
    the page must also work there); ``status`` is what the server answers.
    """

    path: str
    role: str = "public"
    map: bool = False
    status: int = 200


PAGES = (
    Page("/"),
    Page("/?light=grey&sort=gap"),
    Page("/?region=KAZ001&true_on=2026-06-01&known_at=2026-10-01"),
    Page("/commitments/villages-fibre"),
    Page("/commitments/villages-fibre", role="auditor"),
    Page("/regions"),
    Page("/regions/KAZ001"),
    Page("/about"),
    Page("/reports"),
    Page("/reports", role="ministry"),
    Page("/no-such-page", status=404),
    Page("/map", map=True),
    Page("/settlements"),
    Page("/settlements?q=Aksu"),
    Page("/compare"),
    Page("/sign-in"),
    Page("/account", role="ministry"),
    Page("/jobs", role="ministry"),
    Page("/jobs/start/plan", role="ministry"),
    Page("/uploads", role="akimat"),
    Page("/file-evidence", role="akimat"),
    Page("/review", role="ministry"),
    Page("/admin", role="admin"),
    Page("/admin", role="akimat", status=403),
)
"""Append the pages of your part: one line each."""
